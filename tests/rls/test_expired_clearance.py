"""Whoever's training and check ran out yesterday is answered like somebody who never had any."""

from typing import Any

import psycopg
import pytest

from tests.rls import calls
from tests.rls.caller import Caller
from tests.rls.grid import differences, read_grid
from tests.rls.matrix import CALLS, TABLES
from tests.rls.probe import observe
from tests.rls.world import World

# By persona: whose column of the matrix is right for them from the day after.
STAFF = {
    "key_worker": "uncleared_mentor",
    "stand_in": "uncleared_mentor",
    "mentor": "uncleared_mentor",
    "professional": "uncleared_mentor",
    "safeguarding_lead": "uncleared_mentor",
    "coordinator": "uncleared_coordinator",
    "administrator": "uncleared_coordinator",
}
# What they may still do beyond that, and why no young person is the worse for it.
BEYOND = {
    # their own part in a team, which they may leave
    "mentor": {"leave_team"},
    # with no cleared coordinator left, one must be able to note the next clearance
    "coordinator": {"set_clearance"},
    # about staff
    "administrator": {
        "add_administrator",
        "add_administrator_role",
        "end_administrator",
        "invite_administrator",
        "remove_administrator",
    },
}


@pytest.fixture
def expired(admin: psycopg.Connection[Any], world: World) -> psycopg.Connection[Any]:
    """The world on the day after every clearance ran out."""
    # Without triggers: the same versions as before, which some calls name.
    admin.execute("set local session_replication_role = replica")
    admin.execute(
        "update public.memberships set cleared_until = cleared_until - 1"
        " where cleared_until is not null"
    )
    admin.execute("reset session_replication_role")
    return admin


@pytest.mark.parametrize("persona", STAFF)
def test_no_policy_lets_them_see_more(
    expired: psycopg.Connection[Any], world: World, persona: str
) -> None:
    grid = read_grid(TABLES, keys=2)
    seen = observe(expired, world, persona)
    wanted = {key: grid.cells[key][STAFF[persona]] for key in seen}
    if persona == "key_worker":
        # Their own card is the one that the grid calls the team's.
        wanted["public.staff_cards", "team"] = "S"
        wanted["storage.objects", "team"] = "SID"

    assert (
        differences(
            {key: {persona: word} for key, word in wanted.items()},
            {key: {persona: word} for key, word in seen.items()},
        )
        == []
    )


@pytest.mark.parametrize("persona", STAFF)
def test_no_function_lets_them_do_more(
    expired: psycopg.Connection[Any], world: World, persona: str
) -> None:
    grid = read_grid(CALLS, keys=1)
    done = {name for (name,) in grid.cells if calls.answer(expired, world, persona, name) == "ok"}
    allowed = {name for (name,), row in grid.cells.items() if row[STAFF[persona]] == "ok"}

    assert done - allowed == BEYOND.get(persona, set())
    assert done, "nothing was tried"


@pytest.mark.parametrize("persona", STAFF)
def test_no_list_names_a_young_person(
    expired: psycopg.Connection[Any], world: World, persona: str
) -> None:
    assert Caller(expired, world).call(persona, "my_young_people") == []
