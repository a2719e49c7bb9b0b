"""Signed-in people in front of the real app on the real local Supabase."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import flet as ft
import pytest
import pytest_asyncio
from flet.controls import object_patch
from flet.messaging import protocol
from flet.messaging.session import Session

from app.core.auth import Device, Devices
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.live import LiveHub
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.core.translation import TranslationProvider
from app.design.guard import hide_tracebacks
from app.design.look import Look
from app.design.session import AppSession, Live, Post
from app.design.sparing import spare_flet
from app.home.main import open_app
from app.people.actions import People
from app.people.model import Home
from tests.fixtures.people import KEYS, PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase
from tests.ui.bare import Bell
from tests.ui.harness import Visitor


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    """Hints without the pause that gathers them."""
    monkeypatch.setattr("app.core.hints.COALESCE_SECONDS", 0.0)
    return Bell()


@pytest.fixture
def tracebacks_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's guard around all of Flet, for the length of a test."""
    monkeypatch.setattr(Session, "error", Session.error)
    hide_tracebacks()


@pytest.fixture(autouse=True)
def flet_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flet walks as it does in the server, for the length of a test."""
    for place, name in ((object_patch, "DiffBuilder"), (protocol, "_get_root_dataclass_field")):
        monkeypatch.setattr(place, name, getattr(place, name))
    spare_flet()


@pytest_asyncio.fixture(autouse=True)
async def everybody_leaves() -> AsyncIterator[None]:
    """No session outlives its test: its loads would end with the event loop, half done."""
    yield
    await Visitor.all_leave()


@dataclass(frozen=True)
class Account:
    """A person who can sign in, and one device on which they did."""

    who: Coordinator
    device: Device

    @property
    def people(self) -> People:
        """Their verbs, as another process or device of theirs would call them."""
        return People(self.device.db, self.device.cookie_hash)

    async def home(self) -> Home:
        return await self.people.home()

    def begin(
        self,
        live: Live,
        look: Look | None = None,
        post: Post | None = None,
        translator: TranslationProvider | None = None,
    ) -> Callable[[ft.Page], None]:
        """What the server does when this device opens a socket."""
        return lambda page: open_app(
            page,
            AppSession(
                db=self.device.db,
                seal=Seal(KEYS),
                t=Translator("en"),
                person_id=self.device.person_id,
                device_hash=self.device.cookie_hash,
                live=live,
                navigate=page.navigate,
                origin="http://app.example",
                look=look or Look(),
                post=post,
                translator=translator,
            ),
        )


MakeAccount = Callable[[str], Awaitable[Account]]


@pytest_asyncio.fixture
async def account(
    backend: Backend, seal: Seal, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> AsyncIterator[MakeAccount]:
    """Makes a coordinator of an organisation of their own and signs them in."""
    devices = Devices(backend, seal)

    async def make(name: str) -> Account:
        who = await coordinator(name)
        _, device = await devices.sign_in(who.email, PASSWORD, label="Firefox")
        return Account(who, device)

    yield make
    # Before the connections close, which an autouse fixture would come too late for.
    await Visitor.all_leave()


@pytest_asyncio.fixture
async def hub(machine: Callable[[str], Awaitable[MachineClient]]) -> AsyncIterator[LiveHub]:
    """The hints of the real database, through Realtime."""
    live = LiveHub(await machine("live"))
    await live.start()
    yield live
    await live.stop()


@pytest.fixture
def key_worker(account: MakeAccount, supabase: Supabase) -> MakeAccount:
    """Makes a key worker of an organisation of their own, trained and checked."""

    async def make(name: str) -> Account:
        made = await account(name)
        supabase.execute(
            "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
            " select m.person_id, m.organisation_id, 'key_worker', current_date + 30"
            " from public.memberships as m where m.person_id = %s and m.role = 'coordinator'",
            made.device.person_id,
        )
        await _work_as(made, "key_worker")
        return made

    return make


async def _work_as(account: Account, role: str) -> None:
    places = (await account.home()).memberships
    await account.people.choose_membership(next(each.id for each in places if each.role == role))


@dataclass(frozen=True)
class Joins:
    """Lets somebody come in, or back in, with a code, past the pages."""

    enrolment: Enrolment
    devices: Devices

    async def __call__(self, code: str, login: str, how: str = "claim_person") -> Device:
        await self.enrolment.create_user(f"{login}@people.invalid", PASSWORD)

        async def claim(db: Db) -> None:
            await db.rpc(how, code=code)

        _, device = await self.devices.sign_in(
            f"{login}@people.invalid", PASSWORD, label="Phone", first=claim
        )
        return device


@pytest.fixture
def joins(enrolment: Enrolment, backend: Backend, seal: Seal) -> Joins:
    return Joins(enrolment, Devices(backend, seal))


@pytest.fixture
def young_person(key_worker: MakeAccount, joins: Joins) -> MakeAccount:
    """Makes a young person who has joined and has a key worker of their own, called Samira."""

    async def make(name: str) -> Account:
        samira = await key_worker("Samira")
        active = (await samira.home()).active
        assert active
        added = await samira.people.add_young_person(active.organisation.id, name, "en")
        return Account(samira.who, await joins(added.code, f"young-{added.person_id}"))

    return make
