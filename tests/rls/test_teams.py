"""Who sees whom in a team: names, lists and hints, in one organisation and across two."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.probe import acting_as
from tests.rls.teams import mine, told, unowned
from tests.rls.world import World, add_user


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def test_who_adds_a_young_person_as_key_worker_is_their_key_worker(
    caller: Caller, world: World
) -> None:
    world.users["newcomer"] = add_user(caller.connection, "newcomer")
    added = caller.call("key_worker", "add_person", world.organisation, "Kim", "young_person", "uk")

    before = mine(caller, "key_worker")["Kim"]
    caller.call("newcomer", "claim_person", added["code"])

    assert (before["language"], before["part"], before["joined"]) == ("uk", "key_worker", False)
    assert before["organisation_id"] == str(world.organisation)
    assert mine(caller, "key_worker")["Kim"]["joined"]
    (seen,) = caller.call("newcomer", "my_team")
    assert (seen["person_id"], seen["name"], seen["part"]) == (
        str(world.people["key_worker"]),
        "key_worker",
        "key_worker",
    )
    assert set(seen) == {
        "id",
        "person_id",
        "name",
        "part",
        "since",
        "life_areas",
        "organisation_id",
        "title",
        "pronouns",
        "office_hours",
        "time_zone",
        "back_on",
        "away_words",
        "phone",
        "photo",
    }


def test_joining_reaches_the_key_worker_and_not_the_other_one(caller: Caller, world: World) -> None:
    world.users["newcomer"] = add_user(caller.connection, "newcomer")
    caller.call("newcomer", "claim_person", world.code)

    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("person", world.people["waiting"])
    assert world.people["key_worker"] in people
    assert not {world.people["stand_in"], world.people["mentor"]} & set(people)


def test_who_was_added_by_a_coordinator_is_unowned_until_somebody_is_named(
    caller: Caller, world: World
) -> None:
    added = caller.call(
        "coordinator", "add_person", world.organisation, "Kim", "young_person", "en"
    )
    assert unowned(caller) == {"own", "Kim"}

    person, young = world.people["key_worker"], UUID(added["person_id"])
    part = caller.call("coordinator", "set_key_worker", world.organisation, young, person, None)

    assert unowned(caller) == {"own"}
    assert [row[:2] for row in caller.audit()][-1] == ("team_joined", part)
    assert {person, young, world.people["coordinator"]} <= told(caller)[young]


def test_a_key_worker_whose_clearance_ended_owns_nobody(caller: Caller, world: World) -> None:
    caller.call("coordinator", "set_clearance", world.memberships["key_worker"], None, 1)

    assert unowned(caller) == {"own", "waiting", "young_person"}
    assert caller.call("young_person", "my_team")[0]["name"] == "key_worker"


def test_a_mentor_gets_the_first_word_of_a_name_and_nothing_else(
    caller: Caller, world: World
) -> None:
    caller.connection.execute(
        "update public.people set name = 'Noor Al Amin' where id = %s",
        (world.people["young_person"],),
    )
    ((name, seen),) = mine(caller, "mentor").items()

    assert (name, seen["language"], seen["joined"]) == ("Noor", None, None)
    assert list(mine(caller, "professional")) == ["Noor Al Amin"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Kim", "Kim"),
        ("Noor\u00a0Amin", "Noor"),
        ("Noor\u3000Amin", "Noor"),
        ("نور الأمين", "نور"),
        ("Anne-Marie de Vries", "Anne-Marie"),
        ("\u2000Kim Doe", "Kim"),
    ],
)
def test_a_first_name_ends_at_any_kind_of_space(caller: Caller, name: str, first: str) -> None:
    assert caller.rows("select private.first_name(%s::text)", name) == [(first,)]


def test_one_organisation_knows_nothing_of_the_team_in_the_other(
    caller: Caller, world: World
) -> None:
    here, own = world.organisation, world.people["own"]
    caller.call("coordinator", "set_key_worker", here, own, world.people["key_worker"], None)

    assert mine(caller, "key_worker")["own"]["organisation_id"] == str(here)
    assert mine(caller, "other_key_worker")["own"]["organisation_id"] == str(
        world.other_organisation
    )
    pages = {
        persona: [each["name"] for each in caller.call(persona, "open_person", own)["team"]]
        for persona in ("key_worker", "coordinator", "other_key_worker")
    }
    assert pages == {
        "key_worker": ["key_worker"],
        "coordinator": ["key_worker"],
        "other_key_worker": ["other_key_worker"],
    }
    assert {each["name"] for each in caller.call("own", "my_team")} == {
        "key_worker",
        "other_key_worker",
    }
    assert (
        not {world.people["other_key_worker"], world.people["other_coordinator"]}
        & (told(caller)[own])
    )


def test_who_sees_is_the_mirror_of_what_everybody_sees(caller: Caller, world: World) -> None:
    seen: dict[UUID, set[UUID]] = {person: set() for person in world.people.values()}
    for persona in world.users:
        if persona in world.people:
            for person in _visible_to(caller, persona):
                seen.setdefault(person, set()).add(world.people[persona])

    for persona, person in world.people.items():
        ((seers,),) = caller.rows("select private.who_sees(%s)", person)
        seers = set(seers) - {person, world.people["waiting"]}  # who has no sign-in yet
        assert (persona, seers) == (persona, seen[person] - {person})


def _visible_to(caller: Caller, persona: str) -> set[UUID]:
    """Everybody of whom this persona gets a name, in a row or in a list."""
    with acting_as(caller.connection, caller.world, persona):
        rows = {person for (person,) in caller.rows("select id from public.people")}
    lists = caller.call(persona, "my_young_people") + caller.call(persona, "my_team")
    return rows | {UUID(each["person_id"]) for each in lists}
