"""A key worker's tools for chats: several people at once, a message that becomes more."""

from dataclasses import replace
from uuid import UUID

from app.contact.actions import Contact
from app.contact.model import InTouch, LoggedKind
from app.core.hints import Fanout
from app.core.seal import Seal
from app.messages.templates import Template, Templates
from tests.fixtures.people import KEYS
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, messages_of, pair

__all__ = ["pair"]


async def test_a_message_to_several_people_is_looked_at_before_it_goes(pair: MakePair) -> None:
    two = await pair()
    await _add(two, "Zoe")
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/chat")
    await samira.until_sees("Write to several")
    await samira.tap("Write to several")
    await samira.until_sees("Who shall get it?")

    await samira.tap("Look once more")
    assert samira.sees("Please choose at least one person.")
    await samira.tap("Zoe")
    await samira.tap("Look once more")
    assert samira.sees("Please write something first.")
    await samira.type("Message", "On Friday we are shut.")
    await samira.tap("Choose everybody")
    await samira.tap("Look once more")
    assert samira.sees("These people get this")
    assert samira.sees("On Friday we are shut.")
    assert await two.said() == []

    await samira.tap("Change it")
    assert samira.written("Message") == "On Friday we are shut."
    await samira.tap("Zoe")
    await samira.tap("Look once more")
    await samira.tap("Send to 1 person")
    await samira.until_sees("1 person has it now.")
    assert await two.said() == ["On Friday we are shut."]


async def test_who_did_not_get_it_is_named_and_tried_again(pair: MakePair) -> None:
    two = await pair()
    zoe = await _add(two, "Zoe")
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/several")
    await samira.until_sees("Who shall get it?")
    await samira.tap("Choose everybody")
    await samira.type("Message", "On Friday we are shut.")
    await samira.tap("Look once more")
    (part,) = (await two.samira.people.open_person(zoe)).team
    await two.samira.people.leave_team(part.id, "finished")

    await samira.tap("Send to 2 people")
    await samira.until_sees("1 person did not get it.")
    assert samira.sees("Zoe")
    assert samira.sees("1 person has it now.")
    await samira.tap("Try again")
    await samira.until_sees("1 person did not get it.")
    assert await two.said() == ["On Friday we are shut."]


async def test_a_message_becomes_a_contact_of_its_day(pair: MakePair) -> None:
    two = await pair()
    (message,) = await two.write(two.amber, "Thanks for the call!")
    samira = await Visitor.open(two.samira.begin(Fanout()), route=f"/chat/{two.young_person}")
    await samira.until_sees("Thanks for the call!")

    await samira.tap("Thanks for the call!")
    await samira.tap("Log a contact of this day")
    assert samira.sees("They see this too.")
    await samira.answer("Phone call")
    await samira.until_gone("They see this too.")

    (made,) = (await _contact(two)).made
    assert (made.kind, made.met, made.at) == (LoggedKind.CALL, True, message.sent_at)


async def test_a_template_is_written_and_comes_into_the_box_in_their_language(
    pair: MakePair,
) -> None:
    two = await pair()
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/chat", width=1000)
    await samira.until_sees("Templates")
    await samira.tap("Templates")
    await samira.until_sees("There is none yet.")
    await samira.tap("New template")
    await samira.tap("Save")
    await samira.until_sees("Please write a title and at least one text.")
    await samira.type("Title", "We are shut")
    await samira.type("Text: English", "We are shut today.")
    await samira.tap("Add a language")
    await samira.tap("Deutsch")
    await samira.type("Text: Deutsch", "Heute ist zu.")
    await samira.tap("Save")
    await samira.until_sees("Your own")
    await samira.leave()
    amber = (await two.amber.home()).person
    await two.amber.people.update_me(replace(amber, language="de"))

    samira = await Visitor.open(two.samira.begin(Fanout()), route=f"/chat/{two.young_person}")
    await samira.until(lambda: "Message" in samira.texts, "the box")
    await samira.type("Message", "Hi!")
    await samira.tap("Quick answers")
    await samira.tap("Templates")
    await samira.until_sees("Heute ist zu.")
    await samira.answer("We are shut")
    assert samira.written("Message") == "Hi!\nHeute ist zu."
    await samira.tap("Send")
    await samira.until_sees("Sent")
    assert await two.said() == ["Hi!\nHeute ist zu."]


async def test_several_people_get_a_template_each_in_their_language(
    pair: MakePair,
) -> None:
    two = await pair()
    await _add(two, "Zoe")
    amber = (await two.amber.home()).person
    await two.amber.people.update_me(replace(amber, language="de"))
    active = (await two.samira.home()).active
    assert active
    words = {"en": "We are shut.", "de": "Es ist zu."}
    own = Templates(two.samira.device.db, Seal(KEYS))
    await own.keep(active.organisation.id, Template(shared=False, title="Shut", texts=words))

    samira = await Visitor.open(two.samira.begin(Fanout()), route="/several")
    await samira.until_sees("Who shall get it?")
    await samira.tap("Choose everybody")
    await samira.tap("Use a template")
    await samira.until_sees("Shut")
    await samira.tap("Shut")
    assert samira.written("Message") == "We are shut."
    await samira.type("Text: Deutsch", "Freitag ist zu.")
    await samira.tap("Look once more")
    assert samira.sees("We are shut.")
    await samira.tap("Send to 2 people")
    await samira.until_sees("2 people have it now.")
    assert await two.said() == ["Freitag ist zu."]


async def test_two_who_change_one_template_see_each_others_words(pair: MakePair) -> None:
    two = await pair()
    active = (await two.samira.home()).active
    assert active
    place = active.organisation.id
    own = Templates(two.samira.device.db, Seal(KEYS))
    first = Template(shared=False, title="We are shut", texts={"en": "Shut today."})
    await own.keep(place, first)
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/templates")
    await samira.until_sees("We are shut")
    await samira.tap("We are shut")
    await samira.type("Text: English", "Shut on Friday.")
    await own.keep(place, replace(first, texts={"en": "Shut on Monday."}, version=1))

    await samira.tap("Save")
    await samira.until_sees("Shut on Monday.")
    assert samira.written("Text: English") == "Shut on Friday."
    await samira.tap("Save")
    await samira.until_sees("New template")
    (kept,) = await own.mine(place)
    assert (kept.texts, kept.version) == ({"en": "Shut on Friday."}, 3)

    await samira.tap("We are shut")
    await samira.tap("Remove this template")
    await samira.tap("Remove it now")
    await samira.until_sees("There is none yet.")


async def test_a_young_person_has_no_tools_of_staff(pair: MakePair) -> None:
    two = await pair()
    await two.write(two.amber, "Thanks for the call!")
    amber = await Visitor.open(two.amber.begin(Fanout()), route="/chat")
    await amber.until_sees("Thanks for the call!")
    await amber.tap("Thanks for the call!")
    assert amber.sees("This message")
    assert not amber.sees("Log a contact of this day")
    assert not amber.sees("Write to several")


async def _add(two: Pair, name: str) -> UUID:
    active = (await two.samira.home()).active
    assert active
    added = await two.samira.people.add_young_person(active.organisation.id, name, "en")
    return added.person_id


async def _contact(two: Pair) -> InTouch:
    opened = await messages_of(two.samira).open(two.young_person)
    return await Contact(two.samira.device.db, opened.organisation_id, two.young_person).read()
