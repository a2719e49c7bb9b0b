"""A thread of two languages: with a machine that translates, and without."""

import json
from collections.abc import AsyncIterator

import pytest_asyncio

from app.core.hints import Fanout
from app.core.live import LiveHub
from app.core.translators import OpenAI
from app.design.look import Look
from tests.fixtures.supabase import Supabase
from tests.fixtures.translator import KEY, MODEL, Place, place
from tests.ui.conftest import Account
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, pair

__all__ = ["pair", "place"]

DATED = "Kannst du am 24.11. um 15:30? https://hafen.example/a"


@pytest_asyncio.fixture
async def translator(place: Place) -> AsyncIterator[OpenAI]:
    made = OpenAI(place.url, KEY, MODEL)
    yield made
    await made.close()


def reads(supabase: Supabase, two: Pair, language: str) -> None:
    supabase.execute(
        "update public.people set language = %s where id = %s", language, two.young_person
    )


def is_checked(supabase: Supabase, who: Account) -> None:
    """An administrator who may decide."""
    supabase.execute(
        "update public.memberships set cleared_until = current_date + 30"
        " where person_id = %s and role = 'administrator'",
        who.device.person_id,
    )


async def test_without_a_machine_the_thread_says_so_and_offers_the_phrasebook(
    pair: MakePair, supabase: Supabase
) -> None:
    two = await pair()
    samira = await Visitor.open(two.samira.begin(Fanout()), route=f"/chat/{two.young_person}")
    await samira.until_sees("Nothing is written yet.")
    assert not samira.sees("Nothing is translated here.")
    reads(supabase, two, "uk")
    await two.write(two.amber, "Як справи?")

    again = await Visitor.open(two.samira.begin(Fanout()), route=f"/chat/{two.young_person}")
    await again.until_sees("Amber reads Ukrainian. Nothing is translated here.")
    await again.tap("Phrasebook")
    assert again.sees("How are you today?")
    await again.answer("How are you today?")
    await again.answer("Send")
    await again.until_sees("Sent")
    await again.tap("Як справи?")
    assert not again.sees("Translate")


async def test_large_letters_leave_the_room_to_what_was_said(
    pair: MakePair, supabase: Supabase
) -> None:
    two = await pair()
    reads(supabase, two, "uk")
    begin = two.samira.begin(Fanout(), Look(percent=200))
    samira = await Visitor.open(begin, route=f"/chat/{two.young_person}")
    await samira.until(lambda: "Message" in samira.texts, "the box")
    assert not samira.sees("Nothing is translated here.")
    await samira.tap("About this chat")
    assert samira.sees("Amber reads Ukrainian. Nothing is translated here.")
    await samira.answer("Phrasebook")
    assert samira.sees("How are you today?")


async def test_an_administrator_switches_it_on_and_a_reader_has_a_message_translated(
    pair: MakePair, hub: LiveHub, supabase: Supabase, translator: OpenAI, place: Place
) -> None:
    two = await pair()
    reads(supabase, two, "de")
    await two.write(two.amber, DATED, "Es kostet 40 Euro")
    path = f"/chat/{two.young_person}"
    samira = await Visitor.open(two.samira.begin(hub, translator=translator), route=path)
    await samira.until_sees(DATED)
    await samira.tap(DATED)
    assert not samira.sees("Translate")
    supabase.execute(
        "insert into private.translating (organisation_id, place)"
        " select organisation_id, %s from private.threads where id = %s",
        translator.place,
        two.thread,
    )
    await samira.leave()

    samira = await Visitor.open(two.samira.begin(hub, translator=translator), route=path)
    await samira.until_sees("Amber reads Deutsch. Tap a message to have it translated.")
    assert samira.sees(f"Translated texts go to {translator.place}.")
    await samira.tap(DATED)
    assert samira.sees(f"The text goes to {translator.place}.")
    await samira.answer("Translate")
    await samira.until_sees("Can you come on 24.11. at 15:30? https://hafen.example/a")
    assert samira.sees("Translated by a machine. It may be wrong.")
    assert not samira.sees("Numbers, dates or links differ.")
    assert samira.sees(DATED)

    await samira.tap("Es kostet 40 Euro")
    await samira.answer("Translate")
    await samira.until_sees("It costs 14 euros")
    assert samira.sees("Numbers, dates or links differ. Look at the original.")
    await samira.tap("It costs 14 euros")
    await samira.answer("Wrong translation")
    await samira.until_sees("Somebody said that the translation was wrong.")
    assert not samira.sees("It costs 14 euros")
    told = json.dumps([body for _, _, body in place.asked])
    assert "Amber" not in told
    assert "Samira" not in told


async def test_a_silent_machine_is_told_and_the_message_stays(
    pair: MakePair, supabase: Supabase, translator: OpenAI, place: Place
) -> None:
    two = await pair()
    await two.write(two.amber, "Es kostet 40 Euro")
    supabase.execute(
        "insert into private.translating (organisation_id, place)"
        " select organisation_id, %s from private.threads where id = %s",
        translator.place,
        two.thread,
    )
    place.instead = (503, b"{}")
    path = f"/chat/{two.young_person}"
    samira = await Visitor.open(two.samira.begin(Fanout(), translator=translator), route=path)
    await samira.until_sees("Es kostet 40 Euro")
    await samira.tap("Es kostet 40 Euro")
    await samira.answer("Translate")
    await samira.until_sees("No translation right now. Please try again later.")
    assert samira.sees("Es kostet 40 Euro")


async def test_an_administrator_decides_whether_texts_may_leave(
    pair: MakePair, supabase: Supabase, translator: OpenAI
) -> None:
    two = await pair()
    is_checked(supabase, two.samira)
    mine = (await two.samira.home()).memberships
    chosen = next(each.id for each in mine if each.role == "administrator")
    await two.samira.people.choose_membership(chosen)
    samira = await Visitor.open(two.samira.begin(Fanout(), translator=translator))
    await samira.until_sees("Off: no text leaves for a translator.")
    assert samira.sees(f"A message leaves for {translator.place} when somebody taps Translate.")
    await samira.tap("Switch on")
    await samira.until_sees("On: each thread says so.")
    assert (await two.opened()).translating == translator.place
    await samira.tap("Switch off")
    await samira.until_sees("Off: no text leaves for a translator.")
    assert (await two.opened()).translating == ""
