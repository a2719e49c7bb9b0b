"""Signing in and out, and the devices that are signed in."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from app.core.clock import Clock, SystemClock
from app.core.db import Db
from app.core.device import Device, noticed
from app.core.errors import AppError, Invalid, NotAllowed
from app.core.http import Backend
from app.core.ids import hash_cookie, is_cookie, new_cookie
from app.core.locks import Locks, State
from app.core.seal import Seal
from app.core.tokens import Scope, Tokens, revoke, sign_in
from app.core.vault import Vault

__all__ = ["Device", "Devices", "State"]

MOST_DEVICES = 4096


class Devices(Locks):
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
        super().__init__(Vault(backend, seal, clock or SystemClock()))
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
        shared: bool = False,
        first: Callable[[Db], Awaitable[None]] | None = None,
    ) -> tuple[str, Device]:
        """(cookie value, device) of a new sign-in that lasts `days`; `label` names the browser.

        A `shared` one locks after one minute and is signed out when nobody used it for fifteen.
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
            await vault.keep(cookie_hash, tokens, label, days, shared=shared)
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
            opening.add_done_callback(noticed)
            self._opening[cookie_hash] = opening
        return await asyncio.shield(opening)

    def at_hand(self, cookie_hash: str) -> Device:
        """A device that was opened before, by its hash; `NotAllowed("signed_out")` when it is
        not at hand (any more), and only its cookie can open it again."""
        device = self._alive.get(cookie_hash)
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
        super().forget(cookie_hash)
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

    async def prove(self, device: Device, password: str) -> None:
        """Returns when this is the secret of the device's owner; leaves no session behind.

        Raises what `sign_in` raises.
        """
        vault = self._vault
        try:
            tokens = await sign_in(vault.backend, vault.clock, device.email, password)
        except (NotAllowed, Invalid) as error:
            if error.code == "too_many_tries":
                raise
            raise NotAllowed("wrong_secret") from error
        with contextlib.suppress(AppError):
            await revoke(vault.backend, tokens, "local")

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
        self._at_hand[device.cookie_hash] = self._alive[device.cookie_hash] = device
        while len(self._at_hand) > self._capacity:
            self._at_hand.popitem(last=False)
        return device
