"""Warming: the engine comes while somebody is at the door, each file once."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app.safety.web import Help
from app.shell.build import build
from app.shell.copies import Copies
from app.shell.engine import Engine, installed_web
from app.shell.icons import icons_used
from app.shell.static import APP, ASSETS
from app.shell.warming import FILES, warming_routes
from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run, free_ports, share_engine

WANTED = (*FILES["both"], *FILES["lean"])
SLOW = 0.2


class Station:
    """A door page, and a page that loads the whole engine; `asked` counts what was asked for,
    `kept` the pages for times without network."""

    def __init__(self, engine: Engine) -> None:
        self.base = engine.base
        self.files = [engine.path(name) for name in WANTED]
        self.asked: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        pages = [Route("/", self._door), Route("/app", self._app)]
        help_pages = Help()
        worker = [*help_pages.routes(), *warming_routes(engine, help_pages.kept)]
        self._router: ASGIApp = Router([*pages, engine.route(), *worker])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self.base):
            self.asked[scope["path"].removeprefix(self.base)] += 1
            # Slow enough that something is always under way when the page changes.
            await asyncio.sleep(SLOW)
        elif scope["type"] == "http" and scope["path"] in {"/offline", "/blank"}:
            self.kept[scope["path"]] += 1
        await self._router(scope, receive, send)

    async def _door(self, request: Request) -> Response:
        help_link = '<p class="corner"><a href="/help?lang=en&amp;country=DE">Help</a></p>'
        return HTMLResponse(f'{help_link}<script src="/warm.js" defer></script>')

    async def _app(self, request: Request) -> Response:
        files = json.dumps([self.base + path for path in self.files])
        load = f"{files}.map((file) => fetch(file).then((got) => got.arrayBuffer()))"
        return HTMLResponse(
            f"<script>Promise.all({load}).then(() => {{ document.title = 'here' }})</script>"
        )


@pytest.fixture(scope="module")
def squeezed(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    home = tmp_path_factory.mktemp("home")
    share_engine(home)
    engine = Engine(installed_web(), ASSETS, Copies(home / "engine"), icons_used(APP))
    build(engine, best=False, tell=lambda what, part: None)
    return engine


@pytest.fixture
def station(squeezed: Engine) -> Iterator[tuple[Station, str]]:
    station, port = Station(squeezed), free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(station, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield station, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.1, 6.0])
def test_no_file_is_fetched_twice_whenever_the_form_is_sent(
    station: tuple[Station, str], page: Page, seconds: float
) -> None:
    counted, address = station
    page.goto(address)
    page.wait_for_timeout(seconds * 1000)
    page.goto(f"{address}/app")
    page.wait_for_function("document.title === 'here'")
    page.wait_for_timeout(1500)
    assert counted.asked == dict.fromkeys(counted.files, 1)


def test_whoever_saves_data_fetches_nothing_in_advance(
    station: tuple[Station, str], page: Page
) -> None:
    counted, address = station
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    page.goto(address)
    page.wait_for_timeout(2000)
    page.wait_for_function(
        "async () => Boolean(await caches.match('/offline?lang=en&country=DE', "
        "{ ignoreVary: true }))"
    )
    assert not counted.asked
    # The page with the numbers again, once the country is known; the empty one is the same.
    assert counted.kept == {"/offline": 2, "/blank": 1}


def test_the_sign_in_page_brings_all_that_the_first_screen_asks_for(
    run: Run, visitor: Callable[..., Visitor]
) -> None:
    someone = visitor(run)
    page = someone.page
    page.goto(f"{run.url}/signin")
    base, files = page.evaluate(WARMED)
    someone.sign_in("blue-heron-27")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map((each) => [each.name, each.transferSize])"
    )
    engine = {name.split(base)[1]: size for name, size in loaded if base in name}
    assert len(files) == len(WANTED)
    assert set(engine) == set(files)
    assert [name for name, size in engine.items() if size] == []


# Wait until the browser has every file at hand, without asking for one itself.
WARMED = """async () => {
  const worker = await (await fetch('/sw.js')).text();
  const base = worker.match(/BASE = '([^']+)'/)[1];
  const { both, lean } = JSON.parse(worker.match(/FILES = (.+);/)[1]);
  const files = [...both, ...lean];
  for (const file of files) {
    for (let tries = 0; tries < 200; tries += 1) {
      const known = await fetch(base + file, { cache: 'only-if-cached', mode: 'same-origin' })
        .then((got) => got.ok, () => false);
      if (known) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return [base, files];
}"""
