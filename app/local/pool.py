"""A small connection pool that tells the truth at once when the database is gone.

psycopg_pool hides a lost database behind waiting: every caller queues until the time-out and
then cannot tell "busy" from "gone". PostgREST answers the two differently (504 and 503), so
this pool connects on demand and lets the failure through, like the pool PostgREST uses.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus

CONNECT_SECONDS = 5


class Unreachable(psycopg.OperationalError):
    """No connection could be made: the database is not there, or lets nobody in."""


class PoolTimeout(Exception):
    """All connections stayed busy for as long as a caller may wait."""


class Pool:
    """At most ``size`` autocommit connections made with ``conninfo()``; most recent first out.

    A caller waits up to ``wait`` seconds for a free one. Belongs to one event loop. With
    ``prepare`` psycopg prepares every statement, and throws all prepared ones away at each
    rollback, those of others too.
    """

    def __init__(
        self, conninfo: Callable[[], str], *, size: int, wait: float, prepare: bool = True
    ) -> None:
        self._conninfo = conninfo
        self._prepare = prepare
        self._wait = wait
        self._places = asyncio.Semaphore(size)
        self._idle: list[tuple[float, AsyncConnection]] = []
        self._closed = False

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """One connection for this block alone.

        Raises PoolTimeout when none gets free, Unreachable when the database cannot be
        reached. A connection left inside a transaction is thrown away.
        """
        try:
            async with asyncio.timeout(self._wait):
                await self._places.acquire()
        except TimeoutError as error:
            raise PoolTimeout from error
        try:
            connection = self._idle.pop()[1] if self._idle else await self._connect()
            try:
                yield connection
            finally:
                await self._take_back(connection)
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close what is idle now and everything else as it comes back."""
        self._closed = True
        await self._drop_idle()

    async def prune(self, seconds: float) -> None:
        """Close connections that nobody needed for this long; each costs Postgres memory."""
        oldest = time.monotonic() - seconds
        stale = [entry for entry in self._idle if entry[0] < oldest]
        self._idle = [entry for entry in self._idle if entry[0] >= oldest]
        for _, connection in stale:
            await connection.close()

    async def _connect(self) -> AsyncConnection:
        try:
            return await AsyncConnection.connect(
                self._conninfo(),
                autocommit=True,
                prepare_threshold=1 if self._prepare else None,
                connect_timeout=CONNECT_SECONDS,
                application_name="local supabase",
            )
        except psycopg.OperationalError as error:
            raise Unreachable(str(error)) from error

    async def _take_back(self, connection: AsyncConnection) -> None:
        if connection.closed:
            # Its siblings went with the same server: nobody else shall find that out.
            await self._drop_idle()
        elif self._closed or connection.info.transaction_status != TransactionStatus.IDLE:
            await connection.close()
        else:
            self._idle.append((time.monotonic(), connection))

    async def _drop_idle(self) -> None:
        idle, self._idle = self._idle, []
        for _, connection in idle:
            with contextlib.suppress(psycopg.Error):
                await connection.close()
