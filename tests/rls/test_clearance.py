"""Training and background check: who is not cleared sees no young person, whatever their role."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.probe import acting_as
from tests.rls.test_functions import FOUNDS
from tests.rls.world import World, add_membership, add_user


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def today() -> date:
    return datetime.now(UTC).date()


def clear(caller: Caller, by: str, whom: str, until: date | None, version: int = 1) -> int:
    membership = caller.world.memberships[whom]
    number: int = caller.call(by, "set_clearance", membership, until, version)
    return number


def people_seen(caller: Caller, persona: str) -> set[str]:
    """The names of everybody whose row this persona can read."""
    with acting_as(caller.connection, caller.world, persona):
        return {name for (name,) in caller.rows("select name from public.people")}


def test_the_last_day_of_a_clearance_still_counts(caller: Caller, world: World) -> None:
    assert caller.rows(
        "select cleared_until from public.memberships where id = %s", world.memberships["mentor"]
    ) == [(today(),)]
    assert len(caller.call("mentor", "my_young_people")) == 1


def test_a_mentor_sees_nobody_until_they_are_cleared(caller: Caller, world: World) -> None:
    assert caller.call("uncleared_mentor", "my_young_people") == []

    clear(caller, "coordinator", "uncleared_mentor", today() + timedelta(30))

    (seen,) = caller.call("uncleared_mentor", "my_young_people")
    assert seen["person_id"] == str(world.people["young_person"])


def test_a_clearance_that_is_taken_away_shuts_everything_at_once(
    caller: Caller, world: World
) -> None:
    assert {"young_person", "waiting"} <= people_seen(caller, "key_worker")

    clear(caller, "coordinator", "key_worker", None)

    assert people_seen(caller, "key_worker") == {"key_worker"}
    assert caller.call("key_worker", "my_young_people") == []
    for name in ("open_person", "new_code"):
        answer = caller.answer("key_worker", name, world.people["waiting"])
        assert answer == "403 not_allowed"


def test_a_clearance_for_another_role_or_another_place_opens_nothing(
    caller: Caller, world: World
) -> None:
    person = world.people["uncleared_mentor"]
    add_membership(caller.connection, world.organisation, person, "trainer")
    add_membership(caller.connection, world.other_organisation, person, "mentor")

    assert caller.call("uncleared_mentor", "my_young_people") == []


def test_a_coordinator_without_a_clearance_sees_staff_and_no_young_people(caller: Caller) -> None:
    seen = people_seen(caller, "uncleared_coordinator")

    assert {"mentor", "key_worker", "coordinator"} <= seen
    assert not {"young_person", "own", "waiting"} & seen
    assert {"young_person", "own", "waiting"} <= people_seen(caller, "coordinator")


def test_a_key_worker_without_a_clearance_adds_nobody(caller: Caller, world: World) -> None:
    clear(caller, "coordinator", "key_worker", None)

    with pytest.raises(Refused, match="403 not_cleared"):
        caller.call("key_worker", "add_person", world.organisation, "Kim", "young_person", "en")


def test_setting_a_clearance_is_counted_audited_and_told(caller: Caller, world: World) -> None:
    membership, person = world.memberships["uncleared_mentor"], world.people["uncleared_mentor"]

    assert clear(caller, "coordinator", "uncleared_mentor", today() + timedelta(365)) == 2

    assert caller.audit() == [("clearance_set", membership, ["cleared_until"])]
    (access, told) = caller.hints()
    assert access == ("access", membership, [person])
    assert told[:2] == ("person", person)
    assert world.people["coordinator"] in told[2]


def test_the_same_clearance_again_leaves_no_trace(caller: Caller) -> None:
    assert clear(caller, "coordinator", "mentor", today()) == 1
    assert (caller.audit(), caller.hints()) == ([], [])


def test_a_clearance_over_a_newer_version_is_refused(caller: Caller) -> None:
    clear(caller, "coordinator", "mentor", None)

    with pytest.raises(Refused) as refusal:
        clear(caller, "coordinator", "mentor", today())
    assert (str(refusal.value), refusal.value.fields) == ("409 changed_meanwhile", {"version": 2})


@pytest.mark.parametrize(
    "until", [date(1, 1, 1), today() - timedelta(1), today() + timedelta(1831), date.max]
)
def test_a_clearance_ends_between_today_and_in_five_years(caller: Caller, until: date) -> None:
    with pytest.raises(Refused, match="422 date_not_valid"):
        clear(caller, "coordinator", "mentor", until)


def test_neither_young_people_nor_those_who_left_are_cleared(caller: Caller) -> None:
    with pytest.raises(Refused, match="422 role_not_valid"):
        clear(caller, "coordinator", "young_person", today())
    with pytest.raises(Refused, match="409 already_ended"):
        clear(caller, "coordinator", "ended", today())
    with pytest.raises(psycopg.errors.CheckViolation):
        caller.connection.execute(
            "update public.memberships set cleared_until = current_date where id = %s",
            (caller.world.memberships["young_person"],),
        )


def test_coordinators_without_a_clearance_help_themselves_only_when_none_has_one(
    caller: Caller,
) -> None:
    with pytest.raises(Refused, match="403 not_cleared"):
        clear(caller, "uncleared_coordinator", "uncleared_coordinator", today())

    clear(caller, "coordinator", "coordinator", None)
    clear(caller, "uncleared_coordinator", "uncleared_coordinator", today())

    with pytest.raises(Refused, match="403 not_cleared"):
        clear(caller, "coordinator", "coordinator", today(), version=2)


def test_who_founds_an_organisation_is_cleared_for_a_year(caller: Caller, world: World) -> None:
    world.users["founder"] = add_user(caller.connection, "founder", founds=FOUNDS)
    founded = caller.call("founder", "found_organisation")

    assert caller.rows(
        "select distinct cleared_until from public.memberships where organisation_id = %s::uuid",
        founded["organisation_id"],
    ) == [(today() + timedelta(365),)]
