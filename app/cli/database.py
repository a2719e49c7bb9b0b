"""`./dev db`: the database of `./dev run`. A hosted one is migrated by the Supabase CLI."""

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator

from app.cli.local import SUPABASE
from app.cli.paths import Paths
from app.cli.run import is_running
from app.local.bootstrap import bootstrap
from app.local.migrate import migrate, seed
from app.local.postgres import Postgres

_BELONGS_TO_THE_DATA = ("demo.json", "machines.json", "runtime.json", "files", "mail")


def _reset(paths: Paths) -> int:
    if is_running(paths.home):
        print("dev: Handrail is running on this data. Stop it first (Ctrl-C).", file=sys.stderr)
        return 1
    Postgres(paths.home).destroy()
    for name in _BELONGS_TO_THE_DATA:
        path = paths.home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    print("The database and its files are gone. ./dev run makes new ones.")
    return 0


def _migrate(paths: Paths) -> int:
    with _database(paths) as postgres:
        bootstrap(postgres.dsn("supabase_admin"))
        done = migrate(postgres.dsn("postgres"), SUPABASE / "migrations")
    print("\n".join(done) or "Nothing to do: every migration is applied.")
    return 0


def _seed(paths: Paths) -> int:
    with _database(paths) as postgres:
        seed(postgres.dsn("postgres"), SUPABASE)
    print("The reference rows are in.")
    return 0


@contextlib.contextmanager
def _database(paths: Paths) -> Iterator[Postgres]:
    """Postgres on this data folder. `LocalError("already_running")` while a run holds it: that
    run migrates and seeds at its start."""
    paths.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    postgres = Postgres(paths.home)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


COMMANDS: dict[str, Callable[[Paths], int]] = {
    "reset": _reset,
    "migrate": _migrate,
    "seed": _seed,
}
