"""What must hold for every table, view, policy and function, whoever wrote it."""

from typing import Any

import psycopg

from tests.gates.sql_catalogue import check_database
from tests.rls import both_majors
from tests.rls.matrix import GRANTS

pytestmark = both_majors

OURS = "n.nspname in ('public', 'private')"

TABLE_GRANTS = f"""
select case c.relkind when 'S' then 'sequence' else 'table' end, n.nspname || '.' || c.relname,
    case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end, a.privilege_type
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join aclexplode(c.relacl) as a
where {OURS} and a.grantee <> c.relowner
"""
COLUMN_GRANTS = f"""
select 'column', n.nspname || '.' || c.relname || '.' || t.attname,
    case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end, a.privilege_type
from pg_attribute as t
join pg_class as c on c.oid = t.attrelid
join pg_namespace as n on n.oid = c.relnamespace
cross join aclexplode(t.attacl) as a
where {OURS}
"""


def test_no_rule_of_the_gate_is_broken(admin: psycopg.Connection[Any]) -> None:
    assert check_database(admin) == []


def test_every_grant_is_named(admin: psycopg.Connection[Any]) -> None:
    found = set(admin.execute(TABLE_GRANTS.encode())) | set(admin.execute(COLUMN_GRANTS.encode()))

    assert found == GRANTS


def test_tables_and_functions_belong_to_the_role_that_migrates(
    admin: psycopg.Connection[Any],
) -> None:
    owners = admin.execute(
        "select distinct c.relowner::regrole::text from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace where n.nspname in ('public', 'private')"
        " union select distinct p.proowner::regrole::text from pg_proc as p"
        " join pg_namespace as n on n.oid = p.pronamespace where n.nspname in ('public', 'private')"
    ).fetchall()

    assert owners == [("postgres",)]


def test_new_tables_and_functions_start_without_any_right(
    admin: psycopg.Connection[Any],
) -> None:
    admin.execute("set local role postgres")
    admin.execute("create table public.fresh (id integer)")
    admin.execute("create function public.fresh() returns integer language sql return 1")
    rows = admin.execute(
        "select role, has_function_privilege(role, 'public.fresh()', 'execute'),"
        " has_table_privilege(role, 'public.fresh', 'select, insert, update, delete, truncate,"
        " references, trigger')"
        " from unnest(array['anon', 'authenticated', 'service_role']) as role"
    ).fetchall()

    assert {row[1:] for row in rows} == {(False, False)}
