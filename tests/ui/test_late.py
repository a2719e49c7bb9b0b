"""What was written without network, on the screen: under newer messages it waits for a word."""

from uuid import uuid4

from app.core.live import LiveHub
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, bubbles, messages_of, pair

__all__ = ["pair"]

KEPT = "You wrote this without connection."


async def comes_in(two: Pair, text: str, seen: int | None = 0) -> bool:
    """What Amber's page kept is posted by it."""
    return await messages_of(two.amber).late.come_in(two.thread, uuid4(), text, seen)


async def before_it(two: Pair, hub: LiveHub, text: str) -> Visitor:
    """Amber in the thread, where Samira wrote meanwhile and this text came in after it."""
    await two.write(two.samira, "It is off today")
    amber = await Visitor.open(two.amber.begin(hub), route="/chat")
    await amber.until_sees("It is off today")
    assert not await comes_in(two, text)
    await amber.until_sees(KEPT)
    return amber


async def test_it_stands_under_what_came_and_is_sent_with_a_tap(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await before_it(two, hub, "Shall I come?")
    samira = await Visitor.open(two.samira.begin(hub), route=f"/chat/{two.young_person}")
    await samira.until_sees("It is off today")
    assert not samira.sees("Shall I come?")
    assert str(bubbles(amber)[-1]["key"]).startswith("kept ")

    await amber.tap("Send it")
    await samira.until_sees("Shall I come?")
    await amber.until_gone(KEPT)
    assert await two.said() == ["It is off today", "Shall I come?"]


async def test_changed_it_stands_in_the_box_and_nowhere_else(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    amber = await before_it(two, hub, "Shall I come?")
    await amber.type("Message", "then later")

    await amber.tap("Change")
    await amber.until(
        lambda: amber.written("Message") == "Shall I come?\nthen later", "it in the box"
    )
    await amber.until_gone(KEPT)
    await amber.tap("Send")
    await amber.until(lambda: amber.written("Message") == "", "an empty box")
    assert (await two.opened()).kept_back == ()


async def test_thrown_away_it_is_gone(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    amber = await before_it(two, hub, "Shall I come?")

    await amber.tap("Throw away")
    await amber.until_gone(KEPT)
    assert (await two.opened()).kept_back == ()
    assert await two.said() == ["It is off today"]


async def test_what_it_began_with_leaves_the_box_and_nothing_else_does(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await Visitor.open(two.amber.begin(hub), route="/chat")
    await amber.until_sees("Say hello")
    await amber.type("Message", "and the ")
    assert await comes_in(two, "I found the letter")
    await amber.until_sees("I found the letter")
    assert amber.written("Message") == "and the "

    assert await comes_in(two, "and the form")
    await amber.until(lambda: amber.written("Message") == "", "an empty box")
    assert await two.said() == ["I found the letter", "and the form"]


async def test_the_page_around_finds_the_box_with_its_thread_and_the_newest_of_the_others(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await Visitor.open(two.amber.begin(hub), route="/chat")
    await amber.until_sees("Say hello")

    def named(name: str) -> bool:
        return any(node.get("identifier") == name for node in amber.browser.nodes())

    assert named("readers")
    assert named(f"box {two.thread} 0")
    await two.write(two.samira, "It is off today")
    await amber.until(lambda: named(f"box {two.thread} 1"), "the number of the message")
