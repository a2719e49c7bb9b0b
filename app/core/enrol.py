"""The only holder of the project's secret key, and for Auth alone.

It makes and changes sign-ins. What a sign-in may see is decided by rows that a person's own
functions write, with their audit row; nothing here can read or write a table or a file.
"""

from collections.abc import Mapping
from uuid import UUID

import httpx
from supabase_auth.types import AuthResponse

from app.config import Settings
from app.core.errors import NotAllowed
from app.core.foreign import translated
from app.core.http import Backend


class Enrolment:
    """Creates sign-ins with the secret key of the settings; raises `AppError`s only."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        if settings.supabase_secret_key is None:
            raise NotAllowed("secret_key_missing")
        backend = Backend(settings.supabase_url, settings.supabase_secret_key, http)
        # Of the client only this part is kept: it reaches Auth and nothing else.
        self._admin = backend.client().auth.admin

    async def create_user(
        self, email: str, password: str, app_metadata: Mapping[str, object] | None = None
    ) -> UUID:
        """A new confirmed sign-in; `Conflict("already_there")` if the address has one.

        `app_metadata` is what only the secret key can write: what the sign-in may found or be.
        """
        with translated():
            answer = await self._admin.create_user(
                {
                    "email": email,
                    "password": password,
                    "email_confirm": True,
                    "app_metadata": dict(app_metadata or {}),
                }
            )
        return UUID(answer.user.id)

    async def invite(self, email: str, link: str) -> None:
        """Have Auth write to this address; its text adds the token to `link`.

        An earlier mail to the same address stops working. `Conflict("already_there")` if somebody
        has come in with it: then no mail is written.
        """
        with translated():
            await self._admin.invite_user_by_email(email, {"redirect_to": link})

    async def withdraw(self, user_id: UUID) -> None:
        """Remove a sign-in that belongs to nobody, as the database has named it."""
        with translated():
            await self._admin.delete_user(str(user_id))

    async def email_of(self, user_id: UUID) -> str:
        """The address of a sign-in, to try a secret with; never to be shown to anybody."""
        with translated():
            answer = await self._admin.get_user_by_id(str(user_id))
        return answer.user.email or ""

    async def set_password(self, user_id: UUID, password: str) -> None:
        """A new password in place of the old one, which signs out every device of that sign-in."""
        with translated():
            await self._admin.update_user_by_id(str(user_id), {"password": password})


class Forwarding:
    """Signs people in with the secret key, so that Auth counts tries by the visitor's address.

    Hosted Auth believes `Sb-Forwarded-For` only from a secret key, and only where the project has
    "IP address forwarding" switched on; elsewhere it counts by our own address as before.
    """

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        if settings.supabase_secret_key is None:
            raise NotAllowed("secret_key_missing")
        self._backend = Backend(settings.supabase_url, settings.supabase_secret_key, http)

    async def sign_in(self, email: str, password: str, address: str) -> AuthResponse:
        """The session of this pair, asked for by the visitor at `address`; errors are Auth's."""
        client = self._backend.client(more={"Sb-Forwarded-For": address})
        return await client.auth.sign_in_with_password({"email": email, "password": password})
