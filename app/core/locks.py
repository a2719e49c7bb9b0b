"""What this process knows of the locks of its devices, and how it asks and tells the rows."""

from typing import Literal
from weakref import WeakValueDictionary

from app.core.device import Device
from app.core.errors import NotAllowed
from app.core.vault import Vault

State = Literal["open", "locked", "gone"]
"""Signed in, signed in behind a lock, or signed out."""


class Locks:
    """The half of `Devices` that is about locking."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        # Also those that are forgotten elsewhere while a screen is still drawn for them.
        self._alive: WeakValueDictionary[str, Device] = WeakValueDictionary()

    def forget(self, cookie_hash: str) -> None:
        """Drops what is known about a device; whoever opens it next asks the database."""
        self._alive.pop(cookie_hash, None)

    async def state(self, cookie_hash: str) -> State:
        """Asks the database how it stands with a device, and forgets one that is signed out.

        To be called on hints of the kinds `device` and `access`.
        """
        device = self._alive.get(cookie_hash)
        if device is not None and device.lock.wanted:
            await self._vault.lock(cookie_hash)
            device.lock.wanted = False
        try:
            kept = await self._vault.read(cookie_hash)
        except NotAllowed:
            self.forget(cookie_hash)
            return "gone"
        if device is not None:
            device.lock.learn(kept)
        return "locked" if kept.locked else "open"

    async def locked(self, cookie_hash: str) -> bool:
        """Whether a device is locked. The database is asked only when it seems so here, since
        another process may have seen somebody; `NotAllowed("signed_out")` when it is gone."""
        if not self.seems_locked(cookie_hash):
            return False
        state = await self.state(cookie_hash)
        if state == "gone":
            raise NotAllowed("signed_out")
        return state == "locked"

    def seems_locked(self, cookie_hash: str) -> bool:
        """The same without asking; True for a device that is not at hand."""
        device = self._alive.get(cookie_hash)
        return device is None or device.lock.holds

    async def lock(self, device: Device) -> None:
        """Locks a device, here at once and for every process; idempotent.

        After an `Unreachable` it is locked here, and the database will be told with the next look.
        """
        device.lock.close()
        await self._vault.lock(device.cookie_hash)
        device.lock.wanted = False

    async def unlock(self, device: Device) -> None:
        """Opens a locked device again: call it only after its person has shown who they are."""
        await device.db.rpc("unlock_device", cookie_hash=device.cookie_hash)
        device.lock.open()

    def lock_minutes(self, cookie_hash: str) -> int | None:
        """After how many idle minutes a device locks; None for one that is not at hand."""
        device = self._alive.get(cookie_hash)
        return None if device is None else device.lock_minutes

    def stir(self, cookie_hash: str) -> None:
        """A person did something on a device: its time begins anew."""
        device = self._alive.get(cookie_hash)
        if device is not None:
            device.lock.stir()

    async def note(self, cookie_hash: str) -> None:
        """Tells the other processes, through the row, that somebody was there; now and then."""
        device = self._alive.get(cookie_hash)
        if device is not None and device.lock.due and not device.lock.holds:
            if await self._vault.touch(cookie_hash):
                device.lock.noted()
            else:
                await self.state(cookie_hash)
