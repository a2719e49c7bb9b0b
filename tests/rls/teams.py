"""Calls about the team of the young person of the world, and what came of them."""

from typing import Any
from uuid import UUID

from tests.rls.caller import Caller


def mine(caller: Caller, persona: str) -> dict[str, Any]:
    """The young people of this persona, by name."""
    return {each["name"]: each for each in caller.call(persona, "my_young_people")}


def unowned(caller: Caller) -> set[str]:
    page = caller.call("coordinator", "unowned_young_people", caller.world.organisation, None, None)
    assert not page["more"]
    return {each["name"] for each in page["people"]}


def set_key_worker(caller: Caller, persona: str, *, seen: UUID | None) -> UUID:
    """The coordinator gives the young person this key worker."""
    people = caller.world.people
    part: UUID = caller.call(
        "coordinator",
        "set_key_worker",
        caller.world.organisation,
        people["young_person"],
        people[persona],
        seen,
    )
    return part


def add_to_team(caller: Caller, by: str, persona: str, part: str, areas: object = None) -> UUID:
    people = caller.world.people
    added: UUID = caller.call(
        by,
        "add_to_team",
        caller.world.organisation,
        people["young_person"],
        people[persona],
        part,
        areas,
    )
    return added


def told(caller: Caller) -> dict[UUID, set[UUID]]:
    """Whom hints about teams of this test have reached, by young person."""
    return {ref: set(people) for kind, ref, people in caller.hints() if kind == "team"}
