"""Signed-in people in front of the real app on the real local Supabase."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import flet as ft
import pytest
import pytest_asyncio
from flet.messaging.session import Session

from app.core.auth import Device, Devices
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.live import LiveHub
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.design.guard import hide_tracebacks
from app.design.session import AppSession, Live
from app.home.main import open_app
from app.people.actions import People
from app.people.model import Home
from tests.fixtures.people import PASSWORD, Coordinator
from tests.ui.bare import Bell
from tests.ui.harness import Visitor


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    """Hints without the pause that gathers them."""
    monkeypatch.setattr("app.core.hints.COALESCE_SECONDS", 0.0)
    return Bell()


@pytest.fixture
def tracebacks_hidden() -> Iterator[None]:
    """The server's guard around all of Flet, for the length of a test."""
    crash = Session.error
    hide_tracebacks()
    yield
    Session.error = crash  # type: ignore[method-assign]


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

    def begin(self, live: Live) -> Callable[[ft.Page], None]:
        """What the server does when this device opens a socket."""
        return lambda page: open_app(
            page,
            AppSession(
                db=self.device.db,
                t=Translator("en"),
                person_id=self.device.person_id,
                device_hash=self.device.cookie_hash,
                live=live,
                navigate=page.navigate,
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
