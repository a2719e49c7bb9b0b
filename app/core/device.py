"""One signed-in browser: whose it is, their door to the data, and whether it is locked."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

from supabase import AsyncClient

from app.core.clock import Clock
from app.core.db import Db
from app.core.errors import Conflict, NotAllowed
from app.core.tokens import Tokens, renew
from app.core.vault import Kept, Vault

_MOST_BETWEEN_NOTES = timedelta(minutes=1)


class Lock:
    """What this process knows of a device's lock; the row knows what other processes saw.

    `wanted` is a lock that the database was not told of yet.
    """

    def __init__(self, clock: Clock, kept: Kept) -> None:
        self._clock = clock
        self.wanted = False
        self._noted_at = self._active_at = datetime.min.replace(tzinfo=UTC)
        self.learn(kept)

    def learn(self, kept: Kept) -> None:
        """Takes over what the row says, and what is newer here stays."""
        self.minutes = kept.lock_minutes
        self.closed = kept.locked or self.wanted
        self._noted_at = self._clock.now() - timedelta(seconds=kept.idle_seconds)
        self._active_at = max(self._active_at, self._noted_at)

    @property
    def holds(self) -> bool:
        """Whether the device is locked, as far as this process knows: by a word or by time."""
        return self.closed or self._clock.now() - self._active_at > timedelta(minutes=self.minutes)

    def close(self) -> None:
        self.closed = self.wanted = True

    def open(self) -> None:
        self.closed = self.wanted = False
        self._noted_at = self._active_at = self._clock.now()

    def stir(self) -> None:
        """A person did something; without any meaning once it is locked."""
        if not self.holds:
            self._active_at = self._clock.now()

    @property
    def due(self) -> bool:
        """Whether the row should hear of what was done: once a minute, for a short lock sooner,
        else another process would think nobody was there."""
        pause = min(_MOST_BETWEEN_NOTES, timedelta(minutes=self.minutes) / 4)
        return self._active_at > self._noted_at and self._clock.now() - self._noted_at >= pause

    def noted(self) -> None:
        self._noted_at = self._clock.now()


class Device:
    """One signed-in browser: who it is, and their own door to the data."""

    def __init__(self, vault: Vault, cookie_hash: str, kept: Kept) -> None:
        self.cookie_hash = cookie_hash
        self.user_id = kept.user_id
        self.person_id = kept.person_id
        self.expires_at: datetime = kept.expires_at
        self.shared = kept.shared
        self.lock = Lock(vault.clock, kept)
        self.db = Db(self.client)
        self._vault = vault
        self._renewal: asyncio.Task[None] | None = None
        self._take(kept.tokens)

    @property
    def email(self) -> str:
        """The address Auth knows this sign-in by."""
        return self._tokens.email

    @property
    def lock_minutes(self) -> int:
        """After how many idle minutes it locks."""
        return self.lock.minutes

    async def client(self) -> AsyncClient:
        """A client with a valid token of this person, made anew when the token was renewed.

        Do not keep it longer than for one call. Raises `NotAllowed("signed_out")` when the
        session has ended.
        """
        if not self._tokens.fresh(self._vault.clock):
            # A task of its own: whoever waits may be cancelled, a half-done renewal may not.
            if self._renewal is None:
                self._renewal = asyncio.create_task(self._renew())
                self._renewal.add_done_callback(self._renewed)
                self._renewal.add_done_callback(noticed)
            await asyncio.shield(self._renewal)
        return self._client

    async def tokens(self) -> Tokens:
        """The tokens behind `client()`."""
        await self.client()
        return self._tokens

    def _take(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._client = self._vault.backend.client(tokens.access)

    def _renewed(self, _: asyncio.Task[None]) -> None:
        self._renewal = None

    async def _renew(self) -> None:
        vault, tried = self._vault, 0
        while True:
            kept = await vault.read(self.cookie_hash)
            if kept.tokens.fresh(vault.clock):
                # Another process was faster; its token is as good.
                return self._take(kept.tokens)
            if kept.version == tried:
                await vault.close(self.cookie_hash)
                raise NotAllowed("signed_out")
            tried = kept.version
            # Refused: either another process used this token up and the row has a newer one by
            # now, or the session is dead and the row still has the same.
            with contextlib.suppress(Conflict, NotAllowed):
                tokens = await renew(vault.backend, vault.clock, kept.tokens.refresh)
                await vault.replace(self.cookie_hash, tokens, kept.version)
                return self._take(tokens)


def noticed(task: asyncio.Task[Any]) -> None:
    """Takes note of a failure that nobody may be waiting for any more."""
    if not task.cancelled():
        task.exception()
