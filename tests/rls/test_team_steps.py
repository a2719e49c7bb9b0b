"""Who comes into a team, who takes over, and who does not fit."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.teams import add_to_team, mine, set_key_worker, told
from tests.rls.world import World, add_membership, add_part, add_person


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def test_a_new_key_worker_takes_over_at_once_and_the_history_stays(
    caller: Caller, world: World
) -> None:
    new = set_key_worker(caller, "former_teammate", seen=world.parts["key_worker"])

    young = world.people["young_person"]
    assert "young_person" not in mine(caller, "key_worker")
    assert mine(caller, "former_teammate")["young_person"]["part"] == "key_worker"
    assert caller.rows(
        "select person_id, until is null from public.team_members where young_person_id = %s"
        " and part = 'key_worker' order by since",
        young,
    ) == [(world.people["key_worker"], False), (world.people["former_teammate"], True)]
    assert caller.audit() == [
        ("team_left", world.parts["key_worker"], ["until"]),
        ("team_joined", new, []),
    ]
    assert told(caller)[young] >= {
        young,
        *(world.people[each] for each in ("key_worker", "former_teammate", "mentor", "stand_in")),
        *(world.people[each] for each in ("coordinator", "administrator")),
    }
    assert world.people["uncleared_coordinator"] not in told(caller)[young]


def test_a_stand_in_who_becomes_key_worker_is_no_stand_in_any_more(
    caller: Caller, world: World
) -> None:
    new = set_key_worker(caller, "stand_in", seen=world.parts["key_worker"])

    assert caller.rows(
        "select id, part from public.team_members where person_id = %s and until is null",
        world.people["stand_in"],
    ) == [(new, "key_worker")]


@pytest.mark.parametrize("seen", [None, "mentor"])
def test_a_key_worker_is_not_replaced_by_who_saw_another_one(
    caller: Caller, world: World, seen: str | None
) -> None:
    with pytest.raises(Refused, match="409 changed_meanwhile"):
        set_key_worker(caller, "stand_in", seen=world.parts[seen] if seen else None)
    with pytest.raises(Refused, match="409 already_there"):
        set_key_worker(caller, "key_worker", seen=world.parts["key_worker"])


@pytest.mark.parametrize(
    "persona", ["mentor", "trainer", "other_key_worker", "young_person", "ended"]
)
def test_only_a_cleared_key_worker_of_the_place_becomes_key_worker(
    caller: Caller, world: World, persona: str
) -> None:
    with pytest.raises(Refused, match="422 person_not_fitting"):
        set_key_worker(caller, persona, seen=world.parts["key_worker"])


@pytest.mark.parametrize("who", ["other_young_person", "mentor", "former_member", None])
def test_only_a_young_person_of_the_place_has_a_team_there(
    caller: Caller, world: World, who: str | None
) -> None:
    young = world.people[who] if who else uuid4()
    for function, rest in (("set_key_worker", (None,)), ("add_to_team", ("stand_in", None))):
        answer = caller.answer(
            "coordinator", function, world.organisation, young, world.people["key_worker"], *rest
        )
        assert answer == "404 not_found"


def test_a_professional_comes_with_life_areas_and_each_once(caller: Caller, world: World) -> None:
    caller.call("key_worker", "leave_team", world.parts["professional"], "finished")
    part = add_to_team(
        caller, "key_worker", "professional", "professional", ["money", "health", "money"]
    )

    (row,) = (each for each in caller.call("young_person", "my_team") if each["id"] == str(part))
    assert row["life_areas"] == ["health", "money"]


@pytest.mark.parametrize(
    ("persona", "part", "areas", "refusal"),
    [
        ("former_teammate", "key_worker", None, "422 part_not_valid"),
        ("former_teammate", "friend", None, "422 part_not_valid"),
        ("former_teammate", None, None, "422 part_not_valid"),
        ("former_teammate", "stand_in", ["health"], "422 life_areas_not_valid"),
        ("former_teammate", "stand_in", [], "422 life_areas_not_valid"),
        ("former_teammate", "professional", ["health"], "422 person_not_fitting"),
        ("former_teammate", "professional", None, "422 life_areas_not_valid"),
        ("former_teammate", "professional", [], "422 life_areas_not_valid"),
        ("former_teammate", "professional", ["health", "love"], "422 life_areas_not_valid"),
        ("former_teammate", "professional", ["health", None], "422 life_areas_not_valid"),
        ("trainer", "mentor", None, "422 person_not_fitting"),
        ("young_person", "mentor", None, "422 person_not_fitting"),
        ("uncleared_mentor", "mentor", None, "422 person_not_fitting"),
        ("mentor", "mentor", None, "409 already_there"),
        ("coordinator", "stand_in", None, "403 not_yourself"),
    ],
)
def test_nobody_comes_into_a_team_who_does_not_fit(
    caller: Caller, persona: str, part: str, areas: object, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        add_to_team(caller, "coordinator", persona, part, areas)
    assert (caller.audit(), caller.hints()) == ([], [])


def test_nobody_is_in_a_team_of_their_own(caller: Caller, world: World) -> None:
    young = world.people["young_person"]
    add_membership(caller.connection, world.organisation, young, "mentor")

    with pytest.raises(Refused, match="422 person_not_fitting"):
        add_to_team(caller, "key_worker", "young_person", "mentor")
    add_membership(caller.connection, world.organisation, young, "key_worker")
    with pytest.raises(Refused, match="422 person_not_fitting"):
        set_key_worker(caller, "young_person", seen=world.parts["key_worker"])


def test_a_key_worker_names_a_coordinator_as_stand_in(caller: Caller, world: World) -> None:
    add_to_team(caller, "key_worker", "coordinator", "stand_in")

    assert mine(caller, "coordinator")["young_person"]["part"] == "stand_in"


def test_never_two_key_workers_at_one_time_not_even_in_the_past(
    caller: Caller, world: World
) -> None:
    another = add_person(caller.connection, "Another")

    with pytest.raises(psycopg.errors.ExclusionViolation, match="one_key_worker_at_a_time"):
        add_part(
            caller.connection,
            world.organisation,
            world.people["young_person"],
            another,
            "key_worker",
            ended=True,
        )
