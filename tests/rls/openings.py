"""Calls about opening the page of a young person to protect them."""

from typing import Any
from uuid import UUID

from tests.rls.caller import Caller
from tests.rls.world import World
from tests.rls.world_rules import REASON

ASK, AGREE, CLOSE = "ask_opening", "agree_opening", "close_opening"


def ask(
    caller: Caller,
    by: str = "coordinator",
    of: str = "safeguarding_lead",
    about: str = "young_person",
    *,
    reason: str | None = REASON,
    hours: int | None = None,
    why: str | None = None,
) -> UUID:
    """The id of what this persona asked for."""
    world = caller.world
    people = world.people
    asked: UUID = caller.call(
        by, ASK, world.organisation, people[about], people[of], reason, hours, why
    )
    return asked


def log(caller: Caller, world: World) -> list[tuple[UUID, str, str]]:
    """(reader, their role, what) of every row of the organisation's access log."""
    return [
        (reader, role, what)
        for reader, role, what in caller.rows(
            "select reader_person, reader_role, what from private.access_log"
            " where organisation_id = %s order by number",
            world.organisation,
        )
    ]


def listed(caller: Caller, persona: str) -> dict[str, dict[str, Any]]:
    """What this persona sees of the openings of the organisation, by id."""
    found = caller.call(persona, "my_openings", caller.world.organisation)
    return {each["id"]: each for each in found}


def notices(caller: Caller, person: UUID) -> list[tuple[Any, ...]]:
    """(kind, ref, made_by, words) of what was told; those of the world itself have no ref."""
    return caller.rows(
        "select kind, ref, made_by, words from private.notices"
        " where person_id = %s and ref is not null",
        person,
    )
