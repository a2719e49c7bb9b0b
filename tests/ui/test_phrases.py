"""Writing to somebody of another language with the phrasebook."""

from dataclasses import replace

from app.core.hints import Fanout
from app.core.live import LiveHub
from tests.fixtures.supabase import Supabase
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, pair

__all__ = ["pair"]


def speaks(supabase: Supabase, two: Pair, language: str) -> None:
    """Amber reads another language from now on."""
    supabase.execute(
        "update public.people set language = %s where id = %s", language, two.young_person
    )


async def at_chat(visitor: Visitor) -> Visitor:
    await visitor.until(lambda: any("Message" in text for text in visitor.texts), "the box")
    return visitor


async def test_each_side_reads_a_phrase_in_its_own_language(
    pair: MakePair, hub: LiveHub, supabase: Supabase
) -> None:
    two = await pair()
    # The screens have no Tigrinya; the phrasebook has.
    speaks(supabase, two, "ti")
    amber = await at_chat(await Visitor.open(two.amber.begin(hub), route="/chat"))
    path = f"/chat/{two.young_person}"
    samira = await at_chat(await Visitor.open(two.samira.begin(hub), route=path))

    await samira.type("Message", "half a sentence")
    await samira.tap("Quick answers")
    await samira.tap("Phrasebook")
    await samira.answer("We meet on … at … Place: …")
    day = next(text for text in samira.texts if text.startswith("Tue "))
    await samira.answer(day)
    await samira.type("Time", "half past three")
    await samira.answer("Next")
    assert samira.sees("Please write a time like 15:30.")
    await samira.type("Time", "15:30")
    await samira.answer("Next")
    await samira.type("Place", "Café Nord")
    await samira.answer("Next")
    words = f"We meet on {day} at 15:30. Place: Café Nord"
    assert samira.sees(words)
    await samira.answer("Send")
    await samira.until_sees("Sent")

    await amber.until_sees("From the phrasebook. Nobody has checked it yet.")
    assert amber.sees(words)
    number = day.removeprefix("Tue ")
    assert any("ክንራኸብ ኢና" in text and number in text for text in amber.texts)
    assert samira.written("Message") == "half a sentence"
    assert not any("ክንራኸብ ኢና" in text for text in samira.texts)

    (message,) = (await two.opened()).messages
    assert (message.language, message.picked.key) == ("en", "meet_place")


async def test_who_writes_back_picks_in_their_own_language(
    pair: MakePair, hub: LiveHub, supabase: Supabase
) -> None:
    two = await pair()
    speaks(supabase, two, "uk")
    amber = await at_chat(await Visitor.open(two.amber.begin(hub), route="/chat"))
    await amber.tap("Quick answers")
    await amber.tap("Phrasebook")
    await amber.answer("Як у тебе справи сьогодні?")
    await amber.answer("Back")
    await amber.answer("Дякую. Це мені допомогло.")
    await amber.answer("Send")
    await amber.until_sees("Sent")
    samira = await at_chat(
        await Visitor.open(two.samira.begin(Fanout()), route=f"/chat/{two.young_person}")
    )
    assert samira.sees("Дякую. Це мені допомогло.")
    assert samira.sees("Thank you. That helped me.")
    assert samira.sees("From the phrasebook")


async def test_who_chooses_another_language_writes_in_that_one_from_then_on(
    pair: MakePair, hub: LiveHub, supabase: Supabase
) -> None:
    two = await pair()
    amber = await at_chat(await Visitor.open(two.amber.begin(hub), route="/chat"))
    await amber.type("Message", "Hello")
    await amber.tap("Send")
    await amber.until_sees("Sent")
    await amber.go("Me")
    await amber.until_sees("Text size")
    home = await two.amber.home()
    await two.amber.people.update_me(replace(home.person, language="de"))
    await amber.until(lambda: not amber.sees("Text size"), "German screens")
    await amber.go("Chat")
    await amber.until(lambda: "Nachricht" in amber.texts, "the box")
    await amber.type("Nachricht", "Hallo")
    await amber.tap("Senden")
    samira = await at_chat(
        await Visitor.open(two.samira.begin(hub), route=f"/chat/{two.young_person}")
    )
    await samira.until_sees("Hallo")
    said = (await two.opened()).messages
    assert [each.language for each in said] == ["en", "de"]
