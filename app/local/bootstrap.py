"""Gives a fresh PostgreSQL the roles, schemas and functions that a hosted Supabase project has."""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.local.errors import LocalError

_FOLDER = Path(__file__).with_name("sql")
_FILES = (
    "roles.sql",
    "extensions.sql",
    "auth.sql",
    "auth_functions.sql",
    "storage.sql",
    "realtime.sql",
    "guard.sql",
)
_LOGIN_ROLES = (
    "postgres",
    "authenticator",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_realtime_admin",
)


def bootstrap(dsn: str) -> None:
    """Bring the database of `dsn` (connecting as `supabase_admin`) to what the app expects.

    One transaction, safe to repeat; after the first time it does nothing until Handrail brings
    newer files. Raises LocalError `bootstrap_failed` naming the file.
    """
    texts = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in _FILES}
    stamp = hashlib.sha256("\0".join(texts.values()).encode()).hexdigest()
    with psycopg.connect(dsn) as connection:
        if _stamp_of(connection) == stamp:
            return
        connection.execute("set local client_min_messages = warning")
        for name, text in texts.items():
            try:
                connection.execute(text.encode())
            except psycopg.Error as error:
                raise LocalError("bootstrap_failed", f"{name}: {error}") from error
        _set_passwords(connection, conninfo_to_dict(dsn).get("password"))
        connection.execute(sql.SQL("comment on schema extensions is {}").format(sql.Literal(stamp)))


def _stamp_of(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = 'extensions'"
    ).fetchone()
    return row[0] if row else None


def _set_passwords(connection: psycopg.Connection, password: object) -> None:
    """Where a password guards the server (Windows), every role that may log in has the same."""
    if not password:
        return
    for role in _LOGIN_ROLES:
        connection.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(role), sql.Literal(str(password))
            )
        )
