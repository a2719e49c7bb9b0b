"""A file beside the box: chosen, brought, sent, seen by the other, opened, taken back."""

from typing import Any

from app.core.files import Files
from app.core.hints import Fanout
from app.core.live import LiveHub
from app.core.seal import Seal
from app.messages.attachments import BUCKET, Attachments, Uploads
from tests.fixtures.people import KEYS
from tests.people.pictures import from_a_phone
from tests.ui.conftest import Account
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, pair
from tests.ui.test_chat import chatting

__all__ = ["pair"]


async def chooses(visitor: Visitor, name: str, size: int = 5_000) -> None:
    """The browser says what was chosen, after the button opened the choice by itself."""
    files = [{"id": 1, "name": name, "size": size}]
    await visitor.fire(_picker(visitor), "result", {"files": files})


async def brings(visitor: Visitor, account: Account, name: str, content: bytes) -> None:
    """What the browser does with the address it was given, and what it then says."""
    device, seal = account.device, Seal(KEYS)
    ticket = visitor.uploads[-1].rsplit("/", 1)[-1]
    place = Uploads(seal, device.cookie_hash).read(ticket)
    await Attachments(device.db, Files(device.client, BUCKET), seal).keep(*place, content)
    await told(visitor, name, 1.0)


async def told(visitor: Visitor, name: str, progress: float | None, error: str = "") -> None:
    event = {"file_name": name, "progress": progress, "error": error or None}
    await visitor.fire(_picker(visitor), "upload", event)


def _picker(visitor: Visitor) -> int:
    (found,) = (node for node in visitor.browser.nodes() if node.get("_c") == "FilePicker")
    number: int = found["_i"]
    return number


def pictures(visitor: Visitor) -> list[str]:
    """The addresses of the pictures on the screen."""
    nodes: list[dict[str, Any]] = [
        node for node in visitor.browser.nodes() if node.get("_c") == "Image"
    ]
    return [str(node["src"]) for node in nodes]


async def test_a_photo_is_sent_seen_by_the_other_opened_and_taken_back(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")

    await chooses(amber, "IMG_1.jpg")
    assert amber.sees("On its way to us")
    await amber.tap("Send")
    assert await two.said() == []
    await brings(amber, two.amber, "IMG_1.jpg", from_a_phone())
    assert amber.sees("Ready to send")
    await amber.tap("Send")

    await samira.until_sees("Photo from Amber")
    await amber.until_sees("Your photo")
    assert not amber.sees("Ready to send")
    ((message,), address) = ((await two.opened()).messages, pictures(samira)[-1])
    assert address.endswith(f"/attachments/{message.attachment.id}/small")
    await samira.tap("Photo from Amber")
    await samira.until(lambda: any("large" in each for each in pictures(samira)), "the large one")
    await samira.answer("Close")

    await amber.tap("Sent") if amber.sees("Sent") else await amber.tap("Read")
    await amber.answer("Take back")
    await amber.answer("Take back")
    await samira.until_sees("Taken back")
    assert not samira.sees("Photo from Amber")


async def test_what_cannot_be_taken_is_said_and_the_words_stay(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    await amber.type("Message", "Look at this")

    await chooses(amber, "film.mp4", 10_000_001)
    assert amber.sees("This file is too large.")
    assert amber.uploads == []
    await chooses(amber, "tool.png")
    error = "Upload endpoint returned code 422: type_not_allowed"
    await told(amber, "tool.png", None, error)
    assert amber.sees("We cannot take this kind.")
    await amber.tap("Send")
    assert await two.said() == []
    await chooses(amber, "again.png")
    await told(amber, "again.png", None, "XMLHttpRequest error")
    assert amber.sees("It did not arrive.")

    await amber.tap("Leave this")
    assert not amber.sees("It did not arrive.")
    assert amber.written("Message") == "Look at this"
    await amber.tap("Send")
    await amber.until_sees("Sent")
    assert await two.said() == ["Look at this"]


async def test_a_letter_is_offered_to_be_saved(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    amber = await chatting(two.amber, hub)
    await chooses(samira, "Form A.pdf")
    await brings(samira, two.samira, "Form A.pdf", b"%PDF-1.7\n" + bytes(1500))
    await samira.type("Message", "Please sign")
    await samira.tap("Send")

    await amber.until_sees("Please sign")
    assert amber.sees("Form A.pdf")
    assert amber.sees("2 kB")
    (address,) = (
        node["url"]["url"]
        for node in amber.browser.nodes()
        if isinstance(node.get("url"), dict) and "attachments" in str(node["url"])
    )
    message = (await two.opened()).messages[-1]
    assert address == f"/attachments/{message.attachment.id}/save"


async def test_a_file_waits_while_one_looks_at_another_screen(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    await chooses(amber, "Form.pdf")
    await amber.go("Me")
    await amber.until_sees("Text size")
    # It arrives while nobody looks.
    await brings(amber, two.amber, "Form.pdf", b"%PDF-1.7\n")
    await amber.go("Chat")
    await amber.until_sees("Ready to send")

    await amber.tap("Send")
    await amber.until_sees("Sent")
    assert (await two.opened()).messages[-1].attachment.name == "Form.pdf"
