"""A long thread costs what a short one costs: no call reads more than what it shows."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.threads import SEALED
from tests.rls.world import World

LENGTH = 5_000
# 30 messages with their versions, names and answers, the team and the log.
MOST_ROWS = 600


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    thread, people = world.rows["thread"], world.people
    admin.execute("set local session_replication_role = replica")
    admin.execute(
        "insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)"
        " select %s, n, gen_random_uuid(), case when n %% 2 = 0 then %s else %s end::uuid, false,"
        " now() - interval '1 year' + n * interval '1 second' from generate_series(2, %s) as n",
        (thread, people["young_person"], people["key_worker"], LENGTH),
    )
    admin.execute(
        "insert into private.message_versions (thread_id, seq, version, sealed)"
        " select %s, n, 1, %s from generate_series(2, %s) as n",
        (thread, SEALED, LENGTH),
    )
    admin.execute("update private.threads set last_seq = %s where id = %s", (LENGTH, thread))
    admin.execute("set local session_replication_role = origin")
    admin.execute("analyze private.messages, private.message_versions, private.threads")
    return Caller(admin, world)


def test_no_call_reads_a_thread_as_a_whole(caller: Caller, world: World) -> None:
    thread, young = world.rows["thread"], world.people["young_person"]
    page = [young, "key_worker", None]
    for persona, name, arguments in (
        ("young_person", "open_thread", page),
        ("key_worker", "open_thread", page),
        ("key_worker", "older_messages", [thread, LENGTH // 2]),
        ("key_worker", "search_thread", [thread, LENGTH // 2]),
        ("key_worker", "my_threads", []),
        ("key_worker", "unread_messages", []),
        ("young_person", "send_message", [thread, uuid4(), SEALED, None]),
        ("key_worker", "mark_messages", [thread, LENGTH, LENGTH]),
    ):
        before = _reads(caller)
        caller.call(persona, name, *arguments)
        scans, rows = (after - first for after, first in zip(_reads(caller), before, strict=True))

        assert (name, scans) == (name, 0)
        assert rows < MOST_ROWS, (name, rows)


def _reads(caller: Caller) -> tuple[int, int]:
    """(sequential scans, rows fetched by an index) of the two long tables in this transaction."""
    ((scans, rows),) = caller.rows(
        "select sum(seq_scan)::int, sum(idx_tup_fetch)::int from pg_stat_xact_user_tables"
        " where relname in ('messages', 'message_versions') and schemaname = 'private'"
    )
    return scans, rows
