"""The first words: they stand before the engine is here, say what arrives, and what to do when
nothing does; and they go when a screen is behind them."""

import asyncio
import itertools
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    WebSocketRoute,
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
from tests.web.phones import FRAMED, PATIENCE, PHONE, TABLET, chromium, opened, phone
from tests.web.wiring import WEB, Running, running

pytestmark = pytest.mark.browser
_NO_CHROMIUM = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => '' })"
_NO_CARD = """const context = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...wishes) {
    return kind.startsWith('webgl') ? null : context.call(this, kind, ...wishes);
};"""
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
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


def engine(app: Running) -> Counting:
    assert isinstance(app.engine, Counting)
    return app.engine


@pytest.mark.parametrize(
    ("init", "renderer", "size"),
    [("", "lean", PHONE), (_NO_CHROMIUM, "full", TABLET)],
    ids=["lean", "full"],
)
async def test_what_the_engine_needs_is_fetched_once_and_told_in_bytes(
    browser: Browser, app: Running, init: str, renderer: str, size: tuple[int, int]
) -> None:
    engine(app).hold = 1.2
    async with phone(browser, app, init, _TOLD, language="de", size=size) as page:
        await page.goto(f"{app.origin}/plan", wait_until="commit")
        await expect(page.get_by_role("heading")).to_have_text("Schön, dass du da bist.")
        await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=PATIENCE)
        await expect(page.locator("#welcome")).to_have_count(0, timeout=PATIENCE)
        told = await page.evaluate("window.told")
    files = (*FILES["both"], *FILES[renderer])
    assert engine(app).asked == dict.fromkeys(files, 1)
    whole = f"{sum(app.engine.size(name) for name in files) / 1e6:.1f}".replace(".", ",")
    assert {each.partition(" von ")[2] for each in told} == {f"{whole} MB sind da"}
    first, last = told[0].split()[0], told[-1].split()[0]
    assert (first < whole, last) == (True, whole)


@pytest.mark.parametrize(
    ("lack", "renderer"), [(_NO_CARD, "chromium"), ("delete window.ImageDecoder", "heavy")]
)
async def test_rarer_chromiums_fetch_each_file_of_their_engine_once(
    browser: Browser, app: Running, lack: str, renderer: str
) -> None:
    async with phone(browser, app, lack) as page:
        await opened(page, app)
    assert engine(app).asked == dict.fromkeys((*FILES["both"], *FILES[renderer]), 1)


async def test_words_fit_a_small_phone_with_large_text_in_every_state(
    browser: Browser, app: Running
) -> None:
    large = "localStorage.setItem('flutter.handrail.text_percent', '200')"
    async with phone(browser, app, large, language="ar", size=(320, 640)) as page:
        await page.route("**/e/**", lambda route: None)
        await page.goto(f"{app.origin}/plan", wait_until="commit")
        for state in ("arriving", "stuck", "unable", "unkept"):
            await page.evaluate("(state) => document.documentElement.className = state", state)
            assert await page.evaluate("document.querySelector('#welcome').scrollWidth") <= 320
            shown = page.locator(f"#{state}" if state != "arriving" else "#coming")
            await expect(shown).to_be_visible()
            size = await shown.evaluate("(part) => parseFloat(getComputedStyle(part).fontSize)")
            assert size == 36


async def test_files_that_the_worker_has_under_way_are_not_fetched_again(
    browser: Browser, app: Running
) -> None:
    engine(app).hold = 0.4
    async with phone(browser, app, lawless=True) as page:
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


async def test_lost_connection_says_nothing_in_english(browser: Browser, app: Running) -> None:
    lines: list[WebSocketRoute] = []

    def through(browser_side: WebSocketRoute) -> None:
        lines.append(browser_side)
        if len(lines) == 1:
            browser_side.connect_to_server()

    async with phone(browser, app) as page:
        await page.route_web_socket("**/ws*", through)
        await opened(page, app)
        await lines[0].close(code=1012)
        while len(lines) < 2:
            await page.wait_for_timeout(100)
        await page.wait_for_timeout(500)
        assert "Working" not in await page.content()


@pytest.mark.parametrize("early", [0, 1])
async def test_welcome_hides_the_engine_until_the_server_has_drawn(
    browser: Browser, app: Running, early: int
) -> None:
    served, said, begun = asyncio.Event(), itertools.count(), asyncio.Event()

    async def late(browser_side: WebSocketRoute) -> None:
        server_side = browser_side.connect_to_server()
        browser_side.on_message(server_side.send)

        async def answer(data: str | bytes) -> None:
            # Short ones are words between our page and the server.
            if len(data) > 100 and next(said) >= early:
                begun.set()
                await served.wait()
            browser_side.send(data)

        server_side.on_message(answer)

    async with phone(browser, app, FRAMED) as page:
        await page.route_web_socket("**/ws*", late)
        await page.goto(f"{app.origin}/plan")
        await page.locator("html[data-framed]").wait_for(timeout=PATIENCE)
        await begun.wait()
        await asyncio.sleep(1)
        top = "document.elementFromPoint(195, 600).closest('#welcome') !== null"
        assert await page.evaluate(top)
        served.set()
        await expect(page.locator("#welcome")).to_have_count(0, timeout=PATIENCE)
        await page.get_by_role("button", name="tap", exact=True).wait_for(timeout=PATIENCE)


async def test_when_nothing_arrives_any_more_there_is_a_way_to_load_again(
    browser: Browser, app: Running
) -> None:
    async with phone(browser, app) as page:
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
