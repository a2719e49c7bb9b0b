"""Several reads in one call: each part answers as it does alone, and opens nothing by the way."""

import json
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.world import World

REFUSED = {"code": "PT403", "message": "not_allowed", "details": ""}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def parts(world: World, persona: str) -> dict[str, dict[str, object]]:
    """Every read there is, with the arguments of this persona."""
    place, young = str(world.organisation), str(world.people["young_person"])
    return {
        "my_home": {"cookie_hash": world.devices.get(persona, "0" * 64)},
        "my_notices": {},
        "my_team": {},
        "my_threads": {},
        "unread_messages": {},
        "my_young_people": {},
        "unowned_young_people": {"organisation": place, "after": None, "after_person": None},
        "my_alerts": {"organisation": place},
        "open_agreement": {"organisation": place, "young_person": young},
    }


def together(caller: Caller, persona: str, calls: list[dict[str, object]]) -> list[Any]:
    found: list[Any] = caller.call(persona, "read_together", json.dumps(calls))
    return found


@pytest.mark.parametrize(
    "persona",
    ["stranger", "young_person", "key_worker", "mentor", "coordinator", "trainer", "machine_jobs"],
)
def test_each_part_answers_as_it_does_alone(caller: Caller, world: World, persona: str) -> None:
    asked = parts(world, persona)
    calls: list[dict[str, object]] = [
        {"name": name, "arguments": arguments} for name, arguments in asked.items()
    ]
    for (name, arguments), answer in zip(
        asked.items(), together(caller, persona, calls), strict=True
    ):
        alone = caller.answer(persona, name, *arguments.values())
        if alone == "ok":
            assert answer == {"value": caller.call(persona, name, *arguments.values())}, name
        else:
            assert f"{answer['code']} {answer['message']}" == f"PT{alone}", name


def test_what_one_refuses_takes_no_other_along(caller: Caller, world: World) -> None:
    there = str(world.other_organisation)
    first, second, third = together(
        caller,
        "key_worker",
        [
            {"name": "my_alerts", "arguments": {"organisation": there}},
            {"name": "my_young_people"},
            {"name": "send_message", "arguments": {}},
        ],
    )
    assert first == REFUSED
    assert len(second["value"]) == len(caller.call("key_worker", "my_young_people")) > 0
    assert third["code"] == "20000"


def test_what_is_read_of_a_young_person_is_logged_as_if_it_were_read_alone(
    caller: Caller, world: World
) -> None:
    calls: list[dict[str, object]] = [
        {"name": name, "arguments": arguments}
        for name, arguments in parts(world, "key_worker").items()
    ]
    together(caller, "key_worker", calls)
    assert caller.rows(
        "select reader_person, what from private.access_log where organisation_id = %s",
        world.organisation,
    ) == [(world.people["key_worker"], "person")]


def test_more_than_twenty_are_not_read(caller: Caller) -> None:
    assert len(together(caller, "young_person", [{"name": "my_team"}] * 21)) == 20
