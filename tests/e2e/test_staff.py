"""A colleague invited by mail comes in, is seen at once, and is out at once when removed."""

import re
from collections.abc import Callable
from html import unescape

import httpx

from tests.e2e.conftest import TABLET, Visitor
from tests.fixtures.mails import links_to
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
PASSPHRASE = "four quiet blue boats"
EMAIL = "rosa@post.example"


def press(visitor: Visitor, name: str | re.Pattern[str]) -> None:
    """Press the button of exactly this name."""
    button = visitor.page.get_by_role("button", name=name, exact=True).first
    button.wait_for(state="attached", timeout=40_000)
    button.click()


def invite(coordinator: Visitor, name: str) -> str:
    """Fill in the form for a mentor and send it; returns where the mail leads."""
    page = coordinator.page
    page.goto(f"{coordinator.run.url}/staff/new")
    coordinator.types("Name", name)
    coordinator.types("E-mail address", EMAIL)
    press(coordinator, "Mentor")
    press(coordinator, "Send the invitation")
    coordinator.sees("The invitation is on its way")
    (link,) = links_to(coordinator.run.home / "mail", EMAIL)
    return link


def row(coordinator: Visitor, name: str, state: str) -> None:
    """Wait until somebody stands in the list like that; five seconds, and no reload."""
    both = re.compile(f"{name}.*{state}", re.DOTALL)
    found = coordinator.page.get_by_role("button", name=both).first
    found.wait_for(state="attached", timeout=5_000)


def test_invited_by_mail_in_at_once_and_removed_while_signed_in(run: Run, visitor: Make) -> None:
    coordinator = visitor(run, TABLET)
    coordinator.sign_in("miriam@hafenlicht.example")
    link = invite(coordinator, "Rosa Lima")
    assert link.startswith(f"{run.url}/invited?code=")
    row(coordinator, "Rosa Lima", "Invited, not here yet")

    rosa = visitor(run, TABLET)
    rosa.page.goto(link)
    assert "Miriam Okafor invites you." in rosa.page.inner_text("main").replace(
        "\u2068", ""
    ).replace("\u2069", "")
    rosa.page.goto(link)
    rosa.page.fill("input[name=passphrase]", PASSPHRASE)
    rosa.page.click("main form button")
    rosa.sees("Rosa Lima")
    row(coordinator, "Rosa Lima", "Not cleared")

    press(coordinator, re.compile("Rosa Lima"))
    press(coordinator, "Remove access")
    press(coordinator, "Does not work here any more")
    rosa.page.wait_for_url("**/signed-out", timeout=10_000)
    rosa.page.goto(run.url)
    assert "/signin" in rosa.page.url
    rosa.page.fill("input[name=login]", EMAIL)
    rosa.page.fill("input[name=secret]", PASSPHRASE)
    rosa.page.click("main form button")
    rosa.page.wait_for_load_state()
    rosa.page.goto(link)
    rosa.sees("This invitation does not work any more.")


def test_the_demo_has_an_open_invitation_in_its_mail(run: Run, visitor: Make) -> None:
    # Read without the browser: the post office is no page of the app.
    address = run.status()["mail_url"]
    mail = re.search(r'href="/mail(/[^"]*)">leyla@hafenlicht.example', httpx.get(address).text)
    assert mail
    link = re.search(r'href="([^"]*/invited[^"]*)"', httpx.get(address + mail[1]).text)
    assert link
    reader = visitor(run)
    reader.page.goto(unescape(link[1]))
    reader.sees("Hafenlicht")
    reader.sees("Miriam Okafor")
