"""A machine account that stays signed in by itself, for work that no person does."""

import asyncio

from supabase import AsyncClient

from app.config import Account
from app.core.clock import Clock, SystemClock
from app.core.db import Db
from app.core.errors import AppError, NotAllowed
from app.core.foreign import translated
from app.core.http import Backend
from app.core.logs import Fingerprint
from app.core.tokens import Tokens, renew, revoke, sign_in


class MachineClient:
    """Signs in at the first call, renews its token in time, signs in again when it must.

    Its `db` reaches the `machine_*` functions of its kind and nothing else. Every process signs
    in for itself, so nobody else uses up its refresh token.
    """

    def __init__(self, backend: Backend, account: Account, *, clock: Clock | None = None) -> None:
        self.backend = backend
        self.db = Db(self.client)
        self._account = account
        self._clock = clock or SystemClock()
        self._lock = asyncio.Lock()
        self._signed_in: tuple[Tokens, AsyncClient] | None = None

    async def client(self) -> AsyncClient:
        """A client with a valid token of this account; `NotAllowed("wrong_secret")` if the
        account's password is not that any more."""
        return (await self._current())[1]

    async def tokens(self) -> Tokens:
        """The tokens behind `client()`."""
        return (await self._current())[0]

    async def auth_answers(self) -> bool:
        """Whether Supabase Auth knows this account's session now. Raises `AppError`."""
        tokens, client = await self._current()
        with translated():
            return await client.auth.get_user(tokens.access) is not None

    async def report(self, mark: Fingerprint) -> None:
        """Counts a fault in the table of errors: fingerprint, type and place, never its text."""
        await self.db.rpc(
            "machine_report_error", fingerprint=mark.id, code=mark.code, place=mark.place
        )

    async def close(self) -> None:
        """Ends the Auth session, as far as that is possible."""
        signed_in, self._signed_in = self._signed_in, None
        if signed_in is not None:
            try:
                await revoke(self.backend, signed_in[0], "local")
            except AppError:
                return

    async def _current(self) -> tuple[Tokens, AsyncClient]:
        async with self._lock:
            if self._signed_in is None or not self._signed_in[0].fresh(self._clock):
                tokens = await self._renewed()
                self._signed_in = tokens, self.backend.client(tokens.access)
            return self._signed_in

    async def _renewed(self) -> Tokens:
        if self._signed_in is not None:
            try:
                return await renew(self.backend, self._clock, self._signed_in[0].refresh)
            except NotAllowed:
                self._signed_in = None
        return await sign_in(self.backend, self._clock, *self._account)
