"""A program that owns a cluster, for tests that kill it: `python -m tests.local.owner HOME`.

Starts the server in HOME, prints the server's pid and its socket folder, then writes one row
after another and prints each id once the server has acknowledged it.
"""

import sys
from pathlib import Path

import psycopg

from app.local.postgres import Postgres


def main(home: Path) -> None:
    postgres = Postgres(home)
    postgres.start()
    print(postgres.pid, postgres.host, flush=True)
    with psycopg.connect(postgres.dsn("supabase_admin"), autocommit=True) as connection:
        connection.execute(
            "create table if not exists kept (id bigint generated always as identity)"
        )
        while True:
            row = connection.execute("insert into kept default values returning id").fetchone()
            assert row is not None
            print(row[0], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
