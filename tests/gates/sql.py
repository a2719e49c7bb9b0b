"""`python -m tests.gates.sql`: our lints over migrations and over the database they make."""

import sys
import tempfile
from pathlib import Path

import psycopg

from app.local.binaries import find_binaries
from app.local.bootstrap import bootstrap
from app.local.errors import LocalError
from app.local.migrate import migrate, seed
from app.local.postgres import Postgres
from tests.gates.sql_catalogue import RULES, check_database
from tests.gates.sql_text import Finding, check_folder

SUPABASE = Path(__file__).parents[2] / "supabase"


def findings(supabase: Path = SUPABASE) -> list[Finding]:
    """Of the files; only when they are clean, of a fresh database they were applied to."""
    return check_folder(supabase / "migrations") or _of_fresh_database(supabase)


def _of_fresh_database(supabase: Path) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="gate-", ignore_cleanup_errors=True) as folder:
        postgres = Postgres(Path(folder), find_binaries())
        try:
            postgres.start()
            bootstrap(postgres.dsn("supabase_admin"))
            migrate(postgres.dsn("postgres"), supabase / "migrations")
            seed(postgres.dsn("postgres"), supabase)
            with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
                return check_database(connection)
        finally:
            postgres.destroy()


def main() -> int:
    try:
        found = findings()
    except LocalError as error:
        print(error)
        return 1
    for finding in found:
        print(finding)
    files = len(list((SUPABASE / "migrations").glob("*.sql")))
    print(f"{len(found)} findings in {files} migrations, {len(RULES)} rules on the database")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
