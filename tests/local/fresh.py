"""Questions to a database with nothing but the bootstrap in it."""

from typing import Any

import psycopg

Row = tuple[Any, ...]
ALICE = "0b7c2f5e-30a3-4a55-9d0a-2f1f3f0f9a01"


def rows(connection: psycopg.Connection, statement: str, *values: object) -> list[Row]:
    return connection.execute(statement.encode(), values or None).fetchall()
