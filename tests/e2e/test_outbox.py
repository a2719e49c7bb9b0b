"""Without network a message waits on the phone, unreadable there, and is sent once."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Visitor
from tests.e2e.test_chat import open_chat, write
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
KEPT = "window.outbox.all().then(JSON.stringify)"


def test_what_is_sent_without_network_arrives_once_and_the_box_is_empty(
    run: Run, visitor: Make
) -> None:
    mateo = visitor(run, PHONE)
    mateo.sign_in("bright-otter-58")
    open_chat(mateo)
    write(mateo, "I found")
    page = mateo.page
    page.context.set_offline(True)

    box = page.locator("#box")
    expect(box.locator("textarea")).to_have_value("I found", timeout=20_000)
    expect(box).to_contain_text("can read this")
    box.locator("textarea").fill("I found the letter")
    box.get_by_role("button", name="Send").click()
    expect(box.get_by_role("listitem")).to_contain_text("I found the letter")
    kept = page.evaluate(KEPT)
    assert kept.count('"letter"') == 1
    assert "found" not in kept

    page.context.set_offline(False)
    expect(box).to_be_hidden(timeout=40_000)
    sent = page.get_by_role("main").get_by_role("button", name="I found the letter")
    expect(sent).to_have_count(1, timeout=40_000)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("", timeout=20_000)
    assert page.evaluate(KEPT) == "[]"
