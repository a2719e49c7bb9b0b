"""The hand-written matrix against what the database does, and against what there is in it."""

import re
from typing import Any

import psycopg
import pytest

from tests.rls import both_majors
from tests.rls.grid import differences, read_grid
from tests.rls.matrix import CALLS, TABLES
from tests.rls.probe import observe, targets
from tests.rls.world import SPECIAL, World

pytestmark = both_majors

GRID = read_grid(TABLES, keys=2)
# Tables of the services, which hold rows of ours.
SERVICES = {"realtime.messages", "storage.objects"}


@pytest.mark.parametrize("persona", GRID.personas)
def test_every_cell_is_as_written(
    gate: psycopg.Connection[Any], world: World, persona: str
) -> None:
    seen = observe(gate, world, persona)
    written = {key: line[persona] for key, line in GRID.cells.items() if line[persona] != "."}

    assert (
        differences(
            {key: {persona: word} for key, word in written.items()},
            {key: {persona: word} for key, word in seen.items()},
        )
        == []
    )


def test_every_row_the_matrix_speaks_of_exists(
    admin: psycopg.Connection[Any], world: World
) -> None:
    rows = targets(world, "young_person")
    found = {
        key: admin.execute(f"select from {key[0]} where {row.where}".encode(), row.values).rowcount
        for key, row in rows.items()
    }

    assert set(found) == set(GRID.cells)
    assert [key for key, count in found.items() if count == 0] == []


def test_every_table_and_view_has_a_line(admin: psycopg.Connection[Any]) -> None:
    found = admin.execute(
        "select c.oid::regclass::text from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    ).fetchall()
    tables = {name if "." in name else f"public.{name}" for (name,) in found}

    assert tables == {table for table, _ in GRID.cells if table not in SERVICES}


def test_every_role_and_machine_has_a_column(admin: psycopg.Connection[Any]) -> None:
    roles = _allowed_words(admin, "public.memberships", "role")
    machines = {f"machine_{kind}" for kind in _allowed_words(admin, "private.machines", "kind")}
    outside = {"anonymous", "stranger", "former_member", "other_key_worker"}

    assert set(GRID.personas) == roles | machines | outside | set(SPECIAL)
    assert read_grid(CALLS, keys=1).personas == GRID.personas


def _allowed_words(admin: psycopg.Connection[Any], table: str, column: str) -> set[str]:
    row = admin.execute(
        "select pg_get_constraintdef(c.oid) from pg_constraint as c"
        " join pg_attribute as a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]"
        " where c.contype = 'c' and c.conrelid = %s::regclass and a.attname = %s",
        (table, column),
    ).fetchone()
    assert row is not None
    return set(re.findall(r"'([a-z_]+)'", row[0]))
