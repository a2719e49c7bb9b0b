"""What the screens say about who can read, against what the database lets them read."""

from typing import Any

import psycopg
import pytest

from app.people.access import MAY_READ, Fact, Reader
from app.people.contacts import PAPERS, TOPICS
from app.people.needs import CHOICES
from tests.rls.caller import Caller, Refused
from tests.rls.world import World

# By reader: who that is in the world, and about whom they are asked.
PERSONAS = {
    **{reader: (reader.value, "young_person") for reader in Reader},
    Reader.PROTECTOR: ("safeguarding_lead", "waiting"),
}
FUNCTIONS = {
    "open_needs": Fact.NEEDS,
    "open_contacts": Fact.CONTACTS,
    "open_agreement": Fact.AGREEMENT,
    "open_consents": Fact.CONSENTS,
    "open_justice": Fact.JUSTICE,
}

THREADS = {"key_worker": Fact.THREAD, "mentor": Fact.MENTOR_THREAD}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    admin.execute(
        "update public.people set name = 'Noor Amin' where id = any (%s)", (_young(world),)
    )
    return Caller(admin, world)


def _young(world: World) -> list[Any]:
    return [world.people["young_person"], world.people["waiting"]]


@pytest.mark.parametrize("reader", Reader)
def test_each_reader_gets_what_the_words_say_and_nothing_else(
    caller: Caller, world: World, reader: Reader
) -> None:
    persona, about = PERSONAS[reader]
    young = world.people[about]
    seen = _of_page(caller, persona, young) | {
        fact
        for function, fact in FUNCTIONS.items()
        if caller.answer(persona, function, world.organisation, young) == "ok"
    }
    # Who can be opened to be protected has a mentor's thread too, for the length of this test.
    caller.connection.execute(
        "insert into private.threads (organisation_id, young_person_id, kind)"
        " values (%s, %s, 'mentor') on conflict do nothing",
        (world.organisation, young),
    )
    seen |= {
        fact
        for kind, fact in THREADS.items()
        if caller.answer(persona, "open_thread", young, kind, world.organisation) == "ok"
    }

    assert seen == MAY_READ[reader]


def _of_page(caller: Caller, persona: str, young: object) -> set[Fact]:
    try:
        page = caller.call(persona, "open_person", young)
    except Refused:
        return set()
    me = str(caller.world.people[persona])
    others = [each for each in page["team"] if each["person_id"] != me]
    return {
        fact
        for fact, given in (
            (Fact.FIRST_NAME, page["name"].startswith("Noor")),
            (Fact.NAME, page["name"] == "Noor Amin" and page["language"] is not None),
            (Fact.TEAM, others),
        )
        if given
    }


def test_what_can_be_chosen_is_the_same_on_both_sides(caller: Caller) -> None:
    ((choices,),) = caller.rows("select private.need_choices()")
    ((topics, papers),) = caller.rows("select private.contact_topics(), private.contact_papers()")

    assert choices == {need.value: list(each) for need, each in CHOICES.items()}
    assert (topics, papers) == (list(TOPICS), list(PAPERS))
