"""Sign-ins that a command makes with the secret key: machine accounts, founders, the demo."""

import contextlib
import json
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import UUID

from app.config import Account, Settings
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.files import Files
from app.core.http import Backend, open_http
from app.core.machine import MachineClient
from app.door.entering import address_of

MACHINE_KINDS = ("live", "jobs")


class SignIns:
    """Makes sign-ins and uses them. What a sign-in may do is settled by its own functions."""

    def __init__(
        self, enrolment: Enrolment, backend: Backend, login_domain: str, origin: str
    ) -> None:
        self._enrolment = enrolment
        self.origin = origin
        self._backend = backend
        self._login_domain = login_domain

    async def create_user(
        self, email: str, password: str, app_metadata: Mapping[str, object]
    ) -> UUID:
        """A new sign-in; raises `Conflict("already_there")`."""
        return await self._enrolment.create_user(email, password, app_metadata)

    async def signed_in(self, email: str, password: str) -> Db:
        """The data as this sign-in sees it."""
        account = MachineClient(self._backend, Account(email, password))
        await account.client()
        return account.db

    async def files(self, email: str, password: str, bucket: str) -> Files:
        """The files of this bucket as this sign-in may use them."""
        return Files(MachineClient(self._backend, Account(email, password)).client, bucket)

    async def invite(self, email: str, link: str) -> None:
        """Have Auth write to this address; raises `Conflict("already_there")`."""
        await self._enrolment.invite(email, link)

    async def withdraw(self, user_id: UUID) -> None:
        """Remove a sign-in that belongs to nobody."""
        await self._enrolment.withdraw(user_id)

    def email_of(self, login: str) -> str:
        """What Auth calls the person whom the sign-in page calls `login`."""
        return address_of(login, self._login_domain)

    async def create_machine(self, kind: str) -> str:
        """A new machine account of this kind, as `email:password` for the settings."""
        email = f"{kind}-{secrets.token_hex(6)}@machines.invalid"
        password = secrets.token_urlsafe(32)
        await self.create_user(email, password, {"machine": kind})
        await (await self.signed_in(email, password)).rpc("enlist_machine")
        return f"{email}:{password}"


@contextlib.asynccontextmanager
async def open_sign_ins(settings: Settings) -> AsyncIterator[SignIns]:
    """Raises `NotAllowed("secret_key_missing")` when the settings have no secret key."""
    async with open_http(settings.supabase_url) as http:
        backend = Backend(settings.supabase_url, settings.supabase_anon_key, http)
        enrolment = Enrolment(settings, http)
        yield SignIns(enrolment, backend, settings.login_domain, settings.origin[0])


def keep_private(file: Path, content: object) -> None:
    """Write JSON that only this user can read, as a whole or not at all."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(file)
