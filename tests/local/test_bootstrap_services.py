"""Files, messages and extensions in a fresh database, compared with upstream's SQL."""

import psycopg
import pytest
from psycopg import errors

from tests.fixtures.postgres import Dsn
from tests.local.fresh import rows


def test_extensions_go_where_hosted_projects_have_them(postgres: psycopg.Connection) -> None:
    for name in ("citext", "pg_trgm", "unaccent", "btree_gist"):
        postgres.execute(f"create extension {name} with schema extensions".encode())

    # Found without naming the schema, as on hosted projects.
    assert rows(postgres, "select 'A'::citext = 'a'") == [(True,)]


@pytest.mark.parametrize(
    ("name", "folders", "file", "extension"),
    [
        ("a/b/c.tar.gz", ["a", "b"], "c.tar.gz", "gz"),
        ("plain.txt", [], "plain.txt", "txt"),
        ("a/none", ["a"], "none", "none"),
        ("a//b.x", ["a", ""], "b.x", "x"),
    ],
)
def test_names_of_files_are_taken_apart_as_upstream_does(
    postgres: psycopg.Connection, name: str, folders: list[str], file: str, extension: str
) -> None:
    found = rows(
        postgres,
        "select storage.foldername(n), storage.filename(n), storage.extension(n)"
        " from (select %s::text as n) s",
        name,
    )

    assert found == [(folders, file, extension)]


def test_rows_of_files_are_only_deleted_on_purpose(postgres: psycopg.Connection) -> None:
    postgres.execute("insert into storage.buckets (id, name) values ('b', 'b')")
    postgres.execute("insert into storage.objects (bucket_id, name) values ('b', 'x')")

    for table in ("storage.objects", "storage.buckets"):
        with pytest.raises(errors.InsufficientPrivilege, match="Direct deletion"):
            postgres.execute(f"delete from {table}".encode())
    with postgres.transaction():
        postgres.execute("set local storage.allow_delete_query = 'true'")
        postgres.execute("delete from storage.objects")

    assert rows(postgres, "select count(*) from storage.objects") == [(0,)]


def test_a_bucket_name_may_not_be_long(postgres: psycopg.Connection) -> None:
    with pytest.raises(errors.RaiseException, match="too long"):
        postgres.execute("insert into storage.buckets (id, name) values ('b', repeat('b', 101))")


def test_operations_are_compared_with_and_without_prefix(postgres: psycopg.Connection) -> None:
    postgres.execute("select set_config('storage.operation', 'storage.object.list', false)")

    found = rows(
        postgres,
        "select storage.allow_only_operation('object.list'),"
        " storage.allow_only_operation('storage.object.list'),"
        " storage.allow_only_operation('object.get'), storage.allow_only_operation(''),"
        " storage.allow_any_operation(array['object.get', 'object.list'])",
    )

    assert found == [(True, True, False, False, True)]


def test_a_message_is_kept_and_its_id_announced(dsn: Dsn, postgres: psycopg.Connection) -> None:
    with psycopg.connect(dsn("supabase_realtime_admin"), autocommit=True) as listener:
        listener.execute("listen realtime_messages")
        postgres.execute("""select realtime.send('{"a": 1}', 'hint', 'hints:3', true)""")
        announced = [note.payload for note in listener.notifies(timeout=5, stop_after=1)]
        kept = rows(
            listener,
            "select id::text, topic, event, payload, private, extension from realtime.messages",
        )

    assert kept == [
        (announced[0], "hints:3", "hint", {"a": 1, "id": announced[0]}, True, "broadcast")
    ]


def test_a_message_that_cannot_be_kept_only_warns(postgres: psycopg.Connection) -> None:
    warnings: list[str | None] = []
    postgres.add_notice_handler(lambda notice: warnings.append(notice.message_primary))

    with postgres.transaction():
        postgres.execute("set local role authenticated")
        postgres.execute("select realtime.send('{}', 'hint', 'hints:3', true)")

    assert rows(postgres, "select count(*) from realtime.messages") == [(0,)]
    assert len(warnings) == 1
    assert str(warnings[0]).startswith("WarnSendingBroadcastMessage: new row violates row-level")


def test_a_policy_on_messages_sees_the_topic(dsn: Dsn, postgres: psycopg.Connection) -> None:
    postgres.execute(
        "create policy p on realtime.messages for select to authenticated"
        " using (realtime.topic() = 'mine' and extension = 'broadcast')"
    )
    postgres.execute("select realtime.send('{}', 'e', 'mine', true)")
    counts = []
    with psycopg.connect(dsn("supabase_realtime_admin")) as connection:
        for topic in ("mine", "yours"):
            connection.execute("select set_config('realtime.topic', %s, true)", [topic])
            connection.execute("set local role authenticated")
            counts += rows(connection, "select count(*) from realtime.messages")
            connection.rollback()

    assert counts == [(1,), (0,)]


def test_changes_of_a_row_are_broadcast(postgres: psycopg.Connection) -> None:
    postgres.execute("create table t (a int)")
    postgres.execute(
        "create function tell() returns trigger language plpgsql as $$ begin"
        " perform realtime.broadcast_changes('t', tg_op, tg_op, tg_table_name, tg_table_schema,"
        " new, old); return null; end $$"
    )
    postgres.execute("create trigger tell after insert on t for each row execute function tell()")
    postgres.execute("insert into t values (7)")

    (payload,) = rows(postgres, "select payload - 'id' from realtime.messages")
    assert payload == (
        {
            "old_record": None,
            "record": {"a": 7},
            "operation": "INSERT",
            "table": "t",
            "schema": "public",
        },
    )


def test_random_bytes_have_their_length_and_differ(postgres: psycopg.Connection) -> None:
    found = rows(
        postgres,
        "select gen_random_bytes(n), gen_random_bytes(n) from unnest(array[1, 16, 33, 1024]) n",
    )

    assert [len(first) for first, _ in found] == [1, 16, 33, 1024]
    assert all(first != second for first, second in found[1:])
    for count in (0, 1025):
        with pytest.raises(errors.ExternalRoutineInvocationException):
            postgres.execute("select gen_random_bytes(%s::int)", [count])


def test_digests_are_those_of_pgcrypto(postgres: psycopg.Connection) -> None:
    found = rows(
        postgres,
        "select encode(digest('abc', 'sha256'), 'hex'), encode(digest('abc'::bytea, 'MD5'), 'hex')",
    )

    assert found == [
        (
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "900150983cd24fb0d6963f7d28e17f72",
        )
    ]
    with pytest.raises(errors.InvalidParameterValue):
        postgres.execute("select digest('abc', 'rot13')")
