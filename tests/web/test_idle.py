"""Devices nobody uses: locked in every process, unless one of them saw somebody."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.routing import Router
from websockets.asyncio.client import ClientConnection

from app.core.auth import Device, Devices
from app.core.errors import Unreachable
from app.core.http import Backend
from app.core.seal import Seal
from app.reception import identify
from app.shell.codes import Close
from app.shell.frames import ACTIVE
from app.shell.locking import Locking
from app.shell.visit import Identity
from tests.core.clocks import ShiftedClock
from tests.core.test_device_lock import idle, idle_in_row
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.supabase import Supabase
from tests.web.test_sockets import control, until
from tests.web.wiring import People, Running, closed_with, event, registered, running

Make = Callable[[str], Awaitable[Coordinator]]
MINUTES = 60.0


class Signed(People):
    """The people of the small app, as the database knows them."""

    def __init__(self, devices: Devices) -> None:
        super().__init__()
        self._devices = devices

    async def identify(self, cookie: str) -> Identity | None:
        return await identify(self._devices, cookie)

    def seems_locked(self, cookie_hash: str) -> bool:
        return self._devices.seems_locked(cookie_hash)

    def lock_minutes(self, cookie_hash: str) -> int | None:
        return self._devices.lock_minutes(cookie_hash)

    def stir(self, cookie_hash: str) -> None:
        self._devices.stir(cookie_hash)


@dataclass
class Place:
    """One process, its clock, and Amina's phone in front of it."""

    app: Running
    devices: Devices
    clock: ShiftedClock
    locking: Locking
    cookie: str
    device: Device

    @contextlib.asynccontextmanager
    async def phone(self) -> AsyncIterator[tuple[ClientConnection, str]]:
        async with self.app.browser(self.cookie) as browser:
            yield browser, (await registered(browser))[0]

    async def tap(self, browser: ClientConnection, session_id: str) -> None:
        before = len(self.app.events)
        await browser.send(event(control(self.app, session_id, "tap"), "click"))
        await until(lambda: len(self.app.events) > before)


@pytest.fixture
async def place(backend: Backend, seal: Seal, coordinator: Make) -> AsyncIterator[Place]:
    clock = ShiftedClock()
    devices = Devices(backend, seal, clock=clock)
    amina = await coordinator("Amina")
    cookie, device = await devices.sign_in(amina.email, PASSWORD, label="Phone")
    async with running(people=Signed(devices)) as app:
        app.people.names[device.person_id] = "Amina"
        locking = Locking(devices, app.sockets, clock)
        yield Place(app, devices, clock, locking, cookie, device)


async def test_nobody_there_for_five_minutes_ends_the_screen_and_locks_everywhere(
    place: Place, backend: Backend, seal: Seal, supabase: Supabase
) -> None:
    async with place.phone() as (browser, _):
        place.clock.shift = 4 * MINUTES
        await place.locking.look()
        assert place.app.sockets.counts().sessions == 1

        place.clock.shift = 5 * MINUTES + 1
        idle(supabase, place.device, 5.1)
        await place.locking.look()
        assert await closed_with(browser) == Close.LOCKED
    assert place.app.sockets.counts().sessions == 0
    assert await Devices(backend, seal).state(place.device.cookie_hash) == "locked"
    async with place.app.browser(place.cookie) as browser:
        assert await closed_with(browser) == Close.LOCKED


@pytest.mark.parametrize("word", ["a tap", "a touch that reaches no control"])
async def test_somebody_there_keeps_it_open_and_the_row_hears_of_it(
    place: Place, supabase: Supabase, word: str
) -> None:
    async with place.phone() as (browser, session_id):
        for minutes in (4, 8, 12):
            idle(supabase, place.device, 4)
            place.clock.shift = minutes * MINUTES
            if word == "a tap":
                await place.tap(browser, session_id)
            else:
                await browser.send(bytes([ACTIVE]))
                await until(lambda: place.device.lock.due)
            await place.locking.look()
        assert idle_in_row(supabase, place.device) < MINUTES
        assert place.app.sockets.counts().sessions == 1


async def test_a_connection_that_only_comes_back_is_nobody(
    place: Place, supabase: Supabase
) -> None:
    for minutes in (2, 4):
        place.clock.shift = minutes * MINUTES
        async with place.phone():
            pass
    place.clock.shift = 5 * MINUTES + 1
    idle(supabase, place.device, 5.1)

    async with place.app.browser(place.cookie) as browser:
        assert await closed_with(browser) == Close.LOCKED


async def test_what_another_process_saw_keeps_the_screen(place: Place) -> None:
    async with place.phone() as (browser, session_id):
        # This process saw nobody, the row knows of somebody just now.
        place.clock.shift = 6 * MINUTES
        await place.locking.look()
        await place.tap(browser, session_id)
    assert place.app.events == ["Amina tapped"]


async def test_without_an_answer_from_the_database_the_screen_ends_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch, supabase: Supabase
) -> None:
    async with place.phone() as (browser, _):
        place.clock.shift = 6 * MINUTES
        monkeypatch.setattr(place.devices._vault._open_to_all, "_client", _away)
        await place.locking.look()
        assert await closed_with(browser) == Close.LOCKED


async def test_a_device_signed_out_meanwhile_is_told_so(place: Place, supabase: Supabase) -> None:
    async with place.phone() as (browser, _):
        supabase.execute(
            "delete from private.devices where cookie_hash = %s", place.device.cookie_hash
        )
        place.clock.shift = 6 * MINUTES
        await place.locking.look()
        assert await closed_with(browser) == Close.SIGNED_OUT


async def test_the_page_asks_to_lock_and_a_foreign_page_cannot(place: Place) -> None:
    router = Router(place.locking.routes(), default=place.app.gate._app)
    place.app.gate._app = router
    async with (
        place.phone() as (browser, _),
        httpx.AsyncClient(verify=PLAIN, base_url=place.app.origin) as http,
    ):
        for origin, status in (("https://evil.example", 403), (place.app.origin, 204)):
            headers = {**place.app.headers(place.cookie), "origin": origin}
            answer = await http.post("/lock", headers=headers)
            assert (answer.status_code, answer.content[:1] == b"") == (status, status == 204)
            assert place.devices.seems_locked(place.device.cookie_hash) is (status == 204)
        assert await closed_with(browser) == Close.LOCKED


async def _away() -> Any:
    raise Unreachable("unreachable")
