"""The place of a second factor: off until an organisation sets a day, then without holes."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.calls import CALLS, answer
from tests.rls.grid import read_grid
from tests.rls.matrix import CALLS as MATRIX
from tests.rls.probe import acting_as
from tests.rls.world import World, add_membership

GRID = read_grid(MATRIX, keys=1)
TABLES = ("organisations", "people", "memberships", "team_members")


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def ask_from(caller: Caller, when: str | None) -> None:
    caller.connection.execute(
        "update public.organisations set second_factor_from = now() + %s::interval where id = %s",
        (when, caller.world.organisation),
    )


def home(caller: Caller, persona: str, aal: str) -> str:
    claims = {**caller.world.claims(persona), "aal": aal}
    try:
        caller.call_with(claims, "my_home", caller.world.devices[persona])
    except Exception as refusal:
        return str(refusal)
    return "ok"


def rows_seen(caller: Caller, persona: str) -> dict[str, int]:
    with acting_as(caller.connection, caller.world, persona):
        return {
            table: len(caller.rows(f"select from public.{table}")) for table in TABLES
        }  # fmt: skip


@pytest.mark.parametrize("when", [None, "1 hour"])
def test_as_long_as_nobody_asks_for_it_nothing_changes(caller: Caller, when: str | None) -> None:
    ask_from(caller, when)
    assert [home(caller, "key_worker", aal) for aal in ("aal1", "aal2")] == ["ok", "ok"]
    assert all(rows_seen(caller, "coordinator").values())


def test_from_that_day_staff_reach_nothing_without_it_and_young_people_all(
    caller: Caller,
) -> None:
    ask_from(caller, "-1 second")
    for persona in ("key_worker", "coordinator", "administrator", "mentor"):
        assert home(caller, persona, "aal1") == "403 second_factor_needed"
        assert home(caller, persona, "aal2") == "ok"
        assert rows_seen(caller, persona) == dict.fromkeys(TABLES, 0)
    assert home(caller, "young_person", "aal1") == "ok"
    assert home(caller, "other_key_worker", "aal1") == "ok"
    assert all(rows_seen(caller, "young_person").values())


def test_a_token_that_says_nothing_has_no_second_factor(caller: Caller) -> None:
    ask_from(caller, "-1 second")
    claims = {key: word for key, word in caller.world.claims("mentor").items() if key != "aal"}
    with pytest.raises(Exception, match="second_factor_needed"):
        caller.call_with(claims, "my_young_people")


def test_signing_out_needs_no_second_factor(caller: Caller, world: World) -> None:
    ask_from(caller, "-1 second")
    assert caller.answer("mentor", "close_devices", world.devices["mentor"], False) == "ok"


# What somebody may still do: come in, go out, lock and open their own devices.
OPEN = {
    "open_device", "close_device", "join_page", "invitation_page", "back_page", "keep_device",
    "renew_device", "close_devices", "close_one_device", "my_devices", "choose_membership",
    "lock_device", "unlock_device", "touch_device", "set_lock", "bind_browser", "look_binding",
    "try_binding", "renew_binding", "drop_binding",
    # Each part of it answers for itself: test_together.py.
    "read_together",
}  # fmt: skip


@pytest.mark.parametrize("persona", ["key_worker", "coordinator", "administrator", "professional"])
def test_no_call_and_no_table_is_open_to_staff_without_it(
    caller: Caller, world: World, persona: str
) -> None:
    # What they may do with it is proved elsewhere: test_functions_by_role.py.
    before = {name for (name,), row in GRID.cells.items() if row[persona] == "ok"}
    ask_from(caller, "-1 second")
    after = {name: answer(caller.connection, world, persona, name) for name in CALLS}

    assert before - OPEN
    assert sorted({name for name, word in after.items() if word == "ok"} - OPEN) == []
    tables = caller.rows(
        "select c.relname from pg_class as c where c.relkind in ('r', 'v')"
        " and c.relnamespace = 'public'::regnamespace and c.relname <> 'countries'"
        " and has_table_privilege('authenticated', c.oid, 'select')"
    )
    with acting_as(caller.connection, world, persona):
        seen = {name for (name,) in tables if caller.rows(f"select from public.{name} limit 1")}
    assert sorted(seen) == []


def test_it_covers_what_is_noted_about_staff_who_are_young_people_too(
    caller: Caller, world: World
) -> None:
    add_membership(caller.connection, world.organisation, world.people["young_person"], "mentor")
    ask_from(caller, "-1 second")
    with acting_as(caller.connection, world, "young_person"):
        for table in ("justice_facts", "consents", "staff_cards"):
            assert caller.rows(f"select from public.{table}") == [], table
