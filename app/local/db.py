"""The gateway's only way into Postgres: a request's claims become its role and settings."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus
from psycopg.sql import Composable

from app.local.pool import Pool
from app.local.round_trip import RoundTrips, Step

API_LOGIN = "authenticator"
WAIT_SECONDS = 10.0
IDLE_SECONDS = 30.0
_BEGIN, _COMMIT = Step(b"begin", prepared=False), Step(b"commit", prepared=False)

# What PostgREST reads at its start (Config/Database.hs, queryRoleSettings).
_ROLE_SETTINGS = """
with setting as (
  select r.rolname, unnest(r.rolconfig) as text
  from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.roleid
  where m.member = quote_ident(current_user)::regrole
), pair as (
  select rolname, split_part(text, '=', 1) as name, substr(text, strpos(text, '=') + 1) as value
  from setting
)
select pair.rolname, pair.name, pair.value
from pair join pg_catalog.pg_settings s on s.name = pair.name
where s.name <> 'default_transaction_isolation' and (s.context = 'user'
  or has_parameter_privilege(quote_ident(current_user)::regrole, s.name, 'set'))
order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What SQL may know of the request, as ``current_setting('request.…')``.

    ``path`` is the raw one, percent-encoded; header names are lower case, without ``cookie``.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


class Database:
    """Pools over one cluster. Belongs to one event loop.

    ``dsn`` gives the conninfo of a login role; it is asked for each new connection, so the
    database may move. ``extra_search_path`` follows schema public in every request.
    """

    def __init__(
        self,
        dsn: Callable[[str], str],
        *,
        pool_size: int = 8,
        extra_search_path: Sequence[str] = ("public", "extensions"),
        wait: float = WAIT_SECONDS,
    ) -> None:
        self._dsn = dsn
        self._wait = wait
        self._api = Pool(lambda: dsn(API_LOGIN), size=pool_size, wait=wait, prepare=False)
        self._services: dict[str, Pool] = {}
        self._search_path = ", ".join(map(_quoted, ("public", *extra_search_path)))
        self._role_settings: dict[str, list[str]] = {}
        self._trips = RoundTrips()
        self._pruning: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Read the roles' settings; raises psycopg.OperationalError without a database."""
        await self.reload_settings()
        self._pruning = asyncio.create_task(self._prune_for_ever())

    async def close(self) -> None:
        if self._pruning is not None:
            self._pruning.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pruning
        for pool in (self._api, *self._services.values()):
            await pool.close()

    async def reload_settings(self) -> None:
        """Take over what ``alter role … set`` says now about the roles a request can have."""
        async with self._api.connection() as connection:
            rows = await (await connection.execute(_ROLE_SETTINGS)).fetchall()
        settings: dict[str, list[str]] = {}
        for role, name, value in rows:
            settings.setdefault(role, []).extend((name, value))
        self._role_settings = settings

    def conninfo(self, user: str) -> str:
        """For a connection outside the pools, such as one that listens for notifications."""
        return self._dsn(user)

    async def as_claims(
        self,
        claims: Mapping[str, Any],
        query: str | bytes | Composable,
        params: Sequence[Any] | None = None,
        *,
        read_only: bool,
        request: RequestInfo,
        settings: Mapping[str, str] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run one statement in its own transaction as the role of the claims; all its rows.

        Everything goes to Postgres in one message. ``settings`` are further ``set local`` values.
        psycopg.Error and PoolTimeout pass through, the transaction is rolled back then.
        """
        async with self._api.connection() as connection:
            # The steps are a transaction by themselves. That saves a read two messages; a write
            # says commit to learn what a deferred constraint thinks of it.
            steps = [
                self._become(claims, read_only, request, settings),
                Step(_text(query, connection), params),
            ]
            if not read_only:
                steps = [_BEGIN, *steps, _COMMIT]
            try:
                return (await self._trips.run(connection, steps))[1 if read_only else 2]
            except BaseException:
                await _roll_back(connection)
                raise

    @contextlib.asynccontextmanager
    async def transaction(
        self,
        claims: Mapping[str, Any],
        *,
        read_only: bool,
        request: RequestInfo,
        settings: Mapping[str, str] | None = None,
    ) -> AsyncIterator[AsyncConnection]:
        """Several statements in one transaction as the role of the claims.

        Commits when the block ends well, rolls back on any exception. A block that swallowed
        a failed statement gets psycopg.errors.InFailedSqlTransaction instead of a commit.
        """
        async with self._api.connection() as connection:
            try:
                become = self._become(claims, read_only, request, settings)
                await self._trips.run(connection, [_BEGIN, become])
                yield connection
                done = await connection.execute("commit", prepare=False)
                if done.statusmessage != "COMMIT":
                    raise psycopg.errors.InFailedSqlTransaction(
                        "the transaction had failed and was rolled back"
                    )
            except BaseException:
                await _roll_back(connection)
                raise

    def admin(self, user: str) -> AbstractAsyncContextManager[AsyncConnection]:
        """An autocommit connection of a service's own login role, for example
        ``supabase_auth_admin``. Raises as the pool does: PoolTimeout, OperationalError."""
        pool = self._services.get(user)
        if pool is None:
            pool = self._services[user] = Pool(lambda: self._dsn(user), size=4, wait=self._wait)
        return pool.connection()

    def _become(
        self,
        claims: Mapping[str, Any],
        read_only: bool,
        request: RequestInfo,
        settings: Mapping[str, str] | None,
    ) -> Step:
        """PostgREST's order (Query/PreQuery.hs): the role's own settings come before the role,
        because authenticator may have the right to set them and the role not."""
        role = str(claims.get("role") or "anon")
        of_role = self._role_settings.get(role, [])
        of_call = [part for pair in (settings or {}).items() for part in pair]
        values = [
            "on" if read_only else "off",
            self._search_path,
            *of_role,
            role,
            json.dumps({**claims, "role": role}),
            request.method,
            request.path,
            json.dumps(dict(request.headers)),
            json.dumps(dict(request.cookies)),
            *of_call,
        ]
        return Step(_setup_statement(len(of_role) // 2, len(of_call) // 2), values)

    async def _prune_for_ever(self) -> None:
        while True:
            await asyncio.sleep(IDLE_SECONDS / 2)
            for pool in (self._api, *self._services.values()):
                await pool.prune(IDLE_SECONDS)


@lru_cache(maxsize=64)
def _setup_statement(of_role: int, of_call: int) -> bytes:
    first = ("transaction_read_only", "search_path")
    later = ("role", "request.jwt.claims", "request.method", "request.path")
    last = ("request.headers", "request.cookies")
    dynamic = ["set_config(%s, %s, true)"]
    parts = [
        *map(_set, first),
        *dynamic * of_role,
        *map(_set, (*later, *last)),
        *dynamic * of_call,
    ]
    return f"select {', '.join(parts)}".encode()


def _text(query: str | bytes | Composable, connection: AsyncConnection) -> bytes:
    if isinstance(query, Composable):
        return query.as_bytes(connection)
    return query.encode() if isinstance(query, str) else query


def _set(name: str) -> str:
    return f"set_config('{name}', %s, true)"


async def _roll_back(connection: AsyncConnection) -> None:
    """A connection that cannot roll back is broken; the pool throws it away."""
    if connection.info.transaction_status == TransactionStatus.IDLE:
        return
    with contextlib.suppress(psycopg.Error):
        await connection.execute("rollback", prepare=False)


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
