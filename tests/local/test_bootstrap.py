"""What migrations and services find in a fresh database, compared with hosted projects."""

import json

import psycopg
import pytest
from psycopg import errors

from app.local.bootstrap import bootstrap
from tests.fixtures.postgres import Dsn, Server
from tests.local.fresh import ALICE, Row, rows


def test_roles_have_the_rights_they_have_on_hosted_projects(admin: psycopg.Connection) -> None:
    # supabase/postgres, migrations/db
    found = {
        row[0]: row[1:]
        for row in rows(
            admin,
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole from pg_roles",
        )
        if not row[0].startswith("pg_")
    }

    assert found == {
        "supabase_admin": (True, True, True, True),
        "postgres": (True, False, True, True),
        "anon": (False, False, False, False),
        "authenticated": (False, False, False, False),
        "service_role": (False, False, True, False),
        "authenticator": (True, False, False, False),
        "dashboard_user": (False, False, False, True),
        "supabase_auth_admin": (True, False, False, True),
        "supabase_storage_admin": (True, False, False, True),
        "supabase_realtime_admin": (True, False, False, False),
    }


def test_time_limits_are_those_of_hosted_projects(admin: psycopg.Connection) -> None:
    found: dict[str, list[str]] = dict(
        rows(admin, "select rolname, rolconfig from pg_roles where rolconfig is not null")
    )

    assert found["anon"] == ["statement_timeout=3s"]
    assert found["authenticated"] == ["statement_timeout=8s"]
    assert sorted(found["authenticator"]) == ["lock_timeout=8s", "statement_timeout=8s"]


def test_the_authenticator_can_become_the_api_roles_and_nothing_else(dsn: Dsn) -> None:
    with psycopg.connect(dsn("authenticator"), autocommit=True) as connection:
        for role in ("anon", "authenticated", "service_role"):
            connection.execute(f"set role {role}".encode())
            connection.execute("reset role")
        for role in ("postgres", "supabase_admin", "supabase_auth_admin"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"set role {role}".encode())
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select * from auth.users")


def test_a_new_table_is_not_reachable_through_the_api(postgres: psycopg.Connection) -> None:
    postgres.execute("create table public.t (id int generated always as identity)")

    for role in ("anon", "authenticated", "service_role"):
        for right in ("select", "insert", "update", "delete"):
            assert rows(postgres, "select has_table_privilege(%s, 't', %s)", role, right) == [
                (False,)
            ]
        # Left over on hosted projects as well: migrations must take it away.
        assert rows(postgres, "select has_table_privilege(%s, 't', 'truncate')", role) == [(True,)]
        assert rows(postgres, "select has_sequence_privilege(%s, 't_id_seq', 'usage')", role) == [
            (False,)
        ]


def test_a_new_function_is_executable_by_everybody(postgres: psycopg.Connection) -> None:
    postgres.execute("create function public.f() returns int language sql return 1")

    assert rows(postgres, "select has_function_privilege('anon', 'f()', 'execute')") == [(True,)]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (None, None, None, None)),
        ({"request.jwt.claims": ""}, (None, None, None, None)),
        (
            {"request.jwt.claims": json.dumps({"sub": ALICE, "role": "anon", "email": "a@b.c"})},
            (ALICE, "anon", "a@b.c", {"sub": ALICE, "role": "anon", "email": "a@b.c"}),
        ),
        (
            {"request.jwt.claim.sub": ALICE, "request.jwt.claims": '{"sub": "other"}'},
            (ALICE, None, None, {"sub": "other"}),
        ),
    ],
)
def test_auth_functions_read_the_claims(
    postgres: psycopg.Connection, settings: dict[str, str], expected: Row
) -> None:
    for name, value in settings.items():
        postgres.execute("select set_config(%s, %s, false)", [name, value])

    found = rows(postgres, "select auth.uid()::text, auth.role(), auth.email(), auth.jwt()")

    assert found == [expected]


