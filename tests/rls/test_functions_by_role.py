"""Who may call what: the hand-written grid and list against the database."""

from typing import Any

import psycopg
import pytest

from tests.rls import both_majors, calls
from tests.rls.grid import differences, read_grid
from tests.rls.matrix import CALLS, EXECUTABLE
from tests.rls.world import World

pytestmark = both_majors

GRID = read_grid(CALLS, keys=1)

EXECUTORS = """
select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
    coalesce(array_agg(
        case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end
    ) filter (where a.grantee <> p.proowner), '{}')
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
where n.nspname in ('public', 'private') and a.privilege_type = 'EXECUTE'
group by 1
"""


@pytest.mark.parametrize("persona", GRID.personas)
def test_every_call_is_answered_as_written(
    gate: psycopg.Connection[Any], world: World, persona: str
) -> None:
    seen = {key: {persona: calls.answer(gate, world, persona, key[0])} for key in GRID.cells}
    written = {key: {persona: line[persona]} for key, line in GRID.cells.items()}

    assert differences(written, seen) == []


def test_only_the_named_roles_may_execute_a_function(admin: psycopg.Connection[Any]) -> None:
    found = {name: set(roles) for name, roles in admin.execute(EXECUTORS) if roles}

    assert found == EXECUTABLE


def test_every_public_function_has_a_line(admin: psycopg.Connection[Any]) -> None:
    found = admin.execute(
        "select p.proname from pg_proc as p where p.pronamespace = 'public'::regnamespace"
    )
    lines = {calls.FUNCTIONS.get(name, name) for (name,) in GRID.cells}

    assert {name for (name,) in found} == lines


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role", "authenticator"])
def test_no_role_reaches_into_the_private_schema(admin: psycopg.Connection[Any], role: str) -> None:
    row = admin.execute("select has_schema_privilege(%s, 'private', 'usage')", (role,)).fetchone()

    assert row == (False,)
