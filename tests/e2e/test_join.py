"""A key worker invites, a young person joins without script, each sees the other, live."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, ViewportSize

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
PASSPHRASE = "four quiet blue boats"


def invite(worker: Visitor, name: str) -> str:
    """Add a young person through the screen; returns the code as it is read aloud."""
    page = worker.page
    page.goto(f"{worker.run.url}/people/new")
    worker.types("The name they want to use", name)
    page.get_by_role("button", name="Get a code").click()
    worker.sees("It works once, in the next 48 hours.")
    heard = re.search(r"Code: \u2068?([0-9A-Z -]{27})", page.content())
    assert heard
    return heard[1].replace(" ", "")


def row(worker: Visitor, name: str, state: str) -> None:
    """Wait until somebody stands in the list like that; five seconds, and no reload."""
    both = re.compile(f"{name}.*{state}", re.DOTALL)
    found = worker.page.get_by_role("button", name=both).first
    found.wait_for(state="attached", timeout=5_000)


def test_invited_by_a_tablet_joined_on_a_phone_without_script_seen_by_both(
    run: Run, visitor: Make, browser: Browser
) -> None:
    worker = visitor(run, TABLET)
    worker.sign_in("samira@hafenlicht.example")
    code = invite(worker, "Rana")
    worker.sees("Rana")
    row(worker, "Rana", "Waiting for them to join")

    size = ViewportSize(width=PHONE[0], height=PHONE[1])
    context = browser.new_context(viewport=size, java_script_enabled=False, locale="en")
    phone = context.new_page()
    phone.goto(f"{run.url}/join/{code}")
    assert "Hafenlicht" in phone.inner_text("main")
    phone.fill("input[name=name]", "Rana")
    phone.check("input[name=way][value=passphrase]")
    phone.fill("input[name=passphrase]", PASSPHRASE)
    phone.click("main form button")
    login = phone.inner_text(".keep")
    context.close()

    row(worker, "Rana", "Joined")
    young = visitor(run, PHONE)
    young.page.goto(f"{run.url}/signin")
    young.page.fill("input[name=login]", login)
    young.page.fill("input[name=secret]", PASSPHRASE)
    young.page.click("main form button")
    young.sees("My key worker")
    young.sees("Samira Haddad")
    young.page.goto(f"{run.url}/join/{code}")
    young.sees("This code does not work any more.")
