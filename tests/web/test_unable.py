"""Browsers that lack what the app needs, and browsers that keep nothing: told in words."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Route, expect

from tests.web.phones import FRAMED, PATIENCE, chromium, opened, phone
from tests.web.wiring import Running, running

pytestmark = pytest.mark.browser


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.mark.parametrize(
    "lack",
    [
        "delete window.WebAssembly",
        "delete window.WebSocket",
        "Object.freeze(HTMLScriptElement.prototype)",
    ],
)
async def test_browser_that_lacks_something_says_so_and_leads_to_help(
    browser: Browser, app: Running, lack: str
) -> None:
    async with phone(browser, app, lack) as page:
        await page.goto(f"{app.origin}/plan")
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")
        await expect(page.get_by_role("alert")).to_contain_text("ask your key worker")
        link = page.get_by_role("link", name="Open Help")
        assert await link.get_attribute("href") == "/help?lang=en"


async def test_browser_that_cannot_read_our_scripts_says_so(browser: Browser, app: Running) -> None:
    async with phone(browser, app, lawless=True) as page:

        async def strange(route: Route) -> None:
            sent = await route.fetch()
            text = (await sent.text()).replace("window.renderer = ", "?.renderer = ")
            await route.fulfill(response=sent, body=text)

        await page.route("**/plan", strange)
        await page.goto(f"{app.origin}/plan")
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")


_FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(window, name, { configurable: true, get() {
        throw new DOMException('forbidden', 'SecurityError');
    } });
}
Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() {
    throw new DOMException('forbidden', 'SecurityError');
} });"""
_FULL = """Storage.prototype.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
};"""


async def test_forbidden_storage_keeps_nobody_out_and_is_told(
    browser: Browser, app: Running
) -> None:
    async with phone(browser, app, _FORBIDDEN) as page:
        await opened(page, app)
        note = page.get_by_text("This browser cannot keep your look and text size.")
        await expect(note).to_be_visible()
        await page.get_by_role("button", name="OK").click()
        await expect(note).to_be_hidden()
        await page.get_by_role("button", name="tap", exact=True).click()
        await page.evaluate("localStorage.setItem('flutter.handrail.look', '\"dark\"')")
        assert await page.evaluate("document.documentElement.dataset.look") == "dark"
        names = "Array.from(localStorage, (_, place) => localStorage.key(place))"
        assert "flutter.handrail.look" in await page.evaluate(names)
    assert "Amber tapped" in app.events


async def test_full_storage_keeps_what_was_chosen_until_the_page_goes(
    browser: Browser, app: Running
) -> None:
    async with phone(browser, app, _FULL) as page:
        await opened(page, app)
        note = page.get_by_text("This browser cannot keep your look and text size.")
        await expect(note).to_be_hidden()
        await page.evaluate("localStorage.setItem('flutter.handrail.look', '\"dark\"')")
        await expect(note).to_be_visible()
        assert await page.evaluate("document.documentElement.dataset.look") == "dark"


async def test_engine_still_does_not_start_without_the_storage_we_stand_in_for(
    browser: Browser, app: Running
) -> None:
    fixed = _FORBIDDEN.replace("configurable: true", "configurable: false")
    async with phone(browser, app, fixed, FRAMED) as page:
        await page.goto(f"{app.origin}/plan")
        await page.locator("html[data-framed]").wait_for(timeout=PATIENCE)
        await page.wait_for_timeout(1500)
        assert app.pages == {}
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")
