"""Looking for words in a thread, as people do it."""

from app.core.hints import Fanout
from app.core.live import LiveHub
from tests.ui.harness import Visitor
from tests.ui.naming import headings, nameless
from tests.ui.talking import MakePair, Pair, pair

__all__ = ["pair"]


async def _seeking(two: Pair, hub: LiveHub | Fanout) -> Visitor:
    amber = await Visitor.open(two.amber.begin(hub), route="/chat")
    await amber.until(lambda: "Message" in amber.texts, "the box")
    await amber.type("Message", "half a sen")
    await amber.tap("About this chat")
    await amber.tap("Search in this chat")
    await amber.until(lambda: "Words to look for" in amber.texts, "the field")
    return amber


async def _look(amber: Visitor, words: str) -> None:
    await amber.type("Words to look for", words)
    await amber.tap("Search")


def _spoken(amber: Visitor) -> str:
    """Under which heading a screen reader is, once everything there has a name."""
    assert nameless(amber.browser.tree) == []
    (title,) = (text for level, text in headings(amber.browser.tree) if level == 1)
    return title


async def test_one_finds_a_message_goes_there_and_answers_it(pair: MakePair) -> None:
    two = await pair()
    await two.write(two.samira, "Bring the blue form", *(f"number {n}." for n in range(33)))
    amber = await _seeking(two, Fanout())
    await _look(amber, "FORM blue")
    await amber.until_sees("1 message found")
    assert amber.sees("All messages were searched.")
    assert _spoken(amber) == "Search in this chat"

    await amber.tap("Bring the blue form")
    await amber.until_sees("Where it was said")
    assert _spoken(amber) == "Where it was said"
    assert amber.sees("number 0.")
    assert not amber.sees("number 32.")
    await amber.tap("Bring the blue form")
    await amber.answer("Reply")
    await amber.until_sees("Reply to Samira")
    assert amber.written("Message") == "half a sen"
    assert amber.sees("number 32.")


async def test_nothing_found_is_said_and_the_way_back_leads_to_the_box(pair: MakePair) -> None:
    two = await pair()
    await two.write(two.samira, "Hello")
    amber = await _seeking(two, Fanout())
    await _look(amber, "nowhere")
    await amber.until_sees("Nothing found.")
    assert amber.written("Words to look for") == "nowhere"
    await amber.tap("Back to the chat")
    await amber.until(lambda: "Message" in amber.texts, "the box")
    assert amber.written("Message") == "half a sen"


async def test_what_comes_meanwhile_is_read_when_one_is_back(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    amber = await _seeking(two, hub)
    await two.write(two.samira, "Are you there?")
    samira = await Visitor.open(two.samira.begin(hub), route=f"/chat/{two.young_person}")
    await samira.until_sees("Delivered")
    await amber.tap("Back to the chat")
    await amber.until_sees("Are you there?")
    await samira.until_sees("Read")


async def test_what_is_hidden_here_is_not_found_here(pair: MakePair) -> None:
    two = await pair()
    await two.write(two.samira, "The blue form", "Another form")
    amber = await Visitor.open(two.amber.begin(Fanout()), route="/chat")
    await amber.until_sees("The blue form")
    await amber.tap("The blue form")
    await amber.tap("Hide on this device")
    await amber.tap("About this chat")
    await amber.tap("Search in this chat")
    await _look(amber, "form")
    await amber.until_sees("1 message found")
    assert amber.sees("Another form")
    assert not amber.sees("The blue form")
