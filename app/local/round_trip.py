"""Several statements, one message to Postgres, one answer: what every request to Rest costs.

psycopg's own pipeline sends each statement by itself and waits in between, which takes as long
as all the rest of a request. This uses libpq's pipeline (`psycopg.pq`) directly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, zip_longest
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

MOST_PREPARED = 200
"""Statements kept in each connection; a further one is parsed anew each time."""

# What was prepared is gone, or no longer fits its table: another connection prepares it anew.
_STALE = (psycopg.errors.InvalidSqlStatementName, psycopg.errors.FeatureNotSupported)
_numbers = count(1)
_PLACE = re.compile(rb"%([%s])")


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with `%s` for each value; without values (None) it goes out as it stands."""

    text: bytes
    values: Sequence[Any] | None = None
    prepared: bool = True


class RoundTrips:
    """Runs steps on connections, and knows which statements each has prepared."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[AsyncConnection, _Names] = WeakKeyDictionary()

    async def run(
        self, connection: AsyncConnection, steps: Sequence[Step]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of each step. The connection belongs to the caller alone.

        Without `begin` the steps are one transaction by themselves. Raises the psycopg.Error of
        the first step that failed; none of the later ones was run then.
        """
        transformer: abc.Transformer = Transformer(connection)
        names = self._known.setdefault(connection, {})
        # Before anything is sent: a value that Postgres cannot take leaves nothing half sent.
        ready = [_made_ready(transformer, step) for step in steps]
        pgconn = connection.pgconn
        sent: list[_Key | None] = []
        results: list[PGresult] = []
        pgconn.enter_pipeline_mode()
        try:
            for each in ready:
                sent += _send(pgconn, names, each)
            pgconn.pipeline_sync()
            await connection.wait(_receive(pgconn, results))
            good = _well(sent, results)
        except _STALE:
            await connection.close()
            raise
        finally:
            for key, result in zip_longest(sent, results):
                if key and (result is None or result.status != ExecStatus.COMMAND_OK):
                    del names[key]
            if pgconn.status == ConnStatus.OK:
                pgconn.exit_pipeline_mode()
        return [
            _rows(transformer, result)
            for key, result in zip(sent, good, strict=True)
            if key is None
        ]


_Key = tuple[bytes, tuple[int, ...]]
_Names = dict[_Key, bytes]


@dataclass(frozen=True, slots=True)
class _Ready:
    key: _Key
    values: Sequence[abc.Buffer | None]
    formats: Sequence[Format]
    prepared: bool


def _made_ready(transformer: abc.Transformer, step: Step) -> _Ready:
    if step.values is None:
        return _Ready((step.text, ()), (), (), step.prepared)
    values = transformer.dump_sequence(step.values, [PyFormat.AUTO] * len(step.values))
    key = _numbered(step.text), tuple(transformer.types or ())
    return _Ready(key, values, transformer.formats or (), step.prepared)


def _send(pgconn: PGconn, names: _Names, step: _Ready) -> list[_Key | None]:
    """Puts a step into the buffer. For each result to come: what it prepares, or None."""
    text, types = step.key
    name = names.get(step.key)
    if name is None and (not step.prepared or len(names) >= MOST_PREPARED):
        pgconn.send_query_params(text, step.values, types, step.formats)
        return [None]
    if name is not None:
        pgconn.send_query_prepared(name, step.values, step.formats)
        return [None]
    name = names[step.key] = b"handrail_%d" % next(_numbers)
    pgconn.send_prepare(name, text, types)
    pgconn.send_query_prepared(name, step.values, step.formats)
    return [step.key, None]


def _receive(pgconn: PGconn, results: list[PGresult]) -> abc.PQGen[None]:
    """Everything up to the end of the pipeline, or of the connection."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    while pgconn.status == ConnStatus.OK:
        while pgconn.is_busy():
            while not (yield Wait.R):
                continue
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
            return
        if result is not None:
            results.append(result)


def _well(sent: Sequence[_Key | None], results: list[PGresult]) -> list[PGresult]:
    """The results, if there is a good one for everything sent."""
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
    if len(results) < len(sent):
        raise psycopg.OperationalError("the connection was lost")
    return results


def _rows(transformer: abc.Transformer, result: PGresult) -> list[tuple[Any, ...]]:
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


@lru_cache(maxsize=512)
def _numbered(text: bytes) -> bytes:
    """The statement with `$1`, `$2`, ... where `%s` stands, and `%` where `%%` does."""
    numbers = count(1)
    return _PLACE.sub(lambda found: b"%" if found[1] == b"%" else b"$%d" % next(numbers), text)
