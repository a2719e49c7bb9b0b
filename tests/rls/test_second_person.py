"""Nobody widens their own rights while there is somebody else who could say yes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.mark.parametrize("role", ["key_worker", "safeguarding_lead", "mentor"])
def test_a_coordinator_gives_herself_no_further_role(
    caller: Caller, world: World, role: str
) -> None:
    herself = world.people["coordinator"]
    with pytest.raises(Refused, match="403 not_yourself"):
        caller.call("coordinator", "add_role", world.organisation, herself, role)


def test_a_coordinator_clears_others_and_not_herself(caller: Caller, world: World) -> None:
    day = datetime.now(UTC).date() + timedelta(10)
    own = world.memberships["coordinator"]
    assert caller.call("coordinator", "set_clearance", own, day, 1) == 2, (
        "while she is the only one"
    )
    second = world.memberships["uncleared_coordinator"]
    caller.call("coordinator", "set_clearance", second, day, 1)
    with pytest.raises(Refused, match="403 not_yourself"):
        caller.call("coordinator", "set_clearance", own, day + timedelta(1), 2)
    assert caller.call("coordinator", "set_clearance", own, None, 2) == 3


def test_a_coordinator_never_makes_herself_the_key_worker(caller: Caller, world: World) -> None:
    with pytest.raises(Refused, match="403 not_yourself"):
        caller.call(
            "coordinator", "set_key_worker", world.organisation,
            world.people["young_person"], world.people["coordinator"], None,
        )  # fmt: skip


def test_who_is_alone_may_begin(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update public.memberships set until = now(), since = least(since, now() - interval '1 s')"
        " where organisation_id = %s and role in ('coordinator', 'administrator')"
        " and person_id <> %s",
        (world.organisation, world.people["coordinator"]),
    )
    herself = world.people["coordinator"]
    assert caller.call("coordinator", "add_role", world.organisation, herself, "key_worker")
