"""Hiding a message: gone on this device, undone with a tap, brought back later, and never told."""

from uuid import uuid4

from app.core.hints import Fanout
from app.core.live import LiveHub
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, messages_of, pair

__all__ = ["pair"]

SECRET, REPLY = "Meet me at the shelter", "I will be there"
# Too long for the reply to repeat.
MORE = "at nine, and do not tell anybody about it, please, not before we have talked about it all."


async def _looking(two: Pair, hub: LiveHub | Fanout, memory: dict[str, object]) -> Visitor:
    amber = await Visitor.open(two.amber.begin(hub), route="/chat", memory=memory)
    await amber.until(lambda: "Message" in amber.texts, "the box")
    return amber


async def _wrote(pair: MakePair) -> Pair:
    two = await pair()
    (secret,) = await two.write(two.samira, f"{SECRET} {MORE}")
    sender = messages_of(two.amber)
    await sender.send(two.thread, uuid4(), REPLY, secret.id)
    return two


async def _hide(amber: Visitor) -> None:
    await amber.tap(f"{SECRET} {MORE}")
    await amber.tap("Hide on this device")
    await amber.until_gone(SECRET)


async def test_it_is_gone_here_also_where_a_reply_repeats_it_and_nowhere_else(
    pair: MakePair, hub: LiveHub
) -> None:
    two, memory = await _wrote(pair), dict[str, object]()
    amber = await _looking(two, hub, memory)
    await _hide(amber)
    assert amber.sees(REPLY)
    assert amber.sees("Hidden on this device")
    await two.write(two.samira, "And one more")
    await amber.until_sees("And one more")
    assert not amber.sees(SECRET)
    await amber.leave()

    again = await _looking(two, hub, memory)
    assert again.sees(REPLY)
    assert not again.sees(SECRET)
    # Not even sent to the browser, where somebody could find it.
    assert not any(SECRET.encode() in frame for frame in again.heard)
    elsewhere = await _looking(two, hub, {})
    assert elsewhere.sees(SECRET)


async def test_a_tap_brings_it_back_at_once_or_later(pair: MakePair) -> None:
    two, memory = await _wrote(pair), dict[str, object]()
    amber = await _looking(two, Fanout(), memory)
    await _hide(amber)
    await amber.tap("Undo")
    await amber.until_sees(SECRET)
    await amber.tap("About this chat")
    assert not amber.sees("hidden message")

    await amber.answer("Close")
    await _hide(amber)
    await amber.leave()
    later = await _looking(two, Fanout(), memory)
    await later.tap("About this chat")
    await later.tap("Show 1 hidden message")
    await later.until_sees(SECRET)
    await later.leave()
    assert (await _looking(two, Fanout(), memory)).sees(SECRET)


async def test_what_stands_there_instead_hides_nothing(pair: MakePair) -> None:
    two = await _wrote(pair)
    memory: dict[str, object] = {"handrail.hidden": "no=thread 7 = ==,"}
    amber = await _looking(two, Fanout(), memory)
    assert amber.sees(SECRET)
