"""Two ways to find words in sealed messages: open the texts, or keep a keyed index of their words.

`open_…` is what the app does. `index_…` is the other way, on a table of its own: for each word of a
message eight bytes that only who has the key can compute. Both in one transaction that is taken
back; the gateway's share of a call is the part `rpc`.
"""

import hashlib
import hmac
import random
import time
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from app.core.seal import Seal
from app.messages.search import PAGE, folded
from app.messages.spoken import unpacked
from tests.bench.threads import as_person, connected, people
from tests.fixtures.run import Run

_MESSAGES: Final = 5_000
_WORDS: Final = 14
_VOCABULARY: Final = 4_000
_LOOKS: Final = 20
_KEY: Final = bytes(32)


def ways(run: Run) -> dict[str, Any]:
    """What one look through 5,000 messages costs either way, in ms, and what the index weighs."""
    texts, seal = _texts(), Seal({"bench": _KEY})
    figures: dict[str, Any] = {"messages": _MESSAGES, "looks": _LOOKS}
    with connected(run) as connection:
        thread, young, helper = people(connection)
        _fill(connection, thread, (young, helper), seal, texts)
        with as_person(connection, young):
            figures |= _opening(connection, thread, seal)
        figures |= _index(connection, thread, texts)
        connection.rollback()
    return figures


def _texts() -> list[str]:
    """Words as often as people say them: the second half as often as the first, and so on."""
    chance = random.Random(7)
    words = [f"word{number:x}" for number in range(_VOCABULARY)]
    weights = [1 / rank for rank in range(1, _VOCABULARY + 1)]
    said = [" ".join(chance.choices(words, weights, k=_WORDS)) for _ in range(_MESSAGES - 1)]
    return ["needle in the hay", *said]


def _fill(
    connection: psycopg.Connection[Any],
    thread: UUID,
    authors: tuple[UUID, UUID],
    seal: Seal,
    texts: list[str],
) -> None:
    ids = [uuid4() for _ in texts]
    sealed = [
        seal.seal_text(text, "message", thread, client_id, 1)
        for text, client_id in zip(texts, ids, strict=True)
    ]
    connection.execute("alter table private.messages disable trigger user")
    connection.execute("alter table private.message_versions disable trigger user")
    connection.execute("delete from private.message_versions where thread_id = %s", (thread,))
    connection.execute("delete from private.messages where thread_id = %s", (thread,))
    connection.execute(
        "insert into private.messages (thread_id, seq, client_id, author, by_stand_in)"
        " select %s, r.seq, r.id, case when r.seq %% 2 = 0 then %s else %s end::uuid, false"
        " from unnest(%s::uuid[]) with ordinality as r (id, seq)",
        (thread, *authors, ids),
    )
    connection.execute(
        "insert into private.message_versions (thread_id, seq, version, sealed)"
        " select %s, r.seq, 1, r.sealed from unnest(%s::text[]) with ordinality as r (sealed, seq)",
        (thread, sealed),
    )
    connection.execute("analyze private.messages, private.message_versions")


def _opening(connection: psycopg.Connection[Any], thread: UUID, seal: Seal) -> dict[str, Any]:
    """For the word of the very first message, so that all pages are read."""
    asked, cpu = [], []
    for _ in range(_LOOKS):
        before, waited, begun, hits = None, 0.0, time.process_time(), 0
        while True:
            begin = time.perf_counter()
            row = connection.execute(
                "select public.search_thread(%s, %s)", (thread, before)
            ).fetchone()
            waited += time.perf_counter() - begin
            page = row[0] if row else []
            for each in page:
                place = ("message", thread, each["client_id"], each["version"])
                hits += "needle" in folded(unpacked(seal.open_text(each["sealed"], *place)).text)
            if len(page) < PAGE:
                break
            before = page[-1]["seq"]
        assert hits == 1
        asked.append(waited * 1000)
        cpu.append((time.process_time() - begun) * 1000)
    return {
        "open_database_ms": _middle(asked),
        "open_cpu_ms": _middle(cpu),
        "open_bytes_kept": 0,
    }


def _index(connection: psycopg.Connection[Any], thread: UUID, texts: list[str]) -> dict[str, Any]:
    connection.execute(
        "create table private.bench_tokens (thread_id uuid, token bytea, seq bigint,"
        " primary key (thread_id, token, seq))"
    )
    begun = time.process_time()
    rows = [(seq, token) for seq, text in enumerate(texts, 1) for token in _tokens(thread, text)]
    cpu = (time.process_time() - begun) * 1000
    begin = time.perf_counter()
    connection.execute(
        "insert into private.bench_tokens select %s, r.token, r.seq"
        " from unnest(%s::bigint[], %s::bytea[]) as r (seq, token)",
        (thread, [seq for seq, _ in rows], [token for _, token in rows]),
    )
    stored = (time.perf_counter() - begin) * 1000
    connection.execute("analyze private.bench_tokens")
    looks = []
    (wanted,) = _tokens(thread, "needle")
    for _ in range(_LOOKS):
        begin = time.perf_counter()
        found = connection.execute(
            "select seq from private.bench_tokens where thread_id = %s and token = %s",
            (thread, wanted),
        ).fetchall()
        assert found == [(1,)]
        looks.append((time.perf_counter() - begin) * 1000)
    row = connection.execute(
        "select pg_total_relation_size('private.bench_tokens'),"
        " pg_total_relation_size('private.messages') + pg_total_relation_size("
        "'private.message_versions')"
    ).fetchone()
    size, whole = row or (0, 1)
    return {
        "index_database_ms": _middle(looks),
        "index_cpu_ms_a_message": round(cpu / len(texts), 4),
        "index_insert_ms_a_message": round(stored / len(texts), 4),
        "index_bytes_kept": size,
        "index_share_of_messages": round(size / whole, 2),
        "index_rows_a_message": round(len(rows) / len(texts), 1),
    }


def _tokens(thread: UUID, text: str) -> set[bytes]:
    key = hmac.digest(_KEY, thread.bytes, hashlib.sha256)
    return {hmac.digest(key, word.encode(), hashlib.sha256)[:8] for word in folded(text).split()}


def _middle(samples: list[float]) -> float:
    return round(sorted(samples)[len(samples) // 2], 2)
