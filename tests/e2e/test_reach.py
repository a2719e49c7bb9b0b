"""What Flutter takes from people who see little and our page gives back; and keys alone."""

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, FloatRect, Page, Route

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
_GIVEN_BACK = ("zoom();", "ring();", "landmark();")
_NAME = """() => {
    const it = document.activeElement;
    // The canvas itself is a stop too, and has all the words of the screen.
    if (it.localName === 'flutter-view') return '';
    return (it.getAttribute('aria-label') ?? it.textContent).replace(/[⁦-⁩]/g, '').trim();
}"""
# What is said aloud: Flutter takes each sentence away again after a moment.
_LISTEN = """() => {
    window.said = [];
    const told = (node) => node.parentElement?.closest('flt-announcement-host');
    new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
        if (told(node)) window.said.push(node.textContent);
    }))).observe(document, { subtree: true, childList: true });
}"""


@dataclass(frozen=True)
class Reach:
    """How much two fingers enlarge, how wide Flutter draws then, how many main parts there are, and
    which share of a row and its edge changes by 3 : 1 or more when it has the keyboard."""

    scale: float
    width: str
    mains: int
    plain: float


@pytest.mark.parametrize("helped", [True, False])
def test_fingers_enlarge_and_the_focus_is_plain_as_long_as_flutter_does_not_do_it(
    run: Run, browser: Browser, helped: bool
) -> None:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
        is_mobile=True,
        locale="en",
        bypass_csp=not helped,
        # What a worker answers no test can change on its way.
        service_workers="block",
    )
    try:
        page = context.new_page()
        if not helped:
            # A page that a test hands over comes from nowhere, for whom this machine is foreign; an
            # older browser asks nothing.
            with contextlib.suppress(Error):
                context.grant_permissions(["local-network-access"])
            page.route(f"{run.url}/me", without_help)
        reach = reach_of(run, page)
    finally:
        context.close()
    if helped:
        assert reach.scale > 1.5
        assert reach.width == f"{PHONE[0]}px"
        assert reach.mains == 1
        assert reach.plain > 0.05, reach
    else:
        # Whatever differs here, Flutter does by itself now: take it out of reach.js.
        assert (reach.scale, reach.mains) == (1, 0)
        assert reach.plain < 0.03, reach


def without_help(route: Route) -> None:
    """The page around Flet as it would be without `reach.js`."""
    answer = route.fetch()
    page = answer.text()
    for call in _GIVEN_BACK:
        assert page.count(f"\n  {call}") == 1
        page = page.replace(f"\n  {call}", "")
    route.fulfill(response=answer, body=page)


def reach_of(run: Run, page: Page) -> Reach:
    someone = Visitor(run, page)
    page.goto(f"{run.url}/signin?next=/help")
    person = next(each for each in run.status()["demo"] if each["login"] == "blue-heron-27")
    page.fill("input[name=login]", person["login"])
    page.fill("input[name=secret]", person["secret"])
    page.click("main form button")
    page.wait_for_url("**/help**")
    page.goto(f"{run.url}/me")
    someone.sees("Text size")
    page.wait_for_timeout(500)
    plain = share_that_changes(page, "Text size")
    pinch(page)
    scale = page.evaluate("visualViewport.scale")
    width = page.evaluate("document.querySelector('flutter-view').style.width")
    return Reach(scale, width, page.locator("[role=main], main").count(), plain)


def share_that_changes(page: Page, name: str) -> float:
    """Which share of the pixels at a button changes plainly when the keyboard comes to it."""
    box = page.get_by_role("button", name=name).bounding_box()
    assert box
    clip: FloatRect = {
        "x": box["x"] - 8,
        "y": box["y"] - 8,
        "width": box["width"] + 16,
        "height": box["height"] + 16,
    }
    page.locator("#exit").focus()
    before = page.screenshot(clip=clip)
    walk_to(page, name)
    page.wait_for_timeout(500)
    pairs = list(zip(brightness(before), brightness(page.screenshot(clip=clip)), strict=True))
    plain = sum((max(pair) + 0.05) / (min(pair) + 0.05) >= 3 for pair in pairs)
    return plain / len(pairs)


def brightness(png: bytes) -> list[float]:
    """The relative luminance of every pixel, as WCAG counts it."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    known = [linear(part) for part in range(256)]
    image = Image.open(io.BytesIO(png)).convert("RGB")
    data = image.tobytes()
    return [
        0.2126 * known[data[i]] + 0.7152 * known[data[i + 1]] + 0.0722 * known[data[i + 2]]
        for i in range(0, len(data), 3)
    ]


def pinch(page: Page) -> None:
    """Two fingers that move apart on the screen."""
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *across: float) -> None:
        points = [{"x": x, "y": 400, "id": number} for number, x in enumerate(across)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 185)
    touch("touchStart", 185, 205)
    for step in range(1, 16):
        touch("touchMove", 185 - 5 * step, 205 + 5 * step)
        page.wait_for_timeout(16)
    touch("touchEnd")
    page.wait_for_timeout(500)


def walk_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until what carries `name` has the keyboard."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(_NAME).startswith(name):
            return
    raise AssertionError(f"the keyboard does not come to {name!r}")


def hears(page: Page, words: str) -> None:
    """Wait until a screen reader was told a sentence that begins so."""
    for _ in range(100):
        if any(each.startswith(words) for each in page.evaluate("window.said")):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"nobody said {words!r}: {page.evaluate('window.said')}")


def test_by_keys_alone_somebody_signs_in_opens_a_person_and_adds_one(
    run: Run, visitor: Make
) -> None:
    worker = visitor(run, TABLET)
    page, keyboard = worker.page, worker.page.keyboard
    person = next(each for each in run.status()["demo"] if each["role"] == "key_worker")
    page.goto(f"{run.url}/signin")
    # The first field has the keyboard already.
    keyboard.type(person["login"])
    keyboard.press("Tab")
    keyboard.type(person["secret"])
    keyboard.press("Enter")
    worker.sees("Hello")
    page.evaluate(f"({_LISTEN})()")

    for tab, found in (("Me", "Sign out"), ("Home", "Hello"), ("People", "My young people")):
        walk_to(page, tab)
        keyboard.press("Enter")
        worker.sees(found)
    walk_to(page, "Selam")
    keyboard.press("Enter")
    worker.sees("They cannot get in any more?")
    walk_to(page, "Add a young person")
    keyboard.press("Enter")
    page.wait_for_url("**/people/new")
    worker.sees("Get a code")
    walk_to(page, "Get a code")
    keyboard.press("Enter")
    hears(page, "Please write a name")
    walk_to(page, "The name they want to use")
    keyboard.type("Ada Keys")
    keyboard.press("Enter")
    worker.sees("A code for")
