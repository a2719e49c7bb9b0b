"""A message that waits longer than agreed goes to somebody else, who is told, as is who waits."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.contact.jobs import due
from tests.rls.caller import Caller
from tests.rls.openings import notices
from tests.rls.threads import add_message
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def waiting(caller: Caller) -> dict[str, dict[str, Any]]:
    """The rows about this world, by thread."""
    ours = {
        str(thread)
        for (thread,) in caller.rows(
            "select id from private.threads where organisation_id = %s", caller.world.organisation
        )
    }
    rows = caller.call("machine_jobs", "machine_waiting")
    return {each["thread"]: each for each in rows if each["thread"] in ours}


def hand_on(caller: Caller, thread: UUID) -> str:
    """What the job is answered for the wait that is there now."""
    ((since,),) = caller.rows("select waiting_since from private.threads where id = %s", thread)
    done: str = caller.call("machine_jobs", "machine_hand_on", thread, since)
    return done


def away(caller: Caller, person: UUID, days: int) -> None:
    caller.connection.execute(
        "update public.staff_cards set back_on = (now() at time zone 'Europe/Berlin')::date + %s"
        " where person_id = %s",
        (days, person),
    )


def test_who_waits_is_listed_with_working_days_and_without_a_name(
    caller: Caller, world: World
) -> None:
    thread, ((today,),) = world.rows["thread"], caller.rows("select current_date")
    card = {"pronouns": "", "hours": [{"day": 2, "from": "09:00", "to": "12:00"}]}
    caller.call("key_worker", "set_my_card", "", json.dumps(card["hours"]), None, None, None, 1)
    caller.call("administrator", "close_days", world.organisation, today, today)

    row = waiting(caller)[str(thread)]
    assert datetime.fromisoformat(row.pop("waiting_since")).tzinfo is not None
    assert row == {
        "thread": str(thread),
        "answer_days": 2,
        "office_hours": card["hours"],
        "time_zone": "Europe/Berlin",
        "back_on": None,
        "closed_days": [today.isoformat()],
    }
    assert str(world.rows["mentor_thread"]) not in waiting(caller)


def test_the_stand_in_is_told_and_the_young_person_learns_who_answers(
    caller: Caller, world: World
) -> None:
    thread, people = world.rows["thread"], world.people
    assert hand_on(caller, thread) == "to_stand_in"

    young, stand_in = people["young_person"], people["stand_in"]
    assert notices(caller, stand_in) == [("handed_to_you", thread, None, {"about": str(young)})]
    assert notices(caller, young) == [("handed_on", thread, None, {"about": str(stand_in)})]
    assert notices(caller, people["coordinator"]) == []
    assert caller.audit() == [("message_handed_on", thread, [])]


def test_one_wait_is_handed_on_once_and_the_next_one_again(caller: Caller, world: World) -> None:
    thread, people = world.rows["thread"], world.people
    hand_on(caller, thread)
    assert hand_on(caller, thread) == "handed_on_before"
    assert str(thread) not in waiting(caller)
    assert len(notices(caller, people["stand_in"])) == 1

    add_message(caller.connection, thread, 2, people["key_worker"])
    caller.connection.execute(
        "update private.threads set waiting_since = now() - interval '1 minute' where id = %s",
        (thread,),
    )
    assert str(thread) in waiting(caller)
    assert hand_on(caller, thread) == "to_stand_in"


def test_an_answer_takes_the_notices_away(caller: Caller, world: World) -> None:
    thread, people = world.rows["thread"], world.people
    hand_on(caller, thread)
    add_message(caller.connection, thread, 2, people["stand_in"])
    for persona in ("stand_in", "young_person"):
        assert notices(caller, people[persona]) == []


def test_what_was_answered_meanwhile_is_not_handed_on(caller: Caller, world: World) -> None:
    thread, people = world.rows["thread"], world.people
    ((since,),) = caller.rows("select waiting_since from private.threads where id = %s", thread)
    add_message(caller.connection, thread, 2, people["key_worker"])
    assert caller.call("machine_jobs", "machine_hand_on", thread, since) == "answered"
    assert notices(caller, people["stand_in"]) == []


def test_without_a_stand_in_who_is_there_the_coordinators_are_told(
    caller: Caller, world: World
) -> None:
    thread, people = world.rows["thread"], world.people
    away(caller, people["stand_in"], 2)
    assert hand_on(caller, thread) == "to_coordinators"

    young = people["young_person"]
    assert notices(caller, people["coordinator"]) == [
        ("nobody_answers", thread, None, {"about": str(young)})
    ]
    assert notices(caller, young) == [("handed_on", thread, None, {})]
    for persona in ("stand_in", "uncleared_coordinator"):
        assert notices(caller, people[persona]) == []


def test_who_is_back_today_stands_in(caller: Caller, world: World) -> None:
    away(caller, world.people["stand_in"], 0)
    assert hand_on(caller, world.rows["thread"]) == "to_stand_in"


def test_who_left_waits_for_nobody_here(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update public.memberships set until = now() - interval '1 second' where id = %s",
        (world.memberships["young_person"],),
    )
    assert str(world.rows["thread"]) not in waiting(caller)


def test_the_job_reads_the_row_as_the_rules_want_it(caller: Caller, world: World) -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    caller.connection.execute(
        "update private.threads set waiting_since = %s where id = %s",
        (monday, world.rows["thread"]),
    )
    row = waiting(caller)[str(world.rows["thread"])]
    assert due(row) == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    # Away until the day after it would be due.
    assert due({**row, "back_on": date(2026, 11, 26).isoformat()}) == monday
    assert due(row) - monday < timedelta(days=3)
