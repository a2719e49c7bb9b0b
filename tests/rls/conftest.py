"""One migrated database per server with the world of the matrix in it; tests change it and undo."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server
from tests.rls.world import World, build_world

Worlds = dict[int, tuple[Dsn, World]]


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


@pytest.fixture
def admin(place: tuple[Dsn, World]) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's open transaction in the world; rolled back at the end."""
    yield from _transaction(place[0]("supabase_admin"))


@pytest.fixture
def gate(place: tuple[Dsn, World]) -> Iterator[psycopg.Connection[Any]]:
    """The same as `authenticator`, the login behind every request over HTTP."""
    yield from _transaction(place[0]("authenticator"))


def _transaction(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn) as connection:
        yield connection
        connection.rollback()
