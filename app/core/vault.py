"""Where the tokens of signed-in devices lie: sealed, in a row that only the cookie's hash finds.

The row is the only truth. Tokens are renewed from it and written back to it by version, so that
any number of processes may serve one device without using up each other's refresh token.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.clock import Clock
from app.core.db import Db, open_as, open_to_all
from app.core.errors import NotAllowed, Unexpected, Unreachable
from app.core.http import Backend
from app.core.logs import log_fault
from app.core.seal import Seal
from app.core.tokens import Tokens


class Kept(NamedTuple):
    """A device as its row tells it; `version` counts the renewals of its tokens."""

    user_id: UUID
    person_id: UUID
    tokens: Tokens
    version: int
    expires_at: datetime
    shared: bool
    lock_minutes: int
    locked: bool
    idle_seconds: int


class Vault:
    """Reads and writes device rows; raises `AppError`s only."""

    def __init__(self, backend: Backend, seal: Seal, clock: Clock) -> None:
        self.backend = backend
        self.clock = clock
        self._seal = seal
        self._open_to_all = open_to_all(backend)

    async def read(self, cookie_hash: str) -> Kept:
        """The device behind a cookie; `NotAllowed("signed_out")` when there is none (any more),
        `Unreachable("key_missing")` when this process lacks the key that sealed it."""
        row = await self._open_to_all.rpc("open_device", cookie_hash=cookie_hash)
        if row is None:
            raise NotAllowed("signed_out")
        try:
            tokens = Tokens.load(self._seal.open(row["sealed"], _context(cookie_hash)))
        except Unexpected as error:
            if error.code == "seal_key_missing":
                # Another process may have the key: a setting is wrong here, nobody is signed out.
                log_fault("device_key_missing", error)
                raise Unreachable("key_missing") from error
            # Somebody changed it: nobody can ever use this row again.
            log_fault("device_unreadable", error)
            await self.close(cookie_hash)
            raise NotAllowed("signed_out") from error
        if row["person_id"] is None:
            raise NotAllowed("signed_out")
        return Kept(
            UUID(row["user_id"]),
            UUID(row["person_id"]),
            tokens,
            int(row["version"]),
            datetime.fromisoformat(row["expires_at"]),
            bool(row["shared"]),
            int(row["lock_minutes"]),
            bool(row["locked"]),
            int(row["idle_seconds"]),
        )

    async def keep(
        self, cookie_hash: str, tokens: Tokens, label: str, days: int, *, shared: bool
    ) -> None:
        """A new row for a device that was just signed in; ends by itself after `days`."""
        await self.door(tokens).rpc(
            "keep_device",
            cookie_hash=cookie_hash,
            sealed=self._seal.seal(tokens.dump(), _context(cookie_hash)),
            label=label,
            days=days,
            shared=shared,
        )

    async def replace(self, cookie_hash: str, tokens: Tokens, version: int) -> None:
        """New tokens in place of those that were read at `version`.

        Raises `Conflict("device_changed")` when another process was faster.
        """
        sealed = self._seal.seal(tokens.dump(), _context(cookie_hash))
        await self.door(tokens).rpc(
            "renew_device", cookie_hash=cookie_hash, sealed=sealed, version=version
        )

    async def close(self, cookie_hash: str) -> None:
        """Ends the device; every process hears of it."""
        await self._open_to_all.rpc("close_device", cookie_hash=cookie_hash)

    async def lock(self, cookie_hash: str) -> None:
        """Locks the device; every process hears of it."""
        await self._open_to_all.rpc("lock_device", cookie_hash=cookie_hash)

    async def touch(self, cookie_hash: str) -> bool:
        """Notes that a person did something there; False when it is locked or gone by now."""
        return bool(await self._open_to_all.rpc("touch_device", cookie_hash=cookie_hash))

    def door(self, tokens: Tokens) -> Db:
        """The data as the owner of these tokens sees it, for as long as they are fresh."""
        return open_as(self.backend, tokens.access)


def _context(cookie_hash: str) -> str:
    return f"device:{cookie_hash}"
