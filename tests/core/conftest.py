"""People, machine accounts and connections for tests of the core, on the real local Supabase."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from supabase import AsyncClient

from app.config import Account, Settings
from app.core.auth import Device, Devices
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.http import Backend, open_http
from app.core.machine import MachineClient
from app.core.seal import Seal
from tests.fixtures.supabase import Supabase

PASSWORD = "three quiet words"
KEYS = {"k1": bytes(range(32))}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Coordinator:
    """Somebody who founded an organisation of their own."""

    email: str
    password: str
    name: str
    user_id: UUID


@pytest.fixture
def settings(supabase: Supabase) -> Settings:
    return Settings.read(
        {
            "SUPABASE_URL": supabase.url,
            "SUPABASE_ANON_KEY": supabase.anon_key,
            "SUPABASE_SECRET_KEY": supabase.secret_key,
            "HANDRAIL_SEAL_KEYS": "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        }
    )


@pytest_asyncio.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with open_http(settings.supabase_url) as connections:
        yield connections


@pytest.fixture
def backend(settings: Settings, http: httpx.AsyncClient) -> Backend:
    return Backend(settings.supabase_url, settings.supabase_anon_key, http)


@pytest.fixture
def enrolment(settings: Settings, http: httpx.AsyncClient) -> Enrolment:
    return Enrolment(settings, http)


@pytest.fixture
def seal() -> Seal:
    return Seal(KEYS)


@pytest.fixture
def coordinator(backend: Backend, enrolment: Enrolment) -> Callable[[str], Awaitable[Coordinator]]:
    """Makes a person with this name, who coordinates a new organisation."""

    async def make(name: str) -> Coordinator:
        email = f"coordinator{next(_numbers)}@example.org"
        founds = {
            "name": f"House of {name}",
            "town": "Wien",
            "country": "AT",
            "person_name": name,
            "language": "en",
            "time_zone": "Europe/Vienna",
        }
        user_id = await enrolment.create_user(email, PASSWORD, {"founds": founds})
        signed_in = MachineClient(backend, Account(email, PASSWORD))
        await signed_in.db.rpc("found_organisation")
        await signed_in.close()
        return Coordinator(email, PASSWORD, name, user_id)

    return make


@pytest.fixture
def machine(backend: Backend, enrolment: Enrolment) -> Callable[[str], Awaitable[MachineClient]]:
    """Makes an enlisted machine account of this kind, and signs it in."""

    async def make(kind: str) -> MachineClient:
        account = Account(f"machine{next(_numbers)}@example.org", PASSWORD)
        await enrolment.create_user(account.email, account.password, {"machine": kind})
        client = MachineClient(backend, account)
        assert await client.db.rpc("enlist_machine") == kind
        return client

    return make


@pytest_asyncio.fixture
async def amina(
    backend: Backend, seal: Seal, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> Device:
    """A signed-in coordinator."""
    someone = await coordinator("Amina")
    return (await Devices(backend, seal).sign_in(someone.email, PASSWORD, label="Firefox"))[1]


@pytest_asyncio.fixture
async def ben(
    backend: Backend, seal: Seal, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> Device:
    """A signed-in coordinator of another organisation."""
    someone = await coordinator("Ben")
    return (await Devices(backend, seal).sign_in(someone.email, PASSWORD, label="Firefox"))[1]


def db_of(backend: Backend, token: str | None = None) -> Db:
    """A door to the data with this token, or as nobody."""
    client = backend.client(token)

    async def give() -> AsyncClient:
        return client

    return Db(give)
