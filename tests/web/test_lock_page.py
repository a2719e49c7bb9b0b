"""The host page covers itself: when the time is over, out of sight, and before anything is done."""

import asyncio

import pytest
from playwright.async_api import Page, Request

from app.shell.codes import Close
from tests.web.test_host_page import Phone, phone, until
from tests.web.wiring import cookie_hash

__all__ = ["phone"]
pytestmark = pytest.mark.browser

HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SEEN = """() => {
  const view = document.querySelector('flutter-view');
  const style = getComputedStyle(view);
  return style.visibility !== 'hidden' && style.opacity !== '0';
}"""


async def opened(phone: Phone, minutes: int) -> list[str]:
    """The app with a lock after so many minutes; what is asked of the server from then on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(f"{request.method} {request.url.removeprefix(phone.app.origin)}")

    phone.app.people.minutes = minutes
    await phone.page.clock.install()
    await phone.open()
    phone.page.on("request", note)
    return asked


async def left(page: Page) -> None:
    await page.wait_for_url("**/locked?next=%2Fplan", timeout=20_000)


async def test_the_screen_is_covered_when_the_time_is_over_and_the_server_hears_of_it_first(
    phone: Phone,
) -> None:
    asked = await opened(phone, 1)
    await phone.page.clock.fast_forward(58_000)
    assert await phone.page.evaluate(SEEN)
    await phone.page.clock.fast_forward(4_000)
    await left(phone.page)

    assert asked[:2] == ["POST /lock", "GET /locked?next=%2Fplan"]
    assert "tap" not in await phone.page.content()


async def test_touches_keep_it_open_and_the_server_hears_of_them(phone: Phone) -> None:
    await opened(phone, 1)
    for _ in range(3):
        await phone.page.clock.fast_forward(40_000)
        await phone.page.mouse.move(30, 300)
        await phone.page.mouse.move(40, 320)
    await until(lambda: len(phone.app.people.stirred) >= 3, "the touches on the server")

    assert await phone.page.evaluate(SEEN)


async def test_a_touch_after_the_time_does_nothing_but_lock(phone: Phone) -> None:
    await opened(phone, 1)
    # As after a closed lid: the clock went on, and no timer has run yet.
    await phone.page.evaluate(
        "() => { const now = Date.now; Date.now = () => now.call(Date) + 3600000; }"
    )
    await phone.page.mouse.click(100, 200)
    await left(phone.page)

    assert "Amber tapped" not in phone.app.events


async def test_out_of_sight_it_is_covered_and_comes_back_only_in_time(phone: Phone) -> None:
    await opened(phone, 5)
    await phone.page.evaluate(HIDE, True)
    assert not await phone.page.evaluate(SEEN)
    await phone.page.clock.fast_forward(100_000)
    await phone.page.evaluate(HIDE, False)
    assert await phone.page.evaluate(SEEN)

    await phone.page.evaluate(HIDE, True)
    await phone.page.evaluate(
        "() => { const now = Date.now; Date.now = () => now.call(Date) + 3600000; }"
    )
    # The first thing the page does when it is back, before any picture is drawn.
    seen = await phone.page.evaluate(f"() => {{ ({HIDE})(false); return ({SEEN})(); }}")
    assert seen is False
    await left(phone.page)


async def test_another_tab_in_use_keeps_this_one_open(phone: Phone) -> None:
    await opened(phone, 1)
    await phone.page.clock.fast_forward(50_000)
    await phone.page.evaluate("() => localStorage.setItem('handrail-active', String(Date.now()))")
    await phone.page.clock.fast_forward(30_000)
    await asyncio.sleep(0.5)

    assert await phone.page.evaluate(SEEN)


async def test_locked_elsewhere_the_screen_goes_at_once(phone: Phone) -> None:
    await opened(phone, 5)
    await phone.app.people.lock(phone.cookie)
    await phone.app.sockets.close_device(cookie_hash(phone.cookie), Close.LOCKED)
    await left(phone.page)
