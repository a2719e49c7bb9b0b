"""A database with nothing but the bootstrap in it, on each major version."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server


@pytest.fixture
def dsn(server: Server) -> Dsn:
    return server.new_database(migrated=False)


@pytest.fixture
def postgres(dsn: Dsn) -> Iterator[psycopg.Connection]:
    """A connection as migrations have it."""
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def admin(dsn: Dsn) -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn("supabase_admin"), autocommit=True) as connection:
        yield connection
