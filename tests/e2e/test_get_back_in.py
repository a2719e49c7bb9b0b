"""A key worker makes a code and uses it themselves; one tap of the young person ends it."""

import re
from collections.abc import Callable

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.e2e.test_join import invite
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
OLD, NEW = "four quiet blue boats", "three new green words"


def test_the_young_person_sees_it_at_once_and_one_tap_ends_it_within_seconds(
    run: Run, visitor: Make
) -> None:
    worker, young, thief = visitor(run, TABLET), visitor(run, PHONE), visitor(run, PHONE)
    worker.sign_in("samira@hafenlicht.example")
    join(young, invite(worker, "Nilufar"), "Nilufar")
    young.sees("My key worker")

    code = make_code(worker, "Nilufar")
    young.sees("made a code for you to get back in.", seconds=8)
    young.sees("The reason: you have a new phone.", seconds=8)
    get_back_in(thief, code)
    thief.sees("You are back in")
    thief.sees("Samira Haddad")
    assert "made a code for you" not in thief.everything()
    assert "This was not me" not in thief.everything()
    young.sees("Somebody came in with the code of", seconds=8)

    press(young, "This was not me")

    thief.page.wait_for_url("**/signed-out", timeout=8_000)
    assert "Nilufar" not in thief.everything()
    hears(young, "The code is stopped. Your coordinators know.")
    thief.page.goto(run.url)
    assert "/signin" in thief.page.url
    coordinator = visitor(run, TABLET)
    coordinator.sign_in("miriam@hafenlicht.example")
    coordinator.sees("says: I did not ask for this code.")
    worker.page.goto(f"{run.url}/people")
    press(worker, "Nilufar", "They cannot get in any more", "Something else", "Make a code")
    worker.sees("They said no to a code. Please ask your coordinator.")
    press(coordinator, "Allow a new code")
    hears(coordinator, "The key worker can make a new code now.")
    press(worker, "Make a code")
    worker.sees("It works once, in the next 48 hours.")


def test_with_the_old_passphrase_everything_is_there_at_once(run: Run, visitor: Make) -> None:
    worker, young, phone = visitor(run, TABLET), visitor(run, PHONE), visitor(run, PHONE)
    worker.sign_in("samira@hafenlicht.example")
    join(young, invite(worker, "Ferhat"), "Ferhat")
    get_back_in(phone, make_code(worker, "Ferhat"))
    phone.sees("You are back in")
    press(phone, "Show that it is you")
    phone.page.wait_for_url("**/back/prove")
    phone.page.fill("input[name=secret]", NEW)
    phone.page.click("main form button")
    phone.sees("This is not the old one. Please try again.")
    phone.page.fill("input[name=secret]", OLD)
    phone.page.click("main form button")
    phone.sees("You see everything again")
    phone.page.click("main a.button")
    phone.sees("My key worker")
    # Their app takes up what it had, and asks what is true now.
    phone.sees_no_more("You are back in")


def join(someone: Visitor, code: str, name: str) -> None:
    page = someone.page
    page.goto(f"{someone.run.url}/join/{code}")
    page.fill("input[name=name]", name)
    come_in(someone, OLD)


def get_back_in(someone: Visitor, code: str) -> None:
    """By the address of the other kind of code: nobody has to know which one they hold."""
    someone.page.goto(f"{someone.run.url}/join/{code}")
    someone.page.wait_for_url("**/back/**")
    come_in(someone, NEW)


def come_in(someone: Visitor, passphrase: str) -> None:
    page = someone.page
    page.check("input[name=way][value=passphrase]")
    page.fill("input[name=passphrase]", passphrase)
    page.click("main form button")
    page.locator("main .keep").wait_for()
    page.goto(someone.run.url)


def make_code(worker: Visitor, name: str) -> str:
    """On the person's page; returns the code as it is read aloud."""
    worker.page.goto(f"{worker.run.url}/people")
    press(worker, name, "They cannot get in any more", "They have a new phone", "Make a code")
    worker.sees("sees now that you made this code.")
    heard = re.search(r"Code: \u2068?([0-9A-Z -]{27})", worker.page.content())
    assert heard
    return heard[1].replace(" ", "")


def hears(someone: Visitor, text: str) -> None:
    """As a screen reader says it when it appears."""
    someone.page.get_by_label(text).first.wait_for(state="attached", timeout=20_000)


def press(someone: Visitor, *names: str) -> None:
    """Tap these, one after the other, as soon as each is there."""
    for name in names:
        button = someone.page.get_by_role("button", name=re.compile(re.escape(name))).first
        button.wait_for(state="attached", timeout=20_000)
        # A tap counts where things are drawn, and they may still be on their way there.
        someone.page.wait_for_timeout(700)
        button.click()
