"""Claims become a role for one transaction and nothing stays behind."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
import pytest

from app.local.db import Database, RequestInfo
from app.local.pool import Pool, PoolTimeout, Unreachable
from tests.fixtures.postgres import Dsn, Server

REQUEST = RequestInfo("POST", "/rpc/x", {"x-a": "1"}, {"c": "2"})
PERSON = {"role": "authenticated", "sub": "00000000-0000-4000-8000-000000000001"}
TABLE = """
create table public.held (id int primary key, text text);
create table public.later (id int references public.held deferrable initially deferred);
grant all on public.held, public.later to authenticated;
"""


@pytest.fixture(scope="module")
def dsn(postgres18: Server) -> Dsn:
    dsn = postgres18.new_database(migrated=False)
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        connection.execute(TABLE)
    return dsn


@pytest.fixture
async def database(dsn: Dsn) -> AsyncIterator[Database]:
    database = Database(dsn, pool_size=2, wait=0.3)
    await database.open()
    yield database
    await database.close()


def held(dsn: Dsn) -> list[int]:
    with psycopg.connect(dsn("postgres")) as connection:
        rows = connection.execute("select id from public.held order by id").fetchall()
        connection.execute("truncate public.held, public.later")
    return [row[0] for row in rows]


async def insert(database: Database, number: object, table: str = "held") -> None:
    await database.as_claims(
        PERSON,
        f"insert into public.{table} (id) values (%s)",
        [number],
        read_only=False,
        request=REQUEST,
    )


async def test_a_statement_runs_as_the_role_of_the_claims_and_is_committed(
    database: Database, dsn: Dsn
) -> None:
    rows = await database.as_claims(
        PERSON,
        "select current_user, session_user, auth.uid()::text, current_setting('request.method')",
        read_only=True,
        request=REQUEST,
    )
    assert rows == [("authenticated", "authenticator", PERSON["sub"], "POST")]
    await insert(database, 1)
    assert held(dsn) == [1]


async def test_settings_of_a_call_hold_for_it_alone(database: Database) -> None:
    question = "select current_setting('statement_timeout')"
    for settings, expected in (({"statement_timeout": "77ms"}, "77ms"), (None, "8s")):
        rows = await database.as_claims(
            PERSON, question, read_only=True, request=REQUEST, settings=settings
        )
        assert rows == [(expected,)]


async def test_read_only_means_it(database: Database, dsn: Dsn) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await database.as_claims(
            PERSON,
            "insert into public.held (id) values (1)",
            read_only=True,
            request=REQUEST,
        )
    assert held(dsn) == []


async def test_after_errors_of_every_stage_the_connection_is_as_new(
    database: Database, dsn: Dsn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "psycopg")
    stages: list[tuple[Callable[[], Awaitable[object]], type[psycopg.Error]]] = [
        (lambda: insert(database, "x"), psycopg.errors.InvalidTextRepresentation),
        (lambda: insert(database, "a\0b"), psycopg.DataError),
        (lambda: insert(database, 99, "later"), psycopg.errors.ForeignKeyViolation),
        (
            lambda: database.as_claims(
                {"role": "nobody"}, "select 1", read_only=True, request=REQUEST
            ),
            psycopg.errors.InvalidParameterValue,
        ),
    ]
    for _ in range(3):
        for attempt, expected in stages:
            with pytest.raises(expected):
                await attempt()
    await insert(database, 5)
    assert held(dsn) == [5]


async def test_a_transaction_commits_at_its_end_and_rolls_back_on_an_exception(
    database: Database, dsn: Dsn
) -> None:
    statement = "insert into public.held (id) values (%s)"
    async with database.transaction(PERSON, read_only=False, request=REQUEST) as connection:
        await connection.execute(statement, [1])
        await connection.execute(statement, [2])

    async def interrupted() -> None:
        async with database.transaction(PERSON, read_only=False, request=REQUEST) as connection:
            await connection.execute(statement, [3])
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    assert held(dsn) == [1, 2]


async def test_a_swallowed_failure_is_no_commit(database: Database, dsn: Dsn) -> None:
    statement = "insert into public.held (id) values (%s)"

    async def careless() -> None:
        async with database.transaction(PERSON, read_only=False, request=REQUEST) as connection:
            await connection.execute(statement, [1])
            with contextlib.suppress(psycopg.errors.UniqueViolation):
                await connection.execute(statement, [1])

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        await careless()
    assert held(dsn) == []


async def test_a_cancelled_request_writes_nothing_and_gives_its_place_back(
    database: Database, dsn: Dsn
) -> None:
    for _ in range(3):
        slow = asyncio.create_task(
            database.as_claims(
                PERSON,
                "insert into public.held (id) select 1 from (select pg_sleep(5)) _",
                read_only=False,
                request=REQUEST,
            )
        )
        await asyncio.sleep(0.1)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
    await asyncio.gather(insert(database, 7), insert(database, 8))
    assert held(dsn) == [7, 8]


async def test_a_full_pool_is_told_after_the_wait_and_serves_again(database: Database) -> None:
    sleep = "select 1 from (select pg_sleep(0.6)) _"
    busy = [
        asyncio.create_task(database.as_claims(PERSON, sleep, read_only=True, request=REQUEST))
        for _ in range(2)
    ]
    await asyncio.sleep(0.05)
    with pytest.raises(PoolTimeout):
        await database.as_claims(PERSON, "select 1", read_only=True, request=REQUEST)
    assert await asyncio.gather(*busy) == [[(1,)], [(1,)]]
    rows = await database.as_claims(PERSON, "select 2", read_only=True, request=REQUEST)
    assert rows == [(2,)]


async def test_when_its_connections_die_one_call_fails_and_the_next_connects_anew(
    database: Database, dsn: Dsn
) -> None:
    await asyncio.gather(insert(database, 1), insert(database, 2))
    with psycopg.connect(dsn("supabase_admin"), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where usename = 'authenticator' and datname = current_database()"
        )
    await asyncio.sleep(0.05)
    with pytest.raises(psycopg.OperationalError):
        await insert(database, 3)
    await insert(database, 4)
    assert held(dsn) == [1, 2, 4]


async def test_a_database_that_is_not_there_is_unreachable_at_once() -> None:
    database = Database(lambda user: f"host=/nowhere user={user} dbname=postgres", wait=30)
    async with asyncio.timeout(2):
        with pytest.raises(Unreachable):
            await database.open()
        with pytest.raises(Unreachable):
            await insert(database, 1)
    await database.close()


async def test_service_roles_have_pools_of_their_own(database: Database) -> None:
    for user in ("supabase_auth_admin", "supabase_storage_admin", "supabase_realtime_admin"):
        async with database.admin(user) as connection:
            row = await (await connection.execute("select current_user")).fetchone()
            assert row == (user,)


async def test_connections_nobody_needs_are_closed(dsn: Dsn) -> None:
    pool = Pool(lambda: dsn("authenticator"), size=2, wait=1)
    async with pool.connection() as kept:
        pass
    await pool.prune(60)
    assert not kept.closed
    await pool.prune(0)
    assert kept.closed
    async with pool.connection() as another:
        assert another is not kept
    await pool.close()
    assert another.closed


async def test_a_connection_left_inside_a_transaction_serves_nobody_else(dsn: Dsn) -> None:
    pool = Pool(lambda: dsn("authenticator"), size=1, wait=1)
    async with pool.connection() as left:
        await left.execute("begin")
    assert left.closed
    async with pool.connection() as fresh:
        assert await (await fresh.execute("select 1")).fetchone() == (1,)
    await pool.close()
