"""One migrated database per server with the world of the matrix in it; tests change it and undo.

The matrix and what belongs to it (`tests.rls.both_majors`) run on every major version. What the
functions do in detail runs on the hosted one; the rest of the suite calls them on the other.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import MAJORS, Dsn, Server
from tests.rls.world import World, build_world

Worlds = dict[int, tuple[Dsn, World]]
Kept = dict[str, psycopg.Connection[Any]]


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """The hosted major version (off Linux: the only one), or what `both_majors` asks for."""
    major = getattr(request, "param", MAJORS[0])
    found: Server = request.getfixturevalue(f"postgres{major}")
    return found


@pytest.fixture(scope="session")
def worlds() -> Worlds:
    return {}


@pytest.fixture
def place(server: Server, worlds: Worlds) -> tuple[Dsn, World]:
    """The server's database and its world; shared, so nothing may be committed to it."""
    if server.major not in worlds:
        dsn = server.new_database(migrated=True)
        with psycopg.connect(dsn("supabase_admin")) as connection:
            worlds[server.major] = dsn, build_world(connection)
    return worlds[server.major]


@pytest.fixture
def world(place: tuple[Dsn, World]) -> World:
    return place[1]


@pytest.fixture(scope="session")
def kept() -> Iterator[Kept]:
    """Connections that tests use one after another: a new one learns the catalogue anew."""
    connections: Kept = {}
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.fixture
def admin(place: tuple[Dsn, World], kept: Kept) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's open transaction in the world; rolled back at the end."""
    yield from _transaction(place[0]("supabase_admin"), kept)


@pytest.fixture
def gate(place: tuple[Dsn, World], kept: Kept) -> Iterator[psycopg.Connection[Any]]:
    """The same as `authenticator`, the login behind every request over HTTP."""
    yield from _transaction(place[0]("authenticator"), kept)


def _transaction(dsn: str, kept: Kept) -> Iterator[psycopg.Connection[Any]]:
    connection = kept.get(dsn)
    if connection is None or connection.closed:
        connection = kept[dsn] = psycopg.connect(dsn)
    yield connection
    connection.rollback()
