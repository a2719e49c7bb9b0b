"""Writing to each other: what two people see of one thread, and what one message costs."""

import asyncio

from app.core.hints import Fanout
from app.core.live import LiveHub
from tests.ui.conftest import Account
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, lists, messages_of, pair

__all__ = ["pair"]

# What one message may cost whoever has the thread open.
MOST_BYTES = 4096


async def chatting(account: Account, live: LiveHub | Fanout, path: str = "/chat") -> Visitor:
    visitor = await Visitor.open(account.begin(live), route=path)
    await visitor.until(lambda: "Message" in visitor.texts, "the box")
    return visitor


async def writes(visitor: Visitor, text: str) -> None:
    await visitor.type("Message", text)
    await visitor.tap("Send")


async def test_both_write_and_see_it_live_and_that_it_was_read(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    assert amber.sees("Nothing is written yet. Say hello.")

    await writes(amber, "Can we move Friday?")
    await samira.until_sees("Can we move Friday?")
    assert amber.written("Message") == ""
    await amber.until_sees("Read")

    await writes(samira, "Sure. 3 or 4?")
    await amber.until_sees("Sure. 3 or 4?")
    await samira.until_sees("Read")
    assert await two.said() == ["Can we move Friday?", "Sure. 3 or 4?"]


async def test_what_comes_while_one_looks_is_read_aloud_and_old_words_are_not(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    await two.write(two.samira, "Before")
    amber = await chatting(two.amber, hub)
    await two.write(two.samira, "While you look")
    await amber.until_sees("While you look")

    loud = [node for node in amber.browser.nodes() if node.get("live_region")]
    said = [text for node in loud for text in _texts(node)]
    assert any("While you look" in text for text in said)
    assert not any("Before" in text for text in said)


async def test_one_new_message_costs_little_on_the_wire(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    await two.write(two.samira, *(f"This is message number {number}" for number in range(30)))
    amber = await chatting(two.amber, hub)
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    await amber.until_sees("message number 29")
    await samira.until_quiet()
    await amber.until_quiet()
    text = "Shall we meet on Friday at three, room 4? Bring the letter."
    before = {who: len(who.heard) for who in (amber, samira)}

    await writes(amber, text)
    await samira.until_sees(text)
    await amber.until_sees("Read")
    await amber.until_quiet()

    cost = {
        name: sum(map(len, who.heard[before[who] :]))
        for name, who in (("sent", amber), ("got", samira))
    }
    print("bytes of one message:", cost)
    assert max(cost.values()) <= MOST_BYTES, cost
    assert not any(b"message number 12" in frame for frame in amber.heard[before[amber] :])


async def test_a_draft_stands_in_the_box_again_on_another_device(pair: MakePair) -> None:
    two = await pair()
    first = await chatting(two.amber, Fanout())
    await first.type("Message", "I wanted to say")
    await _kept(two, "I wanted to say")
    await first.leave()

    again = await chatting(two.amber, Fanout())
    assert again.written("Message") == "I wanted to say"
    await again.tap("Send")
    await again.until_sees("Sent")
    assert again.written("Message") == ""
    assert (await two.opened()).draft == ""


async def test_what_was_typed_waits_while_one_looks_at_another_screen(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    await amber.type("Message", "Half a sen")
    await amber.go("Me")
    await amber.until_sees("Text size")
    await amber.go("Chat")
    await amber.until(lambda: "Message" in amber.texts, "the box")
    assert amber.written("Message") == "Half a sen"


async def test_what_was_typed_outlives_a_lost_network_and_is_sent_once_and_in_order(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    await writes(amber, "I found the letter")
    await amber.until_sees("Sent")
    await amber.type("Message", "and the form")
    await amber.lose_network()
    await two.write(two.samira, "Good!")
    await amber.return_()

    await amber.until_sees("Good!")
    assert amber.written("Message") == "and the form"
    await amber.tap("Send")
    await writes(amber, "What now?")
    await amber.until(lambda: not amber.sees("Waiting"), "both to be sent")
    assert await two.said() == ["I found the letter", "Good!", "and the form", "What now?"]


async def test_what_is_typed_while_a_message_leaves_the_box_is_not_lost(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    await writes(amber, "Hello")
    # The browser had not heard yet that the box is empty.
    await amber.type("Message", "Hello and more")
    assert amber.written("Message") == " and more"


async def test_a_message_is_edited_and_taken_back(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    await writes(amber, "See you at tree")
    await amber.until_sees("Sent")
    await amber.type("Message", "my draft")

    await amber.tap("See you at tree")
    await amber.tap("Edit")
    assert amber.written("Message") == "See you at tree"
    await amber.type("Message", "See you at three")
    await amber.tap("Save")
    await samira.until_sees("See you at three")
    await samira.until_sees("edited")
    assert amber.written("Message") == "my draft"
    await amber.until_sees("See you at three")

    await amber.tap("See you at three")
    await amber.tap("Take back")
    assert amber.sees("The text goes from your screen and theirs.")
    await amber.answer("Take back")
    await samira.until_sees("Taken back")
    await samira.until_gone("See you at three")
    await amber.until_gone("See you at three")


async def test_a_reply_says_what_it_is_about(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    await two.write(two.samira, "3 or 4?", "And where?")
    amber = await chatting(two.amber, hub)
    await amber.tap("3 or 4?")
    await amber.tap("Reply")
    await amber.until_sees("Reply to Samira")
    await writes(amber, "4 please")
    await amber.until_sees("Sent")
    assert not amber.sees("Reply to Samira")

    last = (await two.opened()).messages[-1]
    assert (last.text, last.reply_text) == ("4 please", "3 or 4?")


async def test_a_quick_answer_is_sent_and_leaves_the_box_alone(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    await amber.type("Message", "I was about to")
    await amber.tap("Quick answers")
    await amber.tap("I am on my way")
    await amber.until_sees("Sent")
    assert amber.written("Message") == "I was about to"
    assert await two.said() == ["I am on my way"]


async def test_older_messages_come_when_one_goes_up(pair: MakePair) -> None:
    two = await pair()
    await two.write(two.samira, *(f"number {number}." for number in range(1, 34)))
    await two.write(two.amber, *(f"number {number}." for number in range(34, 66)))
    amber = await chatting(two.amber, Fanout())
    assert amber.sees("number 36.")
    assert not amber.sees("number 35.")

    await _scroll(amber, pixels=2600, most=3000)
    await amber.until_sees("number 6.")
    assert not amber.sees("number 5.")
    await amber.tap("Show older messages")
    await amber.until_sees("number 1.")
    await amber.until_sees("The chat begins here.")


async def test_what_is_changed_further_up_changes_on_the_other_screen_too(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    first, second, *_ = await two.write(two.samira, *(f"number {number}." for number in range(34)))
    amber = await chatting(two.amber, hub)
    await amber.tap("Show older messages")
    await amber.until_sees("The chat begins here.")

    await messages_of(two.samira).edit(second, "other words")
    await amber.until_sees("other words")
    await messages_of(two.samira).take_back(first)
    await amber.until_gone("number 0.")
    assert not amber.sees("number 1.")


async def test_a_message_below_is_told_and_not_called_read_before_it_was_seen(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    await two.write(two.samira, *(f"number {number}." for number in range(1, 31)))
    amber = await chatting(two.amber, hub)
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    await samira.until_sees("Read")
    await _scroll(amber, pixels=900, most=3000)
    await writes(samira, "And one more")
    await amber.until_sees("1 new message")
    await samira.until_sees("Delivered")

    await amber.tap("1 new message")
    await samira.until_gone("Delivered")
    await amber.until_gone("1 new message")


async def test_what_comes_into_a_hidden_tab_is_read_when_somebody_looks(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    await amber.show("hide")
    await two.write(two.samira, "Are you there?")
    await amber.until_sees("Are you there?")
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")
    await samira.until_sees("Delivered")

    await amber.show("show")

    await samira.until_sees("Read")


async def test_what_comes_into_a_page_that_was_opened_anew_is_read(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await chatting(two.amber, hub)
    # A browser hides a page before it throws it away, and the next one has the same session.
    await amber.show("hide")
    await amber.lose_network()
    await amber.return_()
    await two.write(two.samira, "Are you there?")
    await amber.until_sees("Are you there?")
    samira = await chatting(two.samira, hub, f"/chat/{two.young_person}")

    await samira.until_sees("Read")


async def test_what_the_database_refuses_stays_and_goes_back_into_the_box(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    long = "word " * 4001
    await writes(amber, long)
    await amber.until_sees("It is too long: at most 20000 letters.")
    await amber.tap("Back into the box")
    assert amber.written("Message") == long.strip()
    assert not amber.sees("Not sent")
    assert await two.said() == []


async def test_the_first_screen_and_the_bar_say_that_somebody_wrote(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    amber = await Visitor.open(two.amber.begin(hub))
    await amber.until_sees("Hello Amber")
    assert not amber.sees("Samira wrote")
    await two.write(two.samira, "Good morning")
    await amber.until_sees("Samira wrote")
    await amber.until(lambda: "1" in _badges(amber), "the mark")

    await amber.tap("Read and answer")
    await amber.until_sees("Good morning")
    await amber.until(lambda: not _badges(amber), "the mark to go")


async def test_the_inbox_begins_with_who_waits_longest(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    active = (await two.samira.home()).active
    assert active
    for name in ("Aaron", "Zoe"):
        await two.samira.people.add_young_person(active.organisation.id, name, "en")
    samira = await Visitor.open(two.samira.begin(hub), route="/chat", width=1000)
    await samira.until_sees("Zoe")
    assert samira.texts.index("Aaron") < samira.texts.index("Amber")

    await two.write(two.amber, "Are you there?")
    await samira.until_sees("Waiting since")
    assert samira.texts.index("Amber") < samira.texts.index("Aaron")
    # What a young person wrote is read in the thread.
    assert not samira.sees("Are you there?")

    await samira.tap("Amber")
    await samira.until_sees("Are you there?")
    await writes(samira, "Yes")
    await samira.until_gone("Waiting since")


async def test_who_reads_is_named_above_the_box(pair: MakePair) -> None:
    two = await pair()
    amber = await chatting(two.amber, Fanout())
    samira = await chatting(two.samira, Fanout(), f"/chat/{two.young_person}")
    assert amber.sees("You and Samira can read this.")
    assert samira.sees("You and Amber can read this.")


async def test_receipts_are_off_for_both_or_for_nobody(pair: MakePair, hub: LiveHub) -> None:
    two = await pair()
    await two.write(two.amber, "Hello")
    await messages_of(two.samira).mark_read(two.thread, 1)
    amber = await chatting(two.amber, hub)
    assert amber.sees("Read")
    await amber.tap("About this chat")
    await amber.tap("Show when I have read something")
    await amber.until_gone("Read")
    assert not (await two.opened()).receipts


async def _kept(two: Pair, draft: str) -> None:
    """Wait until the database has this draft."""
    for _ in range(100):
        if (await two.opened()).draft == draft:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(draft)


def _badges(visitor: Visitor) -> list[str]:
    return [str(node["label"]) for node in visitor.browser.nodes() if node.get("_c") == "Badge"]


def _texts(node: object) -> list[str]:
    if isinstance(node, dict):
        return [
            *(value for value in node.values() if isinstance(value, str)),
            *(text for value in node.values() for text in _texts(value)),
        ]
    return [text for each in node for text in _texts(each)] if isinstance(node, list) else []


async def _scroll(visitor: Visitor, *, pixels: float, most: float) -> None:
    """Move the list up from its end, as the browser reports it."""
    event = {
        "event_type": "update",
        "pixels": pixels,
        "min_scroll_extent": 0.0,
        "max_scroll_extent": most,
        "viewport_dimension": 600.0,
    }
    await visitor.fire(lists(visitor)["_i"], "scroll", event)
