"""Each rule of the SQL gate is shown a bad example and must say so; ours must have none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.gates.migrations import missing_majors
from tests.gates.sql import SUPABASE
from tests.gates.sql_catalogue import RULES, check_database
from tests.gates.sql_text import check_file, check_folder

BEGIN = "set lock_timeout = '5s';\n"
IN_SQL = "create function f() returns void language sql as $$ {} $$"
IN_PLPGSQL = "create function f() returns void language plpgsql as $$ begin {} end $$"

BAD_TEXT = [
    ("no_where", "delete from a"),
    ("no_where", "update a set b = 1"),
    ("no_where", IN_SQL.format("update a set b = 1")),
    ("no_where", IN_PLPGSQL.format("delete from a;")),
    ("no_where", IN_PLPGSQL.format("with g as (delete from a returning b) insert into c table g;")),
    ("no_where", IN_PLPGSQL.format("if true then loop delete from a; end loop; end if;")),
    ("no_where", "create function f() returns void language sql begin atomic delete from a; end"),
    ("no_where", "do $$ begin update a set b = 1; end $$"),
    ("dynamic_sql", IN_PLPGSQL.format("execute 'delete from a';")),
    ("only_18", "create table x (a int, b int generated always as (a) virtual)"),
    ("only_18", "create table x (a int, b int generated always as (a))"),
    ("only_18", "create table x (a int, b tstzrange, primary key (a, b without overlaps))"),
    ("only_18", "create table x (a int check (a > 0) not enforced)"),
    ("only_18", "create table x (a int, constraint c check (a > 0) not enforced)"),
    ("only_18", "alter table x add constraint c not null a not valid"),
    ("only_18", "create table x (a uuid default uuidv7())"),
    ("only_18", IN_PLPGSQL.format("perform casefold('A');")),
    ("only_18", "update a set b = 1 where c returning old.b"),
    ("only_18", "update a set b = 1 where c returning with (old as o) o.b"),
    ("concurrently", "create index concurrently on a (b)"),
    ("transaction", "commit"),
    ("not_understood", "create functio f()"),
]  # fmt: skip

GOOD_TEXT = [
    "update a set b = 1 where c",
    "create table x (a int, b int generated always as (a) stored, check (a > 0))",
    "alter table x add constraint c check (a > 0) not valid",
    IN_PLPGSQL.format("delete from a where b; insert into a values (1) on conflict do nothing;"),
    "create function f(variadic p_a text[]) returns private.x language plpgsql as $$"
    " declare v_x private.x := private.y(); begin v_x.a := 1; return v_x; end $$",
    "create function f(p_a private.x, out b private.y, out c int) language plpgsql as $$"
    " begin select a.b, 1 into b from a where a.c = p_a.c; end $$",
]

TABLE = "create table public.bad (id integer primary key, who uuid);"
POLICY = "create policy {} on public.bad {} using ({})"
BAD_DATABASE = {
    "rls_not_forced": TABLE + "alter table public.bad enable row level security",
    "no_policy": TABLE,
    "policy_for_everybody": TABLE + POLICY.format('"all may see"', "for select", "id = 1"),
    "policy_without_a_sentence": TABLE + POLICY.format("bad_sel", "to authenticated", "id = 1"),
    "policy_always_true": TABLE + POLICY.format('"all may see"', "to authenticated", "true"),
    "policy_per_row": TABLE + POLICY.format('"own rows"', "to authenticated", "who = auth.uid()"),
    "policy_setting_per_row": TABLE
    + POLICY.format('"own rows"', "to authenticated", "current_setting('a.b', true) = who::text"),
    "policy_on_user_metadata": TABLE
    + POLICY.format(
        '"own rows"', "to authenticated", "(select auth.jwt() -> 'user_metadata' ->> 'a') = 'b'"
    ),
    "update_can_give_away": TABLE
    + POLICY.format('"own rows"', "for update to authenticated", "who = (select auth.uid())"),
    "several_policies": 'create policy "one more" on public.people for select to authenticated'
    " using (id = (select private.my_person()))",
    "foreign_key_without_index": TABLE
    + "alter table public.bad add foreign key (who) references public.people (id)",
    "index_twice": TABLE + "create index on public.bad (who); create index on public.bad (who)",
    "gist_over_ids": "alter table private.machines add exclude using gist (user_id with =)",
    "no_primary_key": "create table private.bad (id integer)",
    "view_as_owner": "create view public.bad as select id from public.people",
    "foreign_table": "create extension file_fdw schema extensions;"
    " create server bad foreign data wrapper file_fdw;"
    " create foreign table public.bad (id integer) server bad options (filename '/nowhere')",
    "search_path_open": "create function private.bad() returns int language sql return 1",
    "function_for_everybody": "create function public.bad() returns int language sql"
    " set search_path = '' return 1; grant execute on function public.bad() to public",
    "secret_key_function": "grant execute on function public.machine_sweep() to service_role",
    "more_than_reading": "grant update (name) on public.people to authenticated;"
    " grant insert on public.people to authenticated",
    "extension_in_public": "create extension citext schema public",
    "private_schema_open": "grant usage on schema private to authenticated",
    "public_bucket": "insert into storage.buckets (id, name, public) values ('bad', 'bad', true)",
}


@pytest.fixture(scope="module")
def dsns() -> dict[int, str]:
    return {}


@pytest.fixture
def database(postgres18: Server, dsns: dict[int, str]) -> Iterator[psycopg.Connection[Any]]:
    if not dsns:
        dsns[18] = postgres18.new_database(migrated=True)("supabase_admin")
    with psycopg.connect(dsns[18]) as connection:
        yield connection
        connection.rollback()


def test_our_migrations_have_no_finding() -> None:
    assert check_folder(SUPABASE / "migrations") == []


def test_our_database_has_no_finding(database: psycopg.Connection[Any]) -> None:
    assert check_database(database) == []


@pytest.mark.parametrize(("rule", "text"), BAD_TEXT)
def test_a_bad_statement_is_found_with_its_line(rule: str, text: str) -> None:
    found = check_file("x.sql", f"{BEGIN}{text};\n")

    assert [(finding.where, finding.rule) for finding in found] == [("x.sql:2", rule)]


@pytest.mark.parametrize("text", GOOD_TEXT)
def test_a_good_statement_is_left_alone(text: str) -> None:
    assert check_file("x.sql", f"{BEGIN}{text};\n") == []


@pytest.mark.parametrize(
    "first", ["select 1;", "set lock_timeout = 0;", "set lock_timeout = '5min';"]
)
def test_a_migration_that_may_wait_for_ever_is_found(first: str) -> None:
    assert [finding.rule for finding in check_file("x.sql", f"{first}\n")] == ["no_lock_timeout"]


def test_an_empty_folder_is_not_a_pass(tmp_path: Path) -> None:
    assert [finding.rule for finding in check_folder(tmp_path)] == ["no_migrations"]


def test_every_rule_has_a_bad_example() -> None:
    assert {rule.name for rule in RULES} == set(BAD_DATABASE)


@pytest.mark.parametrize("rule", BAD_DATABASE)
def test_a_bad_database_is_found(database: psycopg.Connection[Any], rule: str) -> None:
    database.execute(BAD_DATABASE[rule].encode())

    assert rule in {finding.rule for finding in check_database(database)}


def test_one_major_alone_is_not_enough() -> None:
    assert missing_majors(["18.6"]) == {17}
    assert missing_majors(["18.6", "18.7"]) == {17}
    assert missing_majors(["17.10", "18.6"]) == set()
