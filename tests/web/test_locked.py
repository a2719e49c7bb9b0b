"""Locked devices at the gate and on the socket: nothing is shown, and everything ends at once."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.errors import Unreachable
from app.shell.codes import Close
from app.shell.frames import ACTIVE, LOCK_MINUTES, PING
from tests.fixtures.plain_http import PLAIN
from tests.web.test_gate import visitor
from tests.web.test_sockets import control, until
from tests.web.wiring import (
    Running,
    closed_with,
    cookie_hash,
    event,
    registered,
    running,
    update,
)


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


async def test_pages_of_a_locked_device_lead_to_the_page_that_unlocks_it(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    await app.people.lock(amber)
    async with visitor(app, amber) as client:
        home, plan = await client.get("/"), await client.get("/plan?tab=2")
        known = await client.get("/plan", headers={"if-none-match": "*"})

    assert {answer.status_code for answer in (home, plan, known)} == {303}
    assert home.headers["location"] == "/locked"
    assert plan.headers["location"] == "/locked?next=%2Fplan%3Ftab%3D2"


async def test_what_needs_nobody_is_open_on_a_locked_device(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    await app.people.lock(amber)
    async with visitor(app, amber) as client:
        assert (await client.get("/robots.txt")).status_code == 200


async def test_a_locked_device_gets_no_socket(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    await app.people.lock(amber)
    async with app.browser(amber) as browser:
        assert await closed_with(browser) == Close.LOCKED


async def test_locking_ends_sockets_and_sessions_and_unlocking_begins_anew(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        await app.people.lock(amber)
        await app.sockets.close_device(cookie_hash(amber), Close.LOCKED)
        assert await closed_with(browser) == Close.LOCKED
    assert app.sockets.counts().sessions == 0

    app.people.locked.clear()
    async with app.browser(amber) as browser:
        again, drawn = await registered(browser, session_id)
    assert (again != session_id, "Hi Amber" in drawn) == (True, True)


async def test_a_socket_that_was_being_opened_while_it_was_locked_shows_nothing(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        await browser.recv()
        await app.people.lock(amber)
        with pytest.raises(Exception, match=str(int(Close.LOCKED))):
            await registered(browser)
    assert app.pages == {}


async def test_what_somebody_does_too_late_is_not_done(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        await app.people.lock(amber)
        await browser.send(event(control(app, session_id, "tap"), "click"))
        assert await closed_with(browser) == Close.LOCKED
    assert app.events == []


async def test_only_what_a_person_does_is_noticed(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        await browser.send(bytes([PING]))
        await browser.send(update(1, width=300.0, height=500.0))
        await browser.send(event(1, "resize", {"width": 300, "height": 500}))
        await browser.send(event(control(app, session_id, "tap"), "animation_end"))
    async with app.browser(amber) as browser:
        await registered(browser, session_id)
        await until(lambda: "reattached" in app.events)
        assert app.people.stirred == []

        await browser.send(event(control(app, session_id, "tap"), "click"))
        await until(lambda: len(app.people.stirred) == 1)
        await browser.send(bytes([ACTIVE]))
        await until(lambda: app.people.stirred == [cookie_hash(amber)] * 2)


async def test_the_page_is_told_its_time_and_once_more_when_that_changes(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    app.people.minutes = 7
    async with app.browser(amber) as browser:
        await registered(browser)
        for minutes in (7, 9):
            app.people.minutes = minutes
            for _ in range(2):
                await app.sockets.tell_lock(cookie_hash(amber))
        told: list[int] = []
        while len(told) < 1:
            data = await asyncio.wait_for(browser.recv(), 3)
            if isinstance(data, bytes) and data[:1] == bytes([LOCK_MINUTES]):
                told.append(data[1])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(browser.recv(), 0.3)
    assert told == [9]


async def test_who_left_in_a_hurry_left_a_locked_device(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    left = f"{app.cookie.name}={amber}; handrail-left=1"
    async with httpx.AsyncClient(verify=PLAIN, base_url=app.origin) as client:
        page = await client.get("/plan", headers={"cookie": left})

    assert (page.status_code, page.headers["location"]) == (303, "/locked?next=%2Fplan")
    assert "handrail-left=;" in page.headers["set-cookie"]
    assert "Max-Age=0" in page.headers["set-cookie"]
    assert app.people.locked == {cookie_hash(amber)}


async def test_the_socket_of_who_left_in_a_hurry_is_locked_too(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(f"{amber}; handrail-left=1") as browser:
        assert await closed_with(browser) == Close.LOCKED
        assert browser.response is not None
        assert "handrail-left=;" in browser.response.headers["set-cookie"]
    assert app.people.locked == {cookie_hash(amber)}


@pytest.mark.parametrize("cookies", ["handrail-left=1", "handrail-leftover=1; x=handrail-left"])
async def test_without_a_device_nothing_is_locked(app: Running, cookies: str) -> None:
    async with httpx.AsyncClient(verify=PLAIN, base_url=app.origin) as client:
        page = await client.get("/plan", headers={"cookie": cookies})

    assert page.headers["location"].startswith("/signin")
    assert ("set-cookie" in page.headers) is cookies.startswith("handrail-left=")
    assert app.people.locked == set()


async def test_help_is_served_although_nobody_can_be_told_of_the_lock(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(cookie: str) -> None:
        raise Unreachable("unreachable")

    amber = app.people.sign_in("Amber")
    monkeypatch.setattr(app.gate, "_lock", away)
    left = {"cookie": f"{app.cookie.name}={amber}; handrail-left=1"}
    async with httpx.AsyncClient(verify=PLAIN, base_url=app.origin) as client:
        help_page = await client.get("/robots.txt", headers=left)
        plan = await client.get("/plan", headers=left)

    assert (help_page.status_code, plan.status_code) == (200, 503)
    assert "set-cookie" not in plan.headers
