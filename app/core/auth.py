"""Signing in and out, and the devices that are signed in."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from supabase import AsyncClient

from app.core.clock import Clock, SystemClock
from app.core.db import Db
from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.core.http import Backend
from app.core.ids import hash_cookie, is_cookie, new_cookie
from app.core.seal import Seal
from app.core.tokens import Scope, Tokens, renew, revoke, sign_in
from app.core.vault import Kept, Vault

MOST_DEVICES = 4096


class Device:
    """One signed-in browser: who it is, and their own door to the data."""

    def __init__(self, vault: Vault, cookie_hash: str, kept: Kept) -> None:
        self.cookie_hash = cookie_hash
        self.user_id = kept.user_id
        self.person_id = kept.person_id
        self.expires_at: datetime = kept.expires_at
        self.db = Db(self.client)
        self._vault = vault
        self._renewal: asyncio.Task[None] | None = None
        self._take(kept.tokens)

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
                self._renewal.add_done_callback(_noticed)
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


class Devices:
    """The signed-in devices this process has met, at most `capacity` of them at hand.

    Forgetting one is always safe: the next `open` reads its row again.
    """

    def __init__(
        self,
        backend: Backend,
        seal: Seal,
        *,
        clock: Clock | None = None,
        capacity: int = MOST_DEVICES,
    ) -> None:
        self._vault = Vault(backend, seal, clock or SystemClock())
        self._capacity = capacity
        self._at_hand: OrderedDict[str, Device] = OrderedDict()
        self._opening: dict[str, asyncio.Task[Device]] = {}

    def __len__(self) -> int:
        return len(self._at_hand)

    async def sign_in(
        self,
        email: str,
        password: str,
        *,
        label: str,
        days: int = 30,
        first: Callable[[Db], Awaitable[None]] | None = None,
    ) -> tuple[str, Device]:
        """(cookie value, device) of a new sign-in that lasts `days`; `label` names the browser.

        `first` is what the sign-in itself must do before it belongs to a person; when it raises,
        nobody is signed in. Raises `NotAllowed("wrong_secret")` for whatever is wrong with the
        pair, and `NotAllowed("too_many_tries")`.
        """
        vault = self._vault
        try:
            tokens = await sign_in(vault.backend, vault.clock, email, password)
        except (NotAllowed, Invalid) as error:
            if error.code == "too_many_tries":
                raise
            raise NotAllowed("wrong_secret") from error
        cookie = new_cookie()
        cookie_hash = hash_cookie(cookie)
        try:
            if first is not None:
                await first(vault.door(tokens))
            await vault.keep(cookie_hash, tokens, label, days)
            kept = await vault.read(cookie_hash)
        except AppError as error:
            with contextlib.suppress(AppError):
                await vault.close(cookie_hash)
                await revoke(vault.backend, tokens, "local")
            if isinstance(error, NotAllowed):
                # A machine account, or one that belongs to no person.
                raise NotAllowed("wrong_secret") from error
            raise
        return cookie, self._put(Device(vault, cookie_hash, kept))

    async def open(self, cookie: str) -> Device:
        """The device behind a cookie's value; `NotAllowed("signed_out")` when there is none."""
        if not is_cookie(cookie):
            raise NotAllowed("signed_out")
        cookie_hash = hash_cookie(cookie)
        device = self._at_hand.get(cookie_hash)
        if device is not None and device.expires_at > self._vault.clock.now():
            self._at_hand.move_to_end(cookie_hash)
            return device
        opening = self._opening.get(cookie_hash)
        if opening is None:
            opening = asyncio.create_task(self._open(cookie_hash))
            opening.add_done_callback(_noticed)
            self._opening[cookie_hash] = opening
        return await asyncio.shield(opening)

    def at_hand(self, cookie_hash: str) -> Device:
        """A device that was opened before, by its hash; `NotAllowed("signed_out")` when it is
        not at hand (any more), and only its cookie can open it again."""
        device = self._at_hand.get(cookie_hash)
        if device is None:
            raise NotAllowed("signed_out")
        return device

    async def sign_out(self, device: Device, scope: Scope) -> None:
        """Signs this device out, the person's other devices, or all; every process hears of it.

        Everything possible is done before an `Unreachable` is raised.
        """
        vault = self._vault
        tokens: Tokens | None = None
        with contextlib.suppress(AppError):
            tokens = await device.tokens()
        for cookie_hash in self._meant(device, scope):
            self.forget(cookie_hash)
        try:
            if scope == "local":
                await vault.close(device.cookie_hash)
            else:
                await device.db.rpc(
                    "close_devices",
                    cookie_hash=device.cookie_hash,
                    keep_this=scope == "others",
                )
        finally:
            if tokens is not None:
                with contextlib.suppress(AppError):
                    await revoke(vault.backend, tokens, scope)

    def forget(self, cookie_hash: str) -> None:
        """Drops what is at hand about a device; whoever opens it next asks the database."""
        self._at_hand.pop(cookie_hash, None)
        self._opening.pop(cookie_hash, None)

    def of(self, person_id: UUID | None = None) -> list[str]:
        """The cookie hashes of the devices at hand in this process: of one person, or all."""
        return [
            cookie_hash
            for cookie_hash, device in self._at_hand.items()
            if person_id is None or device.person_id == person_id
        ]

    def _meant(self, device: Device, scope: Scope) -> list[str]:
        if scope == "local":
            return [device.cookie_hash]
        mine = {device.cookie_hash} if scope == "others" else set()
        return [cookie_hash for cookie_hash in self.of(device.person_id) if cookie_hash not in mine]

    async def recheck(self, cookie_hash: str) -> bool:
        """Asks the database whether a device is still signed in, and forgets it when it is not.

        To be called on hints of the kinds `device` and `access`.
        """
        try:
            await self._vault.read(cookie_hash)
        except NotAllowed:
            self.forget(cookie_hash)
            return False
        return True

    async def _open(self, cookie_hash: str) -> Device:
        task = asyncio.current_task()
        try:
            kept = await self._vault.read(cookie_hash)
            device = Device(self._vault, cookie_hash, kept)
            await device.client()
            # Forgotten meanwhile: what was read may be outdated, so it is not kept at hand.
            still_wanted = self._opening.get(cookie_hash) is task
            return self._put(device) if still_wanted else device
        finally:
            if self._opening.get(cookie_hash) is task:
                del self._opening[cookie_hash]

    def _put(self, device: Device) -> Device:
        self._at_hand[device.cookie_hash] = device
        while len(self._at_hand) > self._capacity:
            self._at_hand.popitem(last=False)
        return device


def _noticed(task: asyncio.Task[Any]) -> None:
    """Takes note of a failure that nobody may be waiting for any more."""
    if not task.cancelled():
        task.exception()
