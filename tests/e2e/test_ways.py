"""Joining and coming back with a PIN or pictures, with and without script, in Arabic too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.core.ids import hash_cookie
from tests.e2e.conftest import PHONE, Visitor
from tests.e2e.test_first_screen import client_of
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
PIN = "493827"
FOUR = ("sun", "fish", "key", "leaf")


@pytest.fixture
def code(run: Run) -> str:
    """A code for somebody new, as their coordinator hands it out."""
    client = client_of(run, "coordinator")
    place: Any = client.table("memberships").select("organisation_id").limit(1).execute().data
    wish = {
        "p_organisation": place[0]["organisation_id"],
        "p_name": "Nour",
        "p_role": "young_person",
        "p_language": "en",
    }
    added: Any = client.rpc("add_person", wish).execute().data
    return str(added["code"])


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone without script, whose owner reads Arabic."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False, locale="ar"
    )
    yield context.new_page()
    context.close()


def tap(page: Page, pictures: tuple[str, ...]) -> None:
    """One after the other, as a finger does: each only when it can be seen."""
    for place, name in enumerate(pictures, 1):
        page.locator(f"label:has([name=p{place}][value={name}])").click(timeout=2000)


def send(page: Page) -> None:
    page.locator("main form button").click()


def test_joined_with_a_pin_left_and_came_back(run: Run, visitor: Make, code: str) -> None:
    phone = visitor(run, PHONE)
    page = phone.page
    page.goto(f"{run.url}/join/{code}")
    page.fill("input[name=name]", "Nour")
    page.check("input[name=way][value=pin]")
    page.fill("#pin", PIN)
    send(page)
    assert "-" in page.inner_text(".keep")
    page.get_by_role("link", name="Go on").click()
    phone.sees("My key worker")

    page.goto(f"{run.url}/signout")
    assert page.is_checked("input[value=keep]")
    send(page)
    page.wait_for_url("**/signed-out")
    assert {each["name"].rpartition("-")[0] for each in page.context.cookies()} == {
        "handrail-known"
    }
    page.goto(run.url)
    assert "Nour" not in phone.everything()
    page.fill("#pin", "730184")
    send(page)
    phone.sees("tries left")
    page.fill("#pin", PIN)
    send(page)
    phone.sees("My key worker")


def test_locked_from_elsewhere_and_opened_again_where_one_was(
    run: Run, visitor: Make, code: str
) -> None:
    phone = visitor(run, PHONE)
    page = phone.page
    page.goto(f"{run.url}/join/{code}")
    page.fill("input[name=name]", "Nour")
    page.check("input[name=way][value=pin]")
    page.fill("#pin", PIN)
    send(page)
    page.goto(f"{run.url}/me")
    phone.sees("Text size")

    cookies = {each["name"].rpartition("-")[0]: each["value"] for each in page.context.cookies()}
    wish = {"p_cookie_hash": hash_cookie(cookies["handrail"])}
    client_of(run, "coordinator").rpc("lock_device", wish).execute()
    page.wait_for_url("**/locked?next=%2Fme", timeout=10_000)
    assert "Nour" not in phone.everything()
    page.fill("#pin", PIN)
    send(page)
    page.wait_for_url("**/me")
    phone.sees("Text size")


def test_joined_with_pictures_in_arabic_without_script(run: Run, plain: Page, code: str) -> None:
    plain.goto(f"{run.url}/join/{code}")
    assert plain.locator("html[dir=rtl][lang=ar]").count() == 1
    plain.fill("input[name=name]", "نور")
    plain.locator("label:has([value=pictures])").click()
    tap(plain, FOUR[:2])
    # A second thought: the first one again, and another in its place.
    plain.locator("label.none:has([name=p1])").click()
    tap(plain, ("boat",))
    plain.locator("label.none:has([name=p1])").click()
    tap(plain, (FOUR[0],))
    for place in (3, 4):
        plain.locator(f"label:has([name=p{place}][value={FOUR[place - 1]}])").click()
    send(plain)
    assert "-" in plain.inner_text(".keep")

    plain.goto(f"{run.url}/signout")
    send(plain)
    plain.goto(f"{run.url}/signin")
    assert "نور" not in plain.content()
    tap(plain, FOUR[::-1])
    send(plain)
    assert plain.get_by_role("alert").count() == 1
    tap(plain, FOUR)
    send(plain)
    # Behind the door is Flet, which needs script: that this page comes shows who is signed in.
    assert plain.url == f"{run.url}/"


def test_five_wrong_pins_on_a_found_phone_open_nothing(run: Run, visitor: Make, code: str) -> None:
    page = visitor(run, PHONE).page
    page.goto(f"{run.url}/join/{code}")
    page.fill("input[name=name]", "Nour")
    page.check("input[name=way][value=pin]")
    page.fill("#pin", PIN)
    send(page)
    page.goto(f"{run.url}/signout")
    send(page)
    for guess in range(5):
        page.goto(f"{run.url}/signin")
        page.fill("#pin", f"73018{guess}")
        send(page)
    assert "This device knows you no more." in page.content()
    page.goto(f"{run.url}/signin")
    assert page.locator("#pin").count() == 0
    assert page.locator("input[name=login]").count() == 1


@pytest.mark.parametrize(("width", "percent"), [(390, 100), (320, 100), (320, 200)])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_way_fits_a_small_phone_and_large_text(
    run: Run, browser: Browser, code: str, width: int, percent: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    page = context.new_page()
    try:
        page.goto(f"{run.url}/join/{code}")
        page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
        for way in ("pin", "pictures", "passphrase"):
            page.locator(f"label:has([name=way][value={way}])").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for box in boxes(page):
                assert min(box) >= 48, (way, box)
    finally:
        context.close()


def boxes(page: Page) -> list[list[float]]:
    """Width and height of all that a finger may want to hit, outside of sentences."""
    found: list[list[float]] = page.evaluate(
        """[...document.querySelectorAll('label:has(input), button, summary, .button')]
        .map((each) => each.getBoundingClientRect()).filter((box) => box.width)
        .map((box) => [box.width, box.height])"""
    )
    return found
