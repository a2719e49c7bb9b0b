"""What somebody typed is theirs: who signs in after them in the same browser meets none of it."""

from app.core.hints import Fanout
from app.messages.letter import letter_of
from app.messages.use import unsent_of
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, messages_of, pair

__all__ = ["pair"]


async def test_who_signs_in_after_them_finds_an_empty_box(pair: MakePair) -> None:
    two = await pair()
    memory: dict[str, object] = {}
    amber = await Visitor.open(two.amber.begin(Fanout()), route="/chat", memory=memory)
    await amber.until(lambda: "Message" in amber.texts, "the box")
    await amber.type("Message", "nobody may see this")
    await messages_of(two.amber).save_draft(two.thread, "nobody may see this")
    await amber.leave()

    path = f"/chat/{two.young_person}"
    samira = await Visitor.open(two.samira.begin(Fanout()), route=path, memory=memory)
    await samira.until(lambda: "Message" in samira.texts, "the box")
    assert samira.written("Message") == ""
    assert not samira.sees("nobody may see this")


async def test_a_page_that_changes_hands_gives_nothing_on(pair: MakePair) -> None:
    two = await pair()
    amber = await Visitor.open(two.amber.begin(Fanout()), route="/chat")
    await amber.until(lambda: "Message" in amber.texts, "the box")
    await amber.type("Message", "nobody may see this")
    page, own = amber.session.page, messages_of(two.amber)
    mine = unsent_of(page, own, two.amber.device.person_id)
    assert mine.of(two.thread, "").text == "nobody may see this"

    theirs = unsent_of(page, messages_of(two.samira), two.samira.device.person_id)

    assert theirs.of(two.thread, "").text == ""


async def test_a_message_to_several_people_is_only_its_writers(pair: MakePair) -> None:
    two = await pair()
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/several")
    await samira.until_sees("Who shall get it?")
    await samira.type("Message", "On Friday we are shut.")

    page = samira.session.page
    assert letter_of(page, two.samira.device.person_id).text == "On Friday we are shut."
    assert letter_of(page, two.amber.device.person_id).text == ""
