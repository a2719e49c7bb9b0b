"""A server that hangs: words of ours after a while, and the page itself when it wakes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import BrowserContext, Page, expect

from app.shell.visit import Identity
from tests.web.test_host_page import chromium
from tests.web.wiring import People, Running, running

pytestmark = pytest.mark.browser


@dataclass
class Slow(People):
    """Nobody is recognised while `free` is not set: pages of the app hang then."""

    free: asyncio.Event = field(default_factory=asyncio.Event)

    async def identify(self, cookie: str) -> Identity | None:
        await self.free.wait()
        return await super().identify(cookie)


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with chromium() as opened:
        yield opened


async def settled(page: Page, app: Running) -> None:
    """A page of ours that the worker serves, with all that it keeps."""
    await page.goto(f"{app.origin}/help?lang=en")
    await page.evaluate(REGISTERED)


async def test_a_page_that_hangs_gives_way_to_the_numbers_and_opens_when_the_server_wakes(
    context: BrowserContext,
) -> None:
    people = Slow()
    async with running(people=people, patience=0.5) as app:
        cookie = people.sign_in("Amber")
        await context.add_cookies(
            [{"name": app.cookie.name, "value": cookie, "url": app.origin, "httpOnly": True}]
        )
        page = await context.new_page()
        await settled(page, app)
        await page.goto(f"{app.origin}/plan")
        await page.get_by_role("heading", name="No connection right now").wait_for()
        await expect(page.locator('a[href="tel:112"]')).to_be_visible()
        people.free.set()
        await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=40_000)
        assert page.url == f"{app.origin}/plan"


# Until the worker serves this page and has kept what it shows without network.
REGISTERED = """async () => {
  await navigator.serviceWorker.register('/sw.js');
  for (let tries = 0; tries < 100; tries += 1) {
    const blank = await caches.match('/blank', { ignoreSearch: true });
    if (navigator.serviceWorker.controller && blank) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('not kept');
}"""
