"""A phone's keyboard stays while one message after the other is sent."""

from app.core.hints import Fanout
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, pair

__all__ = ["pair"]


async def _chatting(two: Pair, platform: str) -> Visitor:
    device = {"platform": platform}
    amber = await Visitor.open(two.amber.begin(Fanout()), route="/chat", device=device)
    await amber.until(lambda: "Message" in amber.texts, "the box")
    return amber


def _box(visitor: Visitor) -> int:
    """Which field it is; another one has no keyboard."""
    (found,) = (node for node in visitor.browser.nodes() if node.get("label") == "Message")
    number: int = found["_i"]
    return number


def _keeping(visitor: Visitor) -> bool:
    """Whether the page is told that the button leaves the keyboard to the box."""
    return any(node.get("identifier") == "keeps-keyboard" for node in visitor.browser.nodes())


async def test_a_tap_on_send_leaves_a_phone_its_keyboard(pair: MakePair) -> None:
    two = await pair()
    amber = await _chatting(two, "android")
    assert _keeping(amber)
    box = _box(amber)
    await amber.fire(box, "focus", None)
    await amber.type("Message", "one")
    await amber.tap("Send")
    await amber.until_sees("Sent")
    assert (_box(amber), amber.written("Message")) == (box, "")

    # Its key was pressed away: a screen reader hears of an empty box only from a new one.
    await amber.fire(box, "blur", None)
    await amber.type("Message", "two")
    await amber.tap("Send")
    assert _box(amber) != box
    assert amber.written("Message") == ""


async def test_where_there_are_keys_nothing_of_it_is_needed(pair: MakePair) -> None:
    amber = await _chatting(await pair(), "linux")
    assert not _keeping(amber)
