"""The matrix would notice: without any one policy, or with a door too many, it turns red."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.rls import both_majors
from tests.rls.grid import differences, read_grid
from tests.rls.matrix import TABLES
from tests.rls.probe import observe
from tests.rls.world import World

pytestmark = both_majors

GRID = read_grid(TABLES, keys=2)
EVERY_TABLE = frozenset(table for table, _ in GRID.cells)
POLICIES = (
    "select format('%I.%I', schemaname, tablename), policyname from pg_policies"
    " where schemaname in ('public', 'private', 'realtime', 'storage')"
)
LOOSER = {
    "a table without row level security": "alter table public.people disable row level security",
    "a policy for everybody": "create policy x on public.people to authenticated using (true)",
    "a write for members": (
        "grant update on public.people to authenticated;"
        "create policy x on public.people for update to authenticated"
        " using (id in (select private.my_people()))"
    ),
    "new rows for anybody": (
        "grant insert on public.organisations to authenticated;"
        "create policy x on public.organisations for insert to authenticated with check (true)"
    ),
    "rows taken away": (
        "grant delete on public.memberships to authenticated;"
        "create policy x on public.memberships for delete to authenticated"
        " using (person_id = (select private.my_person()))"
    ),
    "anonymous readers": (
        "grant select on public.countries to anon;"
        "create policy x on public.countries for select to anon using (true)"
    ),
    "the private schema opened": (
        "grant usage on schema private to authenticated;"
        "grant select on private.devices to authenticated;"
        "create policy x on private.devices for select to authenticated"
        " using (user_id = (select auth.uid()))"
    ),
    "a view that runs as its owner": (
        "grant usage on schema private to authenticated;"
        "grant select on private.current_memberships to authenticated;"
        "alter view private.current_memberships set (security_invoker = false)"
    ),
    "helpers that forget the end of a membership": (
        "create or replace view private.current_memberships with (security_invoker = true) as"
        " select m.id, m.organisation_id, m.person_id, m.role, m.since, true as cleared"
        " from public.memberships as m"
    ),
    "hints for people": (
        "create policy x on realtime.messages for select to authenticated"
        " using ((select realtime.topic()) like 'hints:%')"
    ),
}


def red_cells(
    connection: psycopg.Connection[Any], world: World, tables: frozenset[str] = EVERY_TABLE
) -> Iterator[str]:
    """What the matrix would complain about, in the state this transaction has made."""
    for persona in GRID.personas:
        seen = observe(connection, world, persona, tables)
        written = {
            key: line[persona]
            for key, line in GRID.cells.items()
            if key[0] in tables and line[persona] != "."
        }
        yield from differences(
            {key: {persona: word} for key, word in written.items()},
            {key: {persona: word} for key, word in seen.items()},
        )


def turns_red(connection: psycopg.Connection[Any], world: World, changed: str) -> bool:
    """Whether the matrix complains at all; what was changed names a table, which is asked first."""
    tables = frozenset(table for table in EVERY_TABLE if table in changed)
    return any(red_cells(connection, world, tables)) or any(
        red_cells(connection, world, EVERY_TABLE - tables)
    )


def test_the_matrix_is_green_before_anything_is_changed(
    admin: psycopg.Connection[Any], world: World
) -> None:
    assert list(red_cells(admin, world)) == []


def test_dropping_any_single_policy_turns_the_matrix_red(
    admin: psycopg.Connection[Any], world: World
) -> None:
    policies = admin.execute(POLICIES).fetchall()
    unnoticed = []
    for table, policy in policies:
        with admin.transaction(force_rollback=True):
            admin.execute(f'drop policy "{policy}" on {table}'.encode())
            if not turns_red(admin, world, table):
                unnoticed.append(f"{table}: {policy}")

    assert len(policies) >= 5
    assert unnoticed == []


@pytest.mark.parametrize("change", LOOSER)
def test_a_door_too_many_turns_the_matrix_red(
    admin: psycopg.Connection[Any], world: World, change: str
) -> None:
    admin.execute(LOOSER[change].encode())

    assert turns_red(admin, world, LOOSER[change])
