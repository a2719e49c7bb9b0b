"""Applies `supabase/migrations` and `seed.sql` with the Supabase CLI's rules and bookkeeping.

The same folder goes to a hosted project with `supabase db push`; the history table is the CLI's,
so either tool continues where the other stopped.
"""

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.local.config import load_config
from app.local.errors import LocalError
from app.local.statements import Statement, split

_NAME = re.compile(r"([0-9]+)_(.*)\.sql")
_LOCK_TIMEOUT = "set local lock_timeout = '4s'"
_TABLES = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text not null primary key, statements text[], name text
);
create table if not exists supabase_migrations.seed_files (
  path text not null primary key, hash text not null
);
"""
_FIRST_WORD = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*(\w+)", re.DOTALL)
_TRANSACTION_WORDS = ("begin", "start", "commit", "end", "rollback", "abort")


@dataclass(frozen=True)
class Migration:
    """One file of the migrations folder."""

    path: Path
    version: str
    name: str
    statements: tuple[Statement, ...]

    @property
    def texts(self) -> list[str]:
        """What the history table keeps of it."""
        return [statement.text for statement in self.statements]


def migrate(dsn: str, folder: Path) -> list[str]:
    """Apply what is new in `folder`, each file in one transaction; returns the versions applied.

    `dsn` must be of role `postgres`. Raises LocalError: `migration_failed` naming file, line,
    statement number and PostgreSQL's message (the file left no trace then), or any of `pending`.
    """
    applied: list[str] = []
    with psycopg.connect(dsn) as connection:
        for migration in _pending(connection, folder):
            _apply(connection, migration)
            applied.append(migration.version)
    return applied


def pending(dsn: str, folder: Path) -> list[str]:
    """The versions in `folder` that the database does not have yet, in order.

    Raises LocalError: `migration_changed` when an applied file is not what it was,
    `migration_missing` when the database has a version that the folder lacks,
    `migration_out_of_order` when a new file sorts before an applied one, `migration_twice`.
    """
    with psycopg.connect(dsn) as connection:
        return [migration.version for migration in _pending(connection, folder)]


def seed(dsn: str, supabase_dir: Path) -> None:
    """Run the seed files that `config.toml` names and that this database has not seen.

    As with the CLI, a file that changed after it ran is not run again, only noted: rows for
    databases that exist already belong into a migration. Raises LocalError `seed_failed`.
    """
    config = load_config(supabase_dir)
    patterns = config.seed_paths if config.seed_enabled else ()
    files = [file for pattern in patterns for file in sorted(supabase_dir.glob(_clean(pattern)))]
    with psycopg.connect(dsn) as connection:
        _prepare(connection)
        for file in dict.fromkeys(files):
            _seed_file(connection, file, file.relative_to(supabase_dir.parent).as_posix())


def _clean(pattern: str) -> str:
    return pattern.removeprefix("./")


def _seed_file(connection: psycopg.Connection, file: Path, key: str) -> None:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with connection.transaction():
        known = connection.execute(
            "select hash from supabase_migrations.seed_files where path = %s", [key]
        ).fetchone()
        if known is None:
            _run(connection, file, split(content.decode()), "seed_failed")
        if known is None or known[0] != digest:
            connection.execute(
                "insert into supabase_migrations.seed_files (path, hash) values (%s, %s)"
                " on conflict (path) do update set hash = excluded.hash",
                [key, digest],
            )


def _prepare(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(_LOCK_TIMEOUT)
        connection.execute("set local client_min_messages = warning")
        connection.execute(_TABLES)


def _pending(connection: psycopg.Connection, folder: Path) -> list[Migration]:
    _prepare(connection)
    local = _read_folder(folder)
    with connection.transaction():
        rows = connection.execute(
            "select version, statements from supabase_migrations.schema_migrations order by version"
        ).fetchall()
    known = {str(version): statements for version, statements in rows}
    missing = sorted(known.keys() - {migration.version for migration in local})
    if missing:
        raise LocalError(
            "migration_missing",
            f"The database has migrations that {folder} lacks: {', '.join(missing)}. "
            "Is this an older version of the app?",
        )
    changed = [m.path.name for m in local if m.version in known and m.texts != known[m.version]]
    if changed:
        raise LocalError(
            "migration_changed",
            f"Changed after it was applied: {', '.join(changed)}. Put it back as it was and write "
            "a new migration.",
        )
    new = [migration for migration in local if migration.version not in known]
    late = [m.path.name for m in new if known and m.version < max(known)]
    if late:
        raise LocalError(
            "migration_out_of_order",
            f"Sorts before migrations already applied: {', '.join(late)}. Give it a later time.",
        )
    return new


def _read_folder(folder: Path) -> list[Migration]:
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            continue
        version, name = match.groups()
        if version in found:
            raise LocalError(
                "migration_twice",
                f"{found[version].path.name} and {path.name} have the same version.",
            )
        source = path.read_text(encoding="utf-8")
        found[version] = Migration(path, version, name, tuple(split(source)))
    return [found[version] for version in sorted(found)]


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        connection.execute("reset all")
        connection.execute(_LOCK_TIMEOUT)
        _run(connection, migration.path, migration.statements, "migration_failed")
        connection.execute(
            "insert into supabase_migrations.schema_migrations (version, name, statements)"
            " values (%s, %s, %s)",
            [migration.version, migration.name, migration.texts],
        )


def _run(
    connection: psycopg.Connection, file: Path, statements: Sequence[Statement], code: str
) -> None:
    """Within a transaction of the caller's."""
    for number, statement in enumerate(statements, 1):
        first = _FIRST_WORD.match(statement.text)
        if first is not None and first[1].lower() in _TRANSACTION_WORDS:
            raise LocalError(
                code,
                f"{file.name}, statement {number}, line {statement.line}: {first[1]} is not "
                "allowed, since the whole file is one transaction.",
            )
    # All in one message, as they almost always work; only who fails is looked for one by one.
    with contextlib.suppress(psycopg.Error), connection.transaction():
        connection.execute("\n;\n".join(each.text for each in statements).encode())
        return
    for number, statement in enumerate(statements, 1):
        try:
            connection.execute(statement.text.encode(), prepare=False)
        except psycopg.Error as error:
            where = f"{file.name}, statement {number}"
            raise LocalError(code, f"{where}, {_tell(error, statement)}") from error


def _tell(error: psycopg.Error, statement: Statement) -> str:
    diagnosis = error.diag
    position = int(diagnosis.statement_position or 1)
    line = statement.line + statement.text.count("\n", 0, position - 1)
    said = (diagnosis.message_primary, diagnosis.message_detail, diagnosis.message_hint)
    return f"line {line}: " + (" ".join(filter(None, said)) or str(error))
