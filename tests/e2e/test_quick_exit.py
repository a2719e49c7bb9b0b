"""Leaving at once: the screen is empty before anything else happens, also when nobody answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from playwright.sync_api import Page, Request, Route

from app.safety.model import help_book
from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
LOGIN = "blue-heron-27"
SITE = help_book().neutral_site("DE")
AT_ONCE = 0.1


class Neutral:
    """Stands in for the neutral site, which no test may really ask."""

    def __init__(self, page: Page) -> None:
        self.asked: list[Request] = []
        page.context.route(f"{SITE}**", self._serve)

    def _serve(self, route: Route, request: Request) -> None:
        self.asked.append(request)
        route.fulfill(body="<title>Weather</title>Sunny", content_type="text/html")


@pytest.fixture
def someone(run: Run, visitor: Make) -> Visitor:
    signed_in = visitor(run)
    signed_in.sign_in(LOGIN)
    return signed_in


@contextmanager
def stopped(run: Run) -> Iterator[None]:
    """Every process of the product stands still, as a server that does not answer does."""
    assert run.process
    parent = psutil.Process(run.process.pid)
    processes = [parent, *parent.children(recursive=True)]
    for each in processes:
        each.suspend()
    try:
        yield
    finally:
        for each in processes:
            each.resume()


# The tap and the look at what is left, in one breath: nothing else can happen in between.
TAP = """() => {
    const start = performance.now();
    document.getElementById('exit').click();
    const left = document.body.childElementCount + document.title.length;
    return [left, performance.now() - start];
}"""


def test_a_tap_empties_the_screen_at_once_also_when_the_server_stands_still(
    run: Run, someone: Visitor
) -> None:
    Neutral(someone.page)
    with stopped(run):
        left, milliseconds = someone.page.evaluate(TAP)
        assert left == 0
        assert milliseconds / 1000 <= AT_ONCE
        someone.page.wait_for_url(SITE, timeout=5000)
        assert "Selam" not in someone.everything()


def test_shift_three_times_leaves_and_writing_capitals_does_not(someone: Visitor) -> None:
    neutral = Neutral(someone.page)
    keyboard = someone.page.keyboard
    for _ in range(3):
        keyboard.press("Shift+A")
    keyboard.press("Shift")
    keyboard.press("Shift")
    someone.page.wait_for_timeout(2000)
    keyboard.press("Shift")
    someone.page.wait_for_timeout(500)
    assert not neutral.asked
    keyboard.press("Shift")
    keyboard.press("Shift")
    someone.page.wait_for_url(SITE)


def test_the_page_leaves_the_history_and_tells_the_other_site_nothing(
    someone: Visitor,
) -> None:
    page = someone.page
    neutral = Neutral(page)
    length = page.evaluate("history.length")
    page.locator("#exit").click()
    someone.page.wait_for_url(SITE)
    assert page.evaluate("history.length") == length
    assert page.evaluate("document.referrer") == ""
    assert "referer" not in neutral.asked[0].headers


def test_the_installed_app_shows_an_empty_page_of_its_own(someone: Visitor) -> None:
    # As Safari says it; no browser here can be told to be an installed app.
    someone.page.evaluate("Object.defineProperty(navigator, 'standalone', { value: true })")
    someone.page.locator("#exit").click()
    someone.page.wait_for_url("**/blank")
    assert "Selam" not in someone.everything()


def test_on_a_plain_page_the_keyboard_reaches_both_and_the_space_bar_leaves(
    run: Run, visitor: Make
) -> None:
    page = visitor(run).page
    page.goto(f"{run.url}/signin")
    page.context.route("https://**", lambda route: route.fulfill(body="Sunny"))
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')?.slice(0, 5)"))
        if reached[-1] == "https":
            break
    assert reached[-2:] == ["/help", "https"]
    page.keyboard.press("Space")
    page.wait_for_url("https://**")


@pytest.mark.parametrize("path", ["/", "/signin", "/help", "/no/such/place"])
def test_help_and_exit_are_on_every_page_and_large_enough(
    run: Run, visitor: Make, path: str
) -> None:
    guest = visitor(run)
    guest.page.goto(f"{run.url}{path}")
    links = guest.page.locator("header.corner a")
    assert links.count() == (1 if path == "/help" else 2)
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 48


def test_without_script_the_exit_still_leads_away(run: Run, visitor: Make) -> None:
    guest = visitor(run)
    plain = guest.page.context.browser
    assert plain
    context = plain.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{run.url}/signin")
        address = page.locator("#exit").get_attribute("href")
        assert address == help_book().neutral_site(None)
    finally:
        context.close()
