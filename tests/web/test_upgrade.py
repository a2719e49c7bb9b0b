"""From one build to the next: an open page takes it by itself, once, and loses no words."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext, Locator, Page, Response, Route, expect

from app.shell.engine import Engine
from app.shell.static import ASSETS, AppPages
from tests.fixtures.plain_http import PLAIN
from tests.web.test_host_page import chromium, until
from tests.web.wiring import WEB, Running, running

pytestmark = pytest.mark.browser
WORDS = "see you at four"


def newer(web: Path, folder: Path) -> Engine:
    """The same engine in all that a browser runs, but with another address."""
    for file in web.rglob("*"):
        copy = folder / file.relative_to(web)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            copy.symlink_to(file)
    licences = folder / "assets/NOTICES"
    licences.unlink()
    licences.write_text("Thanks.")
    script = folder / "canvaskit/skwasm.js"
    text = script.read_text()
    script.unlink()
    script.write_text(f"{text}\n//newer\n")
    return Engine(folder, ASSETS)


class Tab:
    """A page and how often it was opened."""

    def __init__(self, page: Page, app: Running) -> None:
        self.page, self.app = page, app
        self.opened: list[str] = []
        page.on("response", self._count)

    def _count(self, got: Response) -> None:
        if got.request.is_navigation_request():
            self.opened.append(got.url)

    @property
    def note(self) -> Locator:
        return self.page.get_by_label("note", exact=True)

    async def writes(self, text: str) -> None:
        """Until the server has it: the engine takes a field over a moment after it has the
        keyboard, and forgets what came before."""
        await self.note.click()
        await expect(self.note).to_be_focused()
        while f"Amber wrote {text}" not in self.app.events:
            await self.page.keyboard.press("Control+A")
            await self.page.keyboard.type(text)
            await asyncio.sleep(0.5)

    async def build(self) -> str:
        found: str = await self.page.evaluate("window.build")
        return found

    async def drawn(self) -> None:
        await self.page.get_by_role("button", name="tap", exact=True).wait_for(timeout=30_000)


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with chromium() as opened:
        yield opened


async def tab_of(context: BrowserContext, app: Running, cookie: str) -> Tab:
    await context.add_cookies(
        [{"name": app.cookie.name, "value": cookie, "url": app.origin, "httpOnly": True}]
    )
    return Tab(await context.new_page(), app)


async def test_open_page_takes_the_next_build_once_with_the_words_in_its_field(
    context: BrowserContext, tmp_path: Path
) -> None:
    async with running() as before:
        cookie = before.people.sign_in("Amber")
        tab = await tab_of(context, before, cookie)
        page = tab.page
        await page.goto(f"{before.origin}/plan")
        await tab.drawn()
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await tab.writes(WORDS)
    engine = newer(WEB, tmp_path)
    async with running(engine=engine, people=before.people, port=before.port) as after:
        await until(lambda: f"Amber wrote {WORDS}" in after.events, "the words to come back", 40)
        await expect(tab.note).to_have_value(WORDS)
        build = AppPages(engine, known=bool).build
        assert await tab.build() == build
        kept = await page.evaluate(f"""async () => {{
          for (let tries = 0; tries < 100; tries += 1) {{
            const names = (await caches.keys()).filter((name) => name.includes('engine'));
            if (names.length === 1 && names[0].endsWith('{engine.hash}')) return names;
            await new Promise((done) => setTimeout(done, 100));
          }}
          return caches.keys();
        }}""")
        assert kept == [f"handrail-engine-{engine.hash}"]
        assert len(tab.opened) == 2


async def test_page_whose_files_are_gone_opens_anew_once_and_then_waits_for_a_person(
    context: BrowserContext, tmp_path: Path
) -> None:
    """Two builds behind a proxy that sends the page to one and its files to the other."""
    async with running(engine=newer(WEB, tmp_path)) as older, running() as app:
        cookie = app.people.sign_in("Amber")
        older.people.by_cookie.update(app.people.by_cookie)
        headers = {**older.headers(cookie), "accept-language": "en"}
        async with httpx.AsyncClient(verify=PLAIN) as other:
            page_of_older = await other.get(f"{older.origin}/plan", headers=headers)
        tab = await tab_of(context, app, cookie)

        async def from_older(route: Route) -> None:
            await route.fulfill(
                body=page_of_older.text,
                content_type="text/html",
                headers={
                    name: value
                    for name, value in page_of_older.headers.items()
                    if name.startswith(("content-security", "cross-origin"))
                },
            )

        await tab.page.route("**/plan", from_older)
        await tab.page.goto(f"{app.origin}/plan")
        again = tab.page.get_by_role("link", name="Load again")
        await expect(again).to_be_visible(timeout=20_000)
        await until(lambda: len(tab.opened) == 2, "the page to be opened again")
        # Time enough for a loop.
        await asyncio.sleep(2)
        assert len(tab.opened) == 2
        await tab.page.unroute("**/plan")
        await again.click()
        await tab.drawn()
        assert len(tab.opened) == 3


@pytest.mark.parametrize("emptied", ["the browser's own", "the worker's"])
async def test_either_of_the_two_stores_is_enough(context: BrowserContext, emptied: str) -> None:
    async with running() as app:
        tab = await tab_of(context, app, app.people.sign_in("Amber"))
        await tab.page.goto(f"{app.origin}/plan")
        await tab.drawn()
        await tab.page.evaluate(WARMED, app.engine.hash)
        if emptied == "the worker's":
            each = "Promise.all(names.map((name) => caches.delete(name)))"
            await tab.page.evaluate(f"caches.keys().then((names) => {each})")
        else:
            session = await context.new_cdp_session(tab.page)
            await session.send("Network.clearBrowserCache")
        await tab.page.reload()
        await tab.drawn()
        paid = "filter(({ name, transferSize }) => name.includes('/e/') && transferSize)"
        entries = await tab.page.evaluate(f"performance.getEntriesByType('resource').{paid}")
        assert (len(tab.opened), entries) == (2, [])


# Until the worker has kept all that the first screen asks for.
WARMED = """async (hash) => {
  for (let tries = 0; tries < 200; tries += 1) {
    const cache = await caches.open('handrail-engine-' + hash);
    if ((await cache.keys()).length >= 8) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('not kept');
}"""
