"""A phone in front of the whole small app: what a browser of some kind makes of our page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.chromium import ARGUMENTS, ensure_chromium
from tests.web.wiring import Running

PATIENCE = 40_000
PHONE, TABLET = (390, 844), (820, 1180)
FRAMED = """addEventListener('flutter-first-frame', () => {
    document.documentElement.dataset.framed = '';
});"""


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own, closed at the end."""
    path = await asyncio.to_thread(ensure_chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def phone(
    browser: Browser,
    app: Running,
    *inits: str,
    language: str = "en",
    lawless: bool = False,
    size: tuple[int, int] = PHONE,
) -> AsyncIterator[Page]:
    """A browser in which Amber is signed in; `lawless` obeys no policy, so pages can be changed."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=language, bypass_csp=lawless
    )
    cookie = app.people.sign_in("Amber")
    await context.add_cookies([{"name": app.cookie.name, "value": cookie, "url": app.origin}])
    for init in inits:
        await context.add_init_script(init)
    yield await context.new_page()
    await context.close()


async def opened(page: Page, app: Running) -> None:
    """Until the first screen is drawn and nothing of ours stands before it."""
    await page.goto(f"{app.origin}/plan")
    await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=PATIENCE)
    await expect(page.locator("#welcome")).to_have_count(0, timeout=PATIENCE)
