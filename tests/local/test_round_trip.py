"""Many statements in one message: order, errors, and what a connection keeps prepared."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus

from app.local.round_trip import MOST_PREPARED, RoundTrips, Step
from tests.fixtures.postgres import Dsn, Server
from tests.local.serving import until

PREPARED = "select count(*) from pg_prepared_statements where name like 'handrail%'"


@pytest.fixture(scope="module")
def dsn(postgres18: Server) -> Dsn:
    return postgres18.new_database(migrated=False)


@pytest.fixture
async def connection(dsn: Dsn) -> AsyncIterator[AsyncConnection]:
    connection = await AsyncConnection.connect(
        dsn("supabase_admin"), autocommit=True, prepare_threshold=None
    )
    yield connection
    await connection.close()


@pytest.fixture
def trips() -> RoundTrips:
    return RoundTrips()


async def prepared(connection: AsyncConnection) -> int:
    row = await (await connection.execute(PREPARED)).fetchone()
    assert row is not None
    return int(row[0])


async def test_each_step_has_its_rows_and_each_text_is_prepared_once(
    trips: RoundTrips, connection: AsyncConnection
) -> None:
    steps = [
        Step(b"begin", prepared=False),
        Step(b"select %s::text || '%%', %s::int", ["a", 7]),
        Step(b"select '%s'"),
        Step(b"select from generate_series(1, 2)"),
        Step(b"commit", prepared=False),
    ]
    for _ in range(3):
        assert await trips.run(connection, steps) == [[], [("a%", 7)], [("%s",)], [(), ()], []]
    assert await prepared(connection) == 3


async def test_the_first_failure_is_told_and_nothing_after_it_runs(
    trips: RoundTrips, connection: AsyncConnection
) -> None:
    await connection.execute("create temporary table kept (id int)")
    insert = Step(b"insert into kept values (%s::int)", [1])

    with pytest.raises(psycopg.errors.DivisionByZero):
        await trips.run(connection, [insert, Step(b"select 1 / %s::int", [0]), insert])
    with pytest.raises(psycopg.errors.UndefinedTable):
        await trips.run(connection, [insert, Step(b"select from nowhere"), insert])
    with pytest.raises(psycopg.DataError):
        await trips.run(connection, [insert, Step(b"select %s::text", ["a\0b"])])

    assert connection.info.transaction_status == TransactionStatus.IDLE
    assert await trips.run(connection, [Step(b"select from kept")]) == [[]]
    assert await trips.run(connection, [insert, Step(b"select id from kept")]) == [[], [(1,)]]


async def test_a_statement_that_could_not_be_prepared_is_tried_anew(
    trips: RoundTrips, connection: AsyncConnection
) -> None:
    later = [Step(b"select id from later")]
    with pytest.raises(psycopg.errors.UndefinedTable):
        await trips.run(connection, later)
    await connection.execute("create temporary table later (id int)")

    assert await trips.run(connection, later) == [[]]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("deallocate all", psycopg.errors.InvalidSqlStatementName),
        ("alter table changing add b int", psycopg.errors.FeatureNotSupported),
    ],
)
async def test_a_connection_whose_prepared_statements_went_stale_is_given_up(
    trips: RoundTrips, connection: AsyncConnection, harm: str, told: type[psycopg.Error]
) -> None:
    await connection.execute("create temporary table changing (a int)")
    steps = [Step(b"select * from changing")]
    await trips.run(connection, steps)
    await connection.execute(harm.encode())

    with pytest.raises(told):
        await trips.run(connection, steps)
    assert connection.closed


async def test_a_connection_keeps_a_bounded_number_of_statements(
    trips: RoundTrips, connection: AsyncConnection
) -> None:
    for number in range(MOST_PREPARED + 5):
        assert await trips.run(connection, [Step(b"select %d" % number, [])]) == [[(number,)]]
    assert await prepared(connection) == MOST_PREPARED


async def test_a_lost_connection_is_an_error(
    trips: RoundTrips, connection: AsyncConnection, dsn: Dsn
) -> None:
    sleeping = asyncio.create_task(trips.run(connection, [Step(b"select pg_sleep(20)")]))
    pid = connection.info.backend_pid
    async with await AsyncConnection.connect(dsn("supabase_admin"), autocommit=True) as other:
        query = "select pg_terminate_backend(%s)"
        await other.execute(query, [pid])

    with pytest.raises(psycopg.OperationalError):
        await sleeping
    assert connection.closed


async def test_who_is_cancelled_leaves_a_usable_connection(
    trips: RoundTrips, connection: AsyncConnection
) -> None:
    begun = Step(b"select pg_advisory_lock(7)", prepared=False)
    sleeping = asyncio.create_task(trips.run(connection, [begun, Step(b"select pg_sleep(20)")]))
    await until(lambda: connection.info.transaction_status == TransactionStatus.ACTIVE)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping

    assert await trips.run(connection, [Step(b"select 1")]) == [[(1,)]]