def test_columns_of_users_are_those_of_supabase_auth(admin: psycopg.Connection) -> None:
    # supabase/auth, migrations up to 20260625000000
    expected = """instance_id id aud role email encrypted_password email_confirmed_at invited_at
        confirmation_token confirmation_sent_at recovery_token recovery_sent_at
        email_change_token_new email_change email_change_sent_at last_sign_in_at raw_app_meta_data
        raw_user_meta_data is_super_admin created_at updated_at phone phone_confirmed_at
        phone_change phone_change_token phone_change_sent_at confirmed_at
        email_change_token_current email_change_confirm_status banned_until reauthentication_token
        reauthentication_sent_at is_sso_user deleted_at is_anonymous"""

    found = rows(
        admin,
        "select column_name from information_schema.columns"
        " where table_schema = 'auth' and table_name = 'users'",
    )

    assert sorted(name for (name,) in found) == sorted(expected.split())


def test_api_roles_see_no_table_of_auth(admin: psycopg.Connection) -> None:
    found = rows(
        admin,
        "select relname, rolname from pg_class, pg_roles where relnamespace = 'auth'::regnamespace"
        " and relkind = 'r' and rolname in ('anon', 'authenticated', 'service_role')"
        " and has_table_privilege(rolname, pg_class.oid, 'select, insert, update, delete')",
    )

    assert found == []


def test_postgres_refers_to_users_and_hangs_triggers_on_them(postgres: psycopg.Connection) -> None:
    postgres.execute("create table people (user_id uuid references auth.users on delete cascade)")
    postgres.execute(
        "create function note() returns trigger language plpgsql security definer"
        " set search_path = '' as $$ begin insert into public.people values (new.id);"
        " return new; end $$"
    )
    postgres.execute(
        "create trigger note after insert on auth.users for each row execute function note()"
    )
    postgres.execute("insert into auth.users (id) values (%s)", [ALICE])

    assert [str(user) for (user,) in rows(postgres, "select user_id from people")] == [ALICE]

    postgres.execute("drop function note() cascade")
    postgres.execute("drop table people")


def test_postgres_writes_policies_for_files_and_messages(postgres: psycopg.Connection) -> None:
    for table in ("storage.objects", "storage.buckets", "realtime.messages"):
        postgres.execute(f"create policy p on {table} for select to anon using (true)".encode())
        postgres.execute(f"alter policy p on {table} using (false)".encode())
        postgres.execute(f"drop policy p on {table}".encode())

    assert rows(postgres, "select count(*) from pg_policies") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "create table auth.mine ()",
        "create function auth.mine() returns int language sql return 1",
        "alter table auth.users add mine int",
        "create table storage.mine ()",
        "alter table storage.objects disable row level security",
        "alter table storage.objects add mine int",
        "create index on storage.objects (metadata)",
        "drop function storage.protect_delete() cascade",
        "drop table realtime.messages",
        "create table realtime.mine ()",
        "alter role supabase_admin nosuperuser",
        "create extension file_fdw",
    ],
)
def test_postgres_is_refused_what_hosted_projects_refuse(
    postgres: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        postgres.execute(statement.encode())


def test_a_second_bootstrap_changes_nothing(dsn: Dsn, admin: psycopg.Connection) -> None:
    catalogue = "select array_agg(x::text order by x::text) from pg_proc x"
    before = rows(admin, catalogue)

    bootstrap(dsn("supabase_admin"))
    assert rows(admin, catalogue) == before

    # As after an update of Handrail: all files run again on what is there.
    admin.execute("insert into auth.users (id) values (%s)", [ALICE])
    admin.execute("comment on schema extensions is 'older'")
    bootstrap(dsn("supabase_admin"))
    assert rows(admin, "select count(*) from auth.users") == [(1,)]
    assert len(rows(admin, catalogue)[0][0]) == len(before[0][0])


def test_another_database_of_the_same_cluster_gets_everything_too(server: Server) -> None:
    dsn = server.empty_database()

    bootstrap(dsn("supabase_admin"))

    with psycopg.connect(dsn("postgres")) as connection:
        assert rows(connection, "select to_regclass('auth.users')::text") == [("auth.users",)]
        connection.execute("create table public.t ()")
