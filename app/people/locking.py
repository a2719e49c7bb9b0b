"""What people can do about the lock of the device they sit at."""

from app.core.db import Db


class Locking:
    """The verbs, for one signed-in device. Every method may raise `AppError`."""

    def __init__(self, db: Db, device_hash: str) -> None:
        self._db = db
        self._device = device_hash

    async def set_lock(self, minutes: int) -> int:
        """Lock this device after so many minutes without use; returns what holds from now on.

        On a shared device that stays 1. `Invalid("minutes_not_valid")` outside of 1 to 30.
        """
        holds: int = await self._db.rpc("set_lock", cookie_hash=self._device, minutes=minutes)
        return holds
