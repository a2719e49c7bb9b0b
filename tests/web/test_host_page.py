"""Our page around Flet in a real browser: it opens, stays within its policy, and finds its way
back when the connection is lost in any of the ways that connections are lost."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import flet as ft
import pytest
from playwright.async_api import BrowserContext, Page, WebSocketRoute, async_playwright

from app.shell.codes import Close
from tests.e2e.chromium import ARGUMENTS, ensure_chromium
from tests.web.wiring import Running, cookie_hash, running

pytestmark = pytest.mark.browser
_PATIENCE = 20.0


@dataclass
class Phone:
    """A browser in which somebody is signed in, and what its network showed."""

    app: Running
    cookie: str
    page: Page
    answered: list[tuple[str, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.page.goto(f"{self.app.origin}/plan")
        button = self.page.get_by_role("button", name="tap", exact=True)
        await button.wait_for(timeout=_PATIENCE * 1000)

    async def tap(self) -> None:
        await self.page.get_by_role("button", name="tap", exact=True).click()
        await until(lambda: "Amber tapped" in self.app.events, "the tap on the server")


async def until(wanted: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, f"waited for {what}"
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[BrowserContext]:
    path = await asyncio.to_thread(ensure_chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        try:
            yield await browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
        finally:
            await browser.close()


@pytest.fixture
async def phone() -> AsyncIterator[Phone]:
    async with running() as app, chromium() as context:
        cookie = app.people.sign_in("Amber")
        await context.add_cookies(
            [{"name": app.cookie.name, "value": cookie, "url": app.origin, "httpOnly": True}]
        )
        phone = Phone(app, cookie, await context.new_page())
        phone.page.on("response", lambda got: phone.answered.append((got.url, got.status)))
        phone.page.on("pageerror", lambda error: phone.errors.append(str(error)))
        yield phone


async def test_screen_opens_within_its_policy_and_asks_nobody_else(phone: Phone) -> None:
    await phone.open()
    await phone.tap()
    foreign = [url for url, _ in phone.answered if not url.startswith((phone.app.origin, "blob:"))]
    refused = [url for url, status in phone.answered if status >= 400]
    assert (foreign, refused, phone.errors) == ([], [], [])


async def test_engine_works_on_one_thread(phone: Phone) -> None:
    await phone.open()
    assert await phone.page.evaluate("window.crossOriginIsolated")
    assert phone.page.workers == []


async def test_arabic_words_are_drawn_with_our_own_font(phone: Phone) -> None:
    await phone.open()
    page = next(iter(phone.app.pages.values()))
    greeting = page.controls[0]
    assert isinstance(greeting, ft.Text)
    greeting.value = "مرحبا"
    page.update()
    await until(
        lambda: any("notosansarabic" in url for url, _ in phone.answered), "the font to be fetched"
    )
    assert [status for url, status in phone.answered if "noto" in url] == [200]


async def test_screen_comes_back_by_itself_after_a_restart_of_the_server(phone: Phone) -> None:
    await phone.open()
    await phone.app.sockets.drain(0)
    phone.app.sockets._draining = False
    await until(lambda: "reattached" in phone.app.events, "the session to be taken up")
    await phone.tap()
    assert len(phone.app.pages) == 1


async def test_screen_turns_into_the_signed_out_page_when_the_device_is_closed(
    phone: Phone,
) -> None:
    await phone.open()
    await phone.app.sockets.close_device(cookie_hash(phone.cookie))
    await phone.page.wait_for_url("**/signed-out", timeout=_PATIENCE * 1000)


async def test_connection_that_only_looks_open_is_replaced_when_the_page_is_looked_at(
    phone: Phone,
) -> None:
    dead = False
    dialled = 0

    def through(browser_side: WebSocketRoute) -> None:
        nonlocal dialled
        dialled += 1
        first = dialled == 1
        server_side = browser_side.connect_to_server()
        browser_side.on_message(lambda data: None if first and dead else server_side.send(data))
        server_side.on_message(lambda data: None if first and dead else browser_side.send(data))

    await phone.page.route_web_socket("**/ws*", through)
    await phone.open()
    dead = True
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await until(lambda: "reattached" in phone.app.events, "the session to be taken up")
    await phone.tap()
    assert len(phone.app.pages) == 1


async def test_refused_connections_are_dialled_again_until_one_is_served(phone: Phone) -> None:
    dialled: list[float] = []

    async def through(browser_side: WebSocketRoute) -> None:
        dialled.append(time.monotonic())
        if len(dialled) < 4:
            await browser_side.close(code=int(Close.TRY_LATER))
            return
        server_side = browser_side.connect_to_server()
        browser_side.on_message(server_side.send)
        server_side.on_message(browser_side.send)

    await phone.page.route_web_socket("**/ws*", through)
    await phone.open()
    waits = [later - earlier for earlier, later in itertools.pairwise(dialled)]
    assert len(dialled) == 4
    assert all(0.2 <= wait <= 4 for wait in waits)


async def test_server_that_asks_whether_the_page_is_there_gets_an_answer(phone: Phone) -> None:
    await phone.open()
    link = next(iter(phone.app.sockets._links))
    assert await link.socket.answers(3)


async def test_back_after_signing_out_shows_nothing_of_the_person_before(phone: Phone) -> None:
    await phone.open()
    del phone.app.people.by_cookie[phone.cookie]
    await phone.app.sockets.close_device(cookie_hash(phone.cookie))
    await phone.page.wait_for_url("**/signed-out", timeout=_PATIENCE * 1000)
    await phone.page.goto(f"{phone.app.origin}/healthz")
    await phone.page.go_back()
    await asyncio.sleep(3)
    assert await phone.page.get_by_role("button", name="tap").count() == 0
    assert "Amber" not in await phone.page.content()
