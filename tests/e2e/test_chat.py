"""A young person's phone and a key worker's tablet, writing to each other."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
# A tab of the bar on a phone, a button of the rail on a tablet; news stand before the name.
_CHAT = re.compile(r"\bChat( Tab \d of \d)?$")


def open_chat(someone: Visitor, name: str | None = None) -> None:
    """Their own thread, or from the inbox the one with a young person."""
    bar = someone.page.get_by_role("tab", name=_CHAT)
    bar.or_(someone.page.get_by_role("button", name=_CHAT)).click()
    if name:
        someone.sees("Choose a chat from the list.")
        someone.page.get_by_role("button", name=re.compile(f"^{name}")).click()
    someone.page.get_by_label("Message", exact=True).wait_for()


def write(someone: Visitor, text: str) -> None:
    # The browser gives the keyboard to the page in front.
    someone.page.bring_to_front()
    someone.types("Message", text)


def send(someone: Visitor, text: str) -> None:
    write(someone, text)
    someone.page.get_by_role("button", name="Send", exact=True).click()
    box = someone.page.get_by_label("Message", exact=True)
    expect(box).to_have_value("", timeout=20_000)


def test_a_phone_and_a_tablet_write_to_each_other(run: Run, visitor: Make) -> None:
    emeka, samira = visitor(run, PHONE), visitor(run, TABLET)
    emeka.sign_in("steady-lark-35")
    samira.sign_in("samira@hafenlicht.example")
    open_chat(emeka)
    open_chat(samira, "Emeka")

    send(emeka, "The bus did not come")
    samira.sees("The bus did not come")
    # A tablet with keys: the message goes with Enter, and the keyboard stays for the next one.
    write(samira, "Shall I fetch you?")
    samira.page.keyboard.press("Enter")
    emeka.sees("Shall I fetch you?")
    expect(samira.page.get_by_label("Message", exact=True)).to_be_focused(timeout=20_000)
    send(emeka, "Yes please")
    samira.sees("Yes please")
    samira.page.get_by_role("button", name=re.compile("Shall I fetch you.*Read")).wait_for()
