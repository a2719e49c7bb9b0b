"""What coordinators and administrators have of chats: those of mentors, and how long words stay."""

from uuid import uuid4

from app.core.hints import Fanout
from app.messages.coordinating import kept
from app.messages.model import ThreadKind
from app.people.model import Part, Role
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, messages_of, pair

__all__ = ["pair"]


async def test_a_coordinator_finds_the_chats_of_mentors_and_reads_them(
    pair: MakePair, account: MakeAccount, supabase: Supabase
) -> None:
    two, kofi = await pair(), (await account("Kofi")).device.person_id
    active = (await two.samira.home()).active
    assert active
    place = active.organisation.id
    supabase.execute(
        "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
        " values (%s, %s, 'mentor', current_date + 30)",
        kofi,
        place,
    )
    await two.samira.people.add_to_team(place, two.young_person, kofi, Part.MENTOR, [])
    theirs = await messages_of(two.amber).open(two.young_person, ThreadKind.MENTOR)
    await messages_of(two.amber).send(theirs.thread_id, uuid4(), "Swimming on Saturday?")
    await _work_as(two.samira, Role.COORDINATOR)

    samira = await Visitor.open(two.samira.begin(Fanout()))
    await samira.until_sees("Chats of mentors")
    await samira.tap("Chats of mentors")
    await samira.until_sees("Mentor: Kofi")
    assert samira.sees("Waiting since")
    assert not samira.sees("Swimming on Saturday?")

    await samira.tap("Amber")
    await samira.until_sees("Swimming on Saturday?")
    ((count,),) = supabase.execute(
        "select count(*) from private.access_log where young_person_id = %s"
        " and what = 'mentor_thread' and reader_person = %s",
        two.young_person,
        two.samira.device.person_id,
    )
    assert count == 1


async def test_an_administrator_chooses_how_long_and_is_asked_before_words_go(
    pair: MakePair,
) -> None:
    two = await pair()
    await _work_as(two.samira, Role.ADMINISTRATOR)
    active = (await two.samira.home()).active
    assert active
    place = active.organisation.id
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/kept")
    await samira.until_sees("2 years")
    await samira.tap("1 year")
    assert samira.sees("What is older is forgotten soon. Nobody can bring it back.")
    assert (await kept(two.samira.device.db, place)).days == 730

    await samira.tap("No, leave it")
    await samira.tap("3 years")
    assert samira.sees("Nothing is lost. Messages stay longer.")
    await samira.tap("Save")
    await samira.until_gone("Nothing is lost. Messages stay longer.")
    assert (await kept(two.samira.device.db, place)).days == 1095
    assert (await two.opened()).kept_days == 1095


async def test_a_coordinator_sees_how_long_and_changes_nothing(pair: MakePair) -> None:
    two = await pair()
    await _work_as(two.samira, Role.COORDINATOR)
    samira = await Visitor.open(two.samira.begin(Fanout()), route="/kept")
    await samira.until_sees("2 years")
    assert samira.sees("An administrator can change this.")
    assert not samira.sees("1 year")


async def _work_as(account: Account, role: Role) -> None:
    places = (await account.home()).memberships
    await account.people.choose_membership(next(each.id for each in places if each.role is role))
