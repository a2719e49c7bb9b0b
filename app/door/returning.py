"""How somebody who joined before gets back in by a code, and proves that it is them."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.auth import Device
from app.core.bindings import Opened
from app.core.clock import Clock, SystemClock
from app.core.db import Db, open_as
from app.core.errors import NotAllowed, NotFound
from app.core.http import Backend
from app.core.tokens import revoke, sign_in
from app.door.joining import Invitation, Joining, Wish
from app.people.notices import Notices


class Addresses(Protocol):
    """Who knows the address of a sign-in."""

    async def email_of(self, user_id: UUID) -> str: ...


class Returning(Joining):
    """The way back in: a second sign-in for a person who has one. See `Joining`."""

    async def invitation(self, code: str) -> Invitation | None:
        """Where the code leads back to; None for a code that is wrong, used or expired."""
        found = await self._nobody.rpc("back_page", code=code)
        return Invitation(**found) if found else None

    async def other(self, code: str) -> str | None:
        """The page for this code when it is one to join with."""
        return f"/join/{code}" if await self._nobody.rpc("join_page", code=code) else None

    async def _claim(self, db: Db, code: str) -> None:
        await db.rpc("claim_return", code=code)

    async def _introduce(self, device: Device, wish: Wish) -> None:
        """Whoever gets back in has a name and a language already."""


class Proving:
    """An old way in proves that a new sign-in is the same person's; raises `AppError`s only."""

    def __init__(self, backend: Backend, addresses: Addresses, clock: Clock | None = None) -> None:
        self._backend = backend
        self._addresses = addresses
        self._clock = clock or SystemClock()

    async def waits_until(self, device: Device) -> datetime | None:
        """When this device's sign-in sees everything by itself; None if it does already."""
        return (await Notices(device.db).told()).waits_until

    async def by_passphrase(self, device: Device, passphrase: str) -> None:
        """See everything from now on, if this is the passphrase of an old sign-in.

        Raises `NotAllowed` with `wrong_secret`, or `too_many_tries` after five in an hour.
        """
        for user in await device.db.rpc("begin_proof"):
            email = await self._addresses.email_of(UUID(user))
            if await self._opens(email, passphrase, device):
                return
        raise NotAllowed("wrong_secret")

    async def by_old_device(self, device: Device, opened: Opened) -> bool:
        """See everything from now on, if what a PIN or pictures opened in this browser is an old
        sign-in of the same person; False if it is not."""
        if opened.secret is None:
            return False
        try:
            return await self._opens(opened.email, opened.secret, device)
        except NotFound:
            return False

    async def _opens(self, email: str, secret: str, device: Device) -> bool:
        try:
            old = await sign_in(self._backend, self._clock, email, secret)
        except NotAllowed as error:
            if error.code != "wrong_secret":
                raise
            return False
        try:
            await open_as(self._backend, old.access).rpc("vouch_for", user=str(device.user_id))
        finally:
            await revoke(self._backend, old, "local")
        return True
