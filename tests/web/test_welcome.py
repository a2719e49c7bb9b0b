"""The first words: they stand before the engine is here, say what arrives, and what to do when
nothing does; and they go when a screen is behind them."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    Page,
    Route,
    WebSocketRoute,
    async_playwright,
    expect,
)
from starlette.requests import Request
from starlette.responses import Response

from app.shell.build import build
from app.shell.copies import Copies
from app.shell.engine import Engine
from app.shell.icons import icons_used
from app.shell.static import APP, ASSETS
from app.shell.warming import FILES
from tests.e2e.chromium import ARGUMENTS, ensure_chromium
from tests.web.wiring import WEB, Running, running

pytestmark = pytest.mark.browser
_PATIENCE = 20_000
_NO_CHROMIUM = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => '' })"

_FRAMED = """addEventListener('flutter-first-frame', () => {
    document.documentElement.dataset.framed = '';
});"""
_TOLD = """window.told = [];
new MutationObserver(([{ target }]) => window.told.push(target.getAttribute('aria-valuetext')))
    .observe(document, { subtree: true, attributeFilter: ['aria-valuetext'] });"""


class Counting(Engine):
    """Knows how often each file was asked for; `hold` seconds pass before one goes out."""

    hold = 0.0

    def __init__(self) -> None:
        folder = Path(tempfile.gettempdir()) / "handrail-engine"
        super().__init__(WEB, ASSETS, Copies(folder), icons_used(APP))
        self.asked: Counter[str] = Counter()

    async def _serve(self, request: Request) -> Response:
        self.asked[self._names[request.path_params["path"]]] += 1
        await asyncio.sleep(self.hold)
        return await super()._serve(request)


def nothing(what: str, part: float) -> None:
    """Says nothing of what is made."""


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    counting = Counting()
    # As in the world: a browser does not keep what is larger than its store.
    await asyncio.to_thread(build, counting, best=False, tell=nothing)
    async with running(engine=counting) as started:
        yield started


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(ensure_chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def phone(
    chromium: Browser, app: Running, *inits: str, language: str = "en", lawless: bool = False
) -> AsyncIterator[Page]:
    """A browser in which Amber is signed in; `lawless` obeys no policy, so pages can be changed."""
    context = await chromium.new_context(
        viewport={"width": 390, "height": 844}, locale=language, bypass_csp=lawless
    )
    cookie = app.people.sign_in("Amber")
    await context.add_cookies([{"name": app.cookie.name, "value": cookie, "url": app.origin}])
    for init in inits:
        await context.add_init_script(init)
    yield await context.new_page()
    await context.close()


def engine(app: Running) -> Counting:
    assert isinstance(app.engine, Counting)
    return app.engine


async def opened(page: Page, app: Running) -> None:
    await page.goto(f"{app.origin}/plan")
    await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=_PATIENCE)
    await expect(page.locator("#welcome")).to_have_count(0)


@pytest.mark.parametrize(("init", "renderer"), [("", "lean"), (_NO_CHROMIUM, "full")])
async def test_what_the_engine_needs_is_fetched_once_and_told_in_bytes(
    chromium: Browser, app: Running, init: str, renderer: str
) -> None:
    engine(app).hold = 1.2
    async with phone(chromium, app, init, _TOLD, language="de") as page:
        await page.goto(f"{app.origin}/plan", wait_until="commit")
        await expect(page.get_by_role("heading")).to_have_text("Schön, dass du da bist.")
        await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=_PATIENCE)
        await expect(page.locator("#welcome")).to_have_count(0)
        told = await page.evaluate("window.told")
    files = (*FILES["both"], *FILES[renderer])
    assert engine(app).asked == dict.fromkeys(files, 1)
    whole = f"{sum(app.engine.size(name) for name in files) / 1e6:.1f}".replace(".", ",")
    assert told[0] in {f"{here} von {whole} MB sind da" for here in ("0,0", "0,1")}
    assert told[-1] == f"{whole} von {whole} MB sind da"


async def test_files_that_the_worker_has_under_way_are_not_fetched_again(
    chromium: Browser, app: Running
) -> None:
    engine(app).hold = 0.4
    async with phone(chromium, app, lawless=True) as page:
        await page.goto(f"{app.origin}/healthz")
        await page.evaluate(
            """async () => {
                await navigator.serviceWorker.register('/sw.js');
                const { active } = await navigator.serviceWorker.ready;
                active.postMessage({ warm: 'lean' });
                await new Promise((done) => setTimeout(done, 1000));
            }"""
        )
        assert 0 < len(engine(app).asked) < len(FILES["both"]) + len(FILES["lean"])
        await opened(page, app)
    assert engine(app).asked == dict.fromkeys((*FILES["both"], *FILES["lean"]), 1)


async def test_welcome_hides_the_engine_until_the_server_has_drawn(
    chromium: Browser, app: Running
) -> None:
    served = asyncio.Event()

    async def late(browser_side: WebSocketRoute) -> None:
        server_side = browser_side.connect_to_server()
        browser_side.on_message(server_side.send)

        async def answer(data: str | bytes) -> None:
            await served.wait()
            browser_side.send(data)

        server_side.on_message(answer)

    async with phone(chromium, app, _FRAMED) as page:
        await page.route_web_socket("**/ws*", late)
        await page.goto(f"{app.origin}/plan")
        await page.locator("html[data-framed]").wait_for(timeout=_PATIENCE)
        await asyncio.sleep(0.5)
        top = "document.elementFromPoint(195, 600).closest('#welcome') !== null"
        assert await page.evaluate(top)
        served.set()
        await expect(page.locator("#welcome")).to_have_count(0, timeout=_PATIENCE)
        await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=_PATIENCE)


@pytest.mark.parametrize(
    "lack",
    [
        "delete window.WebAssembly",
        "delete window.WebSocket",
        "Object.freeze(HTMLScriptElement.prototype)",
    ],
)
async def test_browser_that_lacks_something_says_so_and_leads_to_help(
    chromium: Browser, app: Running, lack: str
) -> None:
    async with phone(chromium, app, lack) as page:
        await page.goto(f"{app.origin}/plan")
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")
        await expect(page.get_by_role("alert")).to_contain_text("ask your key worker")
        link = page.get_by_role("link", name="Open Help")
        assert await link.get_attribute("href") == "/help?lang=en"


async def test_browser_that_cannot_read_our_scripts_says_so(
    chromium: Browser, app: Running
) -> None:
    async with phone(chromium, app, lawless=True) as page:

        async def strange(route: Route) -> None:
            sent = await route.fetch()
            text = (await sent.text()).replace("window.renderer = ", "?.renderer = ")
            await route.fulfill(response=sent, body=text)

        await page.route("**/plan", strange)
        await page.goto(f"{app.origin}/plan")
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")


async def test_when_nothing_arrives_any_more_there_is_a_way_to_load_again(
    chromium: Browser, app: Running
) -> None:
    async with phone(chromium, app) as page:
        await page.clock.install()
        await page.route("**/*.wasm", lambda route: None)  # never answered
        await page.goto(f"{app.origin}/plan")
        await page.clock.run_for(5_000)
        again = page.get_by_role("link", name="Load again")
        await expect(again).to_be_hidden()
        await page.clock.run_for(25_000)
        await expect(again).to_be_visible()
        async with page.expect_navigation(wait_until="commit"):
            await again.click()


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
    chromium: Browser, app: Running
) -> None:
    async with phone(chromium, app, _FORBIDDEN) as page:
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
    chromium: Browser, app: Running
) -> None:
    async with phone(chromium, app, _FULL) as page:
        await opened(page, app)
        note = page.get_by_text("This browser cannot keep your look and text size.")
        await expect(note).to_be_hidden()
        await page.evaluate("localStorage.setItem('flutter.handrail.look', '\"dark\"')")
        await expect(note).to_be_visible()
        assert await page.evaluate("document.documentElement.dataset.look") == "dark"


async def test_engine_still_does_not_start_without_the_storage_we_stand_in_for(
    chromium: Browser, app: Running
) -> None:
    fixed = _FORBIDDEN.replace("configurable: true", "configurable: false")
    async with phone(chromium, app, fixed, _FRAMED) as page:
        await page.goto(f"{app.origin}/plan")
        await page.locator("html[data-framed]").wait_for(timeout=_PATIENCE)
        await asyncio.sleep(1.5)
        assert app.pages == {}
        await expect(page.get_by_role("alert")).to_contain_text("cannot start in this browser")
