"""What reading and writing cost in a thread of 100,000 messages, beside 100,000 others.

Time is the database's, asked over its socket as the signed-in person; the gateway's share of a call
is the part `rpc`.
"""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from app.core.seal import Seal
from app.local.runtime import read_runtime
from tests.fixtures.run import Run

_LONG, _OTHERS, _SAMPLES = 100_000, 2_000, 300
_WORDS: Final = "Can we meet on Thursday at four, at the house by the water? I bring the papers."


def long_thread(run: Run) -> dict[str, Any]:
    """p50 and p99 of each call in ms, and how often one of them read a long table as a whole."""
    figures: dict[str, Any] = {"samples": _SAMPLES}
    with connected(run) as connection:
        thread, young, helper = people(connection)
        seal = Seal({"bench": bytes(32)})
        _fill(connection, thread, young, helper, seal.seal_text(_WORDS, "bench"))
        sealed = seal.seal_text(_WORDS, "bench")
        before = _scans(connection)
        for name, person, query in (
            ("open", young, "open_thread(%(young)s, 'key_worker', null)"),
            ("open_logged", helper, "open_thread(%(young)s, 'key_worker', null)"),
            ("older", young, "older_messages(%(thread)s, 50000)"),
            ("list", helper, "my_threads()"),
            ("unread", helper, "unread_messages()"),
            ("send", helper, "send_message(%(thread)s, %(new)s, %(sealed)s, null)"),
        ):
            values = {"thread": thread, "young": young, "sealed": sealed}
            with as_person(connection, person):
                samples = [_timed(connection, query, values) for _ in range(_SAMPLES)]
            samples.sort()
            figures[f"{name}_p50_ms"] = round(statistics.median(samples), 3)
            figures[f"{name}_p99_ms"] = round(samples[int(_SAMPLES * 0.99)], 3)
        figures["whole_table_reads"] = _scans(connection) - before
        connection.rollback()
    figures["open_30_texts_cpu_ms"] = _opening_cpu(seal, sealed)
    return figures


def connected(run: Run) -> psycopg.Connection[Any]:
    """The database of a running stack, with all rights."""
    runtime = read_runtime(run.home)
    if runtime is None:
        raise AssertionError("nothing runs")
    return psycopg.connect(host=runtime.db_socket, user="supabase_admin", dbname="postgres")


def people(connection: psycopg.Connection[Any]) -> tuple[UUID, UUID, UUID]:
    """The longest thread of the demo, its young person and the key worker."""
    row = connection.execute(
        "select t.id, t.young_person_id, m.person_id from private.threads as t"
        " join public.team_members as m on m.young_person_id = t.young_person_id"
        " where m.part = 'key_worker' and t.kind = 'key_worker' and m.until is null"
        " and exists (select from private.sign_ins as s where s.person_id = t.young_person_id)"
        " order by t.last_seq desc limit 1"
    ).fetchone()
    if row is None:
        raise AssertionError("the demo has no thread")
    thread, young, helper = row
    return thread, young, helper


def _fill(
    connection: psycopg.Connection[Any], thread: UUID, young: UUID, helper: UUID, sealed: str
) -> None:
    """In one transaction that is taken back; rules that tell others are left out."""
    values = {
        "thread": thread, "young": young, "helper": helper, "sealed": sealed, "long": _LONG,
        "others": _OTHERS,
    }  # fmt: skip
    connection.execute("set local session_replication_role = replica")
    for query in (
        "create temporary table filled on commit drop as"
        " select %(thread)s::uuid as thread_id, n as seq from generate_series(1001, %(long)s) as n"
        " union all select o.id, n from (select gen_random_uuid() as id"
        " from generate_series(1, %(others)s)) as o cross join generate_series(1, 50) as n",
        "insert into private.threads (id, organisation_id, young_person_id, kind)"
        " select f.thread_id, gen_random_uuid(), gen_random_uuid(), 'key_worker'"
        " from filled as f where f.thread_id <> %(thread)s and f.seq = 1",
        "insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)"
        " select thread_id, seq, gen_random_uuid(),"
        " case when seq %% 2 = 0 then %(young)s else %(helper)s end::uuid, false,"
        " now() - interval '2 years' + seq * interval '9 minutes' from filled",
        "insert into private.message_versions (thread_id, seq, version, sealed)"
        " select thread_id, seq, 1, %(sealed)s from filled",
        "update private.threads set last_seq = %(long)s, last_at = now() where id = %(thread)s",
    ):
        connection.execute(query.encode(), values)
    connection.execute("set local session_replication_role = origin")
    connection.execute("analyze private.threads, private.messages, private.message_versions")


@contextmanager
def as_person(connection: psycopg.Connection[Any], person: UUID) -> Iterator[None]:
    """What is asked inside is asked as this person, signed in."""
    row = connection.execute(
        "select user_id from private.sign_ins where person_id = %s limit 1", (person,)
    ).fetchone()
    claims = json.dumps({"role": "authenticated", "sub": str(row and row[0]), "aal": "aal1"})
    connection.execute(
        "select set_config('role', 'authenticated', true),"
        " set_config('request.jwt.claims', %s, true)",
        (claims,),
    )
    yield
    connection.execute("reset role")


def _timed(connection: psycopg.Connection[Any], query: str, values: dict[str, object]) -> float:
    # What it wrote is undone each time: else the limit for one minute would be measured.
    with connection.transaction(force_rollback=True):
        begin = time.perf_counter()
        connection.execute(f"select public.{query}".encode(), {**values, "new": uuid4()}).fetchone()
        return (time.perf_counter() - begin) * 1000


def _scans(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "select sum(seq_scan)::int from pg_stat_xact_user_tables where schemaname = 'private'"
        " and relname in ('threads', 'messages', 'message_versions')"
    ).fetchone()
    return int(row[0]) if row else 0


def _opening_cpu(seal: Seal, sealed: str) -> float:
    begin = time.process_time()
    for _ in range(100 * 30):
        seal.open_text(sealed, "bench")
    return round((time.process_time() - begin) * 10, 3)
