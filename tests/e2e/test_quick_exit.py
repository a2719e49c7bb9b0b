"""Leaving at once: the screen is empty before anything else happens, also when nobody answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, Route

from app.safety.model import help_book
from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
LOGIN = "blue-heron-27"
SITE = help_book().neutral_site("DE")
AT_ONCE = 0.1


class Neutral:
    """The neutral site, which no test may really ask; it answers at once, or when told to."""

    def __init__(self, page: Page, *, at_once: bool = True) -> None:
        self.page, self.at_once = page, at_once
        self.asked: list[Route] = []
        page.context.route(f"{SITE}**", self._serve)

    def _serve(self, route: Route) -> None:
        self.asked.append(route)
        if self.at_once:
            self.answer(route)

    def answer(self, route: Route) -> None:
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


def colours(judge: Page, picture: str) -> int:
    """How many different colours a picture has, up to ten."""
    script = """async (data) => {
        const image = await createImageBitmap(await (await fetch(data)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        const pixels = new Uint32Array(
            canvas.getImageData(0, 0, image.width, image.height).data.buffer);
        const seen = new Set();
        for (const pixel of pixels) if (seen.add(pixel).size >= 10) break;
        return seen.size;
    }"""
    return int(judge.evaluate(script, f"data:image/png;base64,{picture}"))


# Notes when the finger touched and when the first frame after it was drawn.
WATCH = """addEventListener('click', (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.drawnAfter = performance.now() - event.timeStamp };
    channel.port2.postMessage(null);
}), true)"""


def test_a_tap_empties_the_screen_at_once_also_when_the_server_stands_still(
    run: Run, someone: Visitor, visitor: Make
) -> None:
    # Spoken to directly: Playwright itself would wait for the site that the page leaves for.
    direct = someone.page.context.new_cdp_session(someone.page)
    judge = visitor(run).page
    neutral = Neutral(someone.page, at_once=False)
    box = someone.page.locator("#exit").bounding_box()
    assert box
    place = {"x": box["x"] + 20, "y": box["y"] + 20, "button": "left", "clickCount": 1}

    def evaluate(script: str) -> Any:
        answer = direct.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
        return answer["result"].get("value")

    evaluate(WATCH)
    with stopped(run):
        assert colours(judge, direct.send("Page.captureScreenshot")["data"]) == 10
        direct.send("Input.dispatchMouseEvent", {"type": "mousePressed", **place})
        tapped = time.monotonic()
        direct.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **place})
        asked_after = time.monotonic() - tapped
        picture = direct.send("Page.captureScreenshot")["data"]
        assert colours(judge, picture) == 1
        assert asked_after <= AT_ONCE
        assert evaluate("document.body.childElementCount === 0 && document.title === ''")
        assert evaluate("window.drawnAfter") / 1000 <= AT_ONCE
    assert neutral.asked, "the page does not leave"
    neutral.answer(neutral.asked[0])
    someone.page.wait_for_url(SITE)


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
    assert "referer" not in neutral.asked[0].request.headers


def test_the_installed_app_shows_an_empty_page_of_its_own(someone: Visitor) -> None:
    session = someone.page.context.new_cdp_session(someone.page)
    standalone = [{"name": "display-mode", "value": "standalone"}]
    session.send("Emulation.setEmulatedMedia", {"features": standalone})
    someone.page.locator("#exit").click()
    someone.page.wait_for_url("**/blank")
    assert "Selam" not in someone.everything()


def test_the_keyboard_reaches_both_and_the_space_bar_leaves(someone: Visitor) -> None:
    Neutral(someone.page)
    names = []
    for _ in range(2):
        someone.page.keyboard.press("Tab")
        names.append(someone.page.evaluate("document.activeElement.textContent"))
    assert len(set(names)) == 2
    assert someone.page.evaluate("document.activeElement.id") == "exit"
    someone.page.keyboard.press("Space")
    someone.page.wait_for_url(SITE)


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
