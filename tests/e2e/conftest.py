"""One running copy of the product and one browser for all stories; a new profile for each."""

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    expect,
)

from app.safety.model import COUNTRIES, help_book
from tests.e2e.chromium import browser as chromium
from tests.fixtures.run import Run, running

_NEUTRAL = {help_book().neutral_site(country) for country in (None, *COUNTRIES)}
PHONE, TABLET = (390, 844), (820, 1180)
_VISITORS = pytest.StashKey[list["Visitor"]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the stories, and put them last: their browser keeps an event loop running until the
    end of the session, and no asyncio test can run beside one."""
    for item in items:
        if _is_story(item):
            item.add_marker(pytest.mark.browser)
    items.sort(key=_is_story)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that failed says what its people had in front of them."""
    report = yield
    if report.when == "call" and report.failed:
        for someone in item.stash.get(_VISITORS, []):
            report.sections.append((f"what stood at {someone.page.url}", someone.tells()))
    return report


def _is_story(item: pytest.Item) -> bool:
    return item.path.is_relative_to(Path(__file__).parent)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The product with its demo organisation."""
    with running(tmp_path_factory.mktemp("run") / "data") as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., "Visitor"]]:
    """Makes people who sit in front of a browser of their own.

    No story may make a browser ask a foreign host, or try to; the neutral site of the quick exit
    is the exception, as a page and nothing else.
    """
    contexts: list[BrowserContext] = []
    visitors = request.node.stash[_VISITORS] = list[Visitor]()

    def make(
        run: Run, size: tuple[int, int] = PHONE, language: str = "en", scheme: str = "light"
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        visitors.append(Visitor(run, context.new_page()))
        return visitors[-1]

    yield make
    for context in contexts:
        context.close()
    assert [each for someone in visitors for each in someone.foreign] == []


class Visitor:
    """Somebody with a browser: what they see, hear from a screen reader, and do."""

    def __init__(self, run: Run, page: Page) -> None:
        self.run, self.page = run, page
        self.foreign: list[str] = []
        # Every host that the browser spoke to, or wanted to.
        self.asked: set[str] = set()
        page.context.on("request", self._watch)
        page.on("websocket", lambda socket: self.asked.add(urlsplit(socket.url).netloc))
        self._said: deque[str] = deque(maxlen=20)
        page.context.on("console", self._listen)

    def sign_in(self, login: str) -> None:
        """With the demo's secret, and wait until the first screen is drawn."""
        person = next(each for each in self.run.demo() if each["login"] == login)
        self.page.goto(self.run.url)
        self.page.fill("input[name=login]", person["login"])
        self.page.fill("input[name=secret]", person["secret"])
        self.page.click("main form button")
        self.sees(person["name"])

    def sign_out(self) -> None:
        self.page.goto(f"{self.run.url}/signout")
        self.page.click("main form button")
        self.page.wait_for_url("**/signed-out")

    def types(self, label: str, text: str) -> None:
        """Write into a field of the app as a person does: once it has the keyboard."""
        field = self.page.get_by_label(label, exact=True)
        field.wait_for(timeout=40_000)
        self._gives_keyboard(field)
        for pause in (100, 200, 400, 800, 1600):
            # The engine takes a field over a moment after it has the keyboard, and forgets what
            # came before. No hand is that quick.
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
            self.page.wait_for_timeout(pause)
            if field.input_value() == text:
                return
            self._gives_keyboard(field)
        expect(field).to_have_value(text)

    def _gives_keyboard(self, field: Locator) -> None:
        """Flutter takes the keyboard away again where it draws something else meanwhile; a hand
        taps once more then."""
        for _ in range(4):
            field.click()
            with contextlib.suppress(AssertionError):
                return expect(field).to_be_focused(timeout=2_500)
        expect(field).to_be_focused(timeout=10_000)

    def sees(self, text: str, seconds: float = 40) -> None:
        """Wait until `text` is on the screen, as a screen reader finds it: as a text, or as the
        label of what it belongs to."""
        found = self.page.locator("body").get_by_text(text).or_(self.page.get_by_label(text))
        found.first.wait_for(state="attached", timeout=seconds * 1000)

    def sees_no_more(self, text: str) -> None:
        """Wait until `text` is nowhere on the screen."""
        expect(self.page.locator("body")).not_to_contain_text(text, timeout=20_000)

    def _watch(self, request: Request) -> None:
        at = urlsplit(request.url)
        if at.scheme in {"http", "https"}:
            self.asked.add(at.netloc)
        left = request.is_navigation_request() and request.url in _NEUTRAL
        if (
            at.scheme in {"http", "https"}
            and at.netloc != urlsplit(self.run.url).netloc
            and not left
        ):
            self.foreign.append(request.url)

    def _listen(self, message: ConsoleMessage) -> None:
        self._said.append(f"{message.type}: {message.text}")
        # What the policy forbids was tried all the same.
        if "Content Security Policy" in message.text:
            self.foreign.append(message.text)

    def tells(self) -> str:
        """What a screen reader finds at this moment, and the newest lines of the console."""
        try:
            words = self.page.locator("body").aria_snapshot(timeout=5000)
        except Error as error:
            words = str(error)
        return "\n".join([words, *self._said])

    def everything(self) -> str:
        """All that the page says at this moment, markup included."""
        return self.page.content()
