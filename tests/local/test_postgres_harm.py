"""Kills and full disks: what was acknowledged is there afterwards, and the message is clear."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.local.errors import LocalError
from app.local.postgres import Postgres
from tests.fixtures.prepared import PREFIX, copy_cluster

KILLS = 20


class Writer(threading.Thread):
    """Writes one row after another and keeps the ids that the server acknowledged."""

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self.acknowledged: list[int] = []
        self._dsn = dsn

    def run(self) -> None:
        try:
            with psycopg.connect(self._dsn, autocommit=True) as connection:
                while True:
                    row = connection.execute(
                        "insert into kept (filler) values (repeat('x', 500)) returning id"
                    ).fetchone()
                    assert row is not None
                    self.acknowledged.append(row[0])
        except psycopg.OperationalError:
            return


def kill_something(postgres: Postgres, chance: random.Random) -> str:
    """The whole server, or one process that answers a client."""
    assert postgres.pid is not None
    if chance.random() < 0.7:
        postgres.kill()
        return "server"
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        rows = connection.execute(
            "select pid from pg_stat_activity where backend_type = 'client backend'"
            " and pid <> pg_backend_pid()"
        ).fetchall()
    for (pid,) in rows:
        os.kill(pid, signal.SIGKILL)
    return "backend"


def kept_ids(postgres: Postgres) -> set[int]:
    """After a killed backend the server recovers by itself and refuses for a moment."""
    for _ in range(400):
        try:
            with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
                return {row[0] for row in connection.execute("select id from kept")}
        except psycopg.OperationalError:
            time.sleep(0.01)
    raise AssertionError("the server did not come back")


@pytest.mark.destructive
def test_no_acknowledged_row_is_lost_in_twenty_kills(cluster_home: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    postgres = Postgres(cluster_home)
    postgres.start()
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        connection.execute(
            "create table kept (id bigint generated always as identity primary key, filler text)"
        )
    acknowledged: set[int] = set()
    killed = []

    for _ in range(KILLS):
        writer = Writer(postgres.dsn("supabase_admin"))
        writer.start()
        time.sleep(chance.uniform(0.02, 0.25))
        killed.append(kill_something(postgres, chance))
        writer.join()
        acknowledged.update(writer.acknowledged)
        if not postgres.alive:
            postgres.start()
        assert acknowledged <= kept_ids(postgres)
    postgres.stop(at_once=True)

    assert len(killed) == KILLS
    assert len(acknowledged) > KILLS
    print(f"{len(acknowledged)} rows acknowledged, killed: {killed}")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 32 MB."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m,mode=0755", "tmpfs", folder], check=True
    )
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


needs_mount = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="a small file system can only be mounted by root on Linux",
)


@needs_mount
@pytest.mark.destructive
def test_a_first_start_on_a_full_disk_says_so_and_works_later(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * (20 * 1024**2))
    postgres = Postgres(small_disk / "home")

    with pytest.raises(LocalError) as caught:
        postgres.start()

    assert caught.value.code == "disk_full"
    assert str(small_disk) in str(caught.value)
    assert not postgres.alive
    ballast.unlink()
    postgres.start()
    assert postgres.alive
    postgres.destroy()


@needs_mount
@pytest.mark.destructive
def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(
    small_disk: Path, pristine_home: Path
) -> None:
    home = small_disk / "home"
    home.mkdir()
    copy_cluster(pristine_home, home)
    postgres = Postgres(home)
    postgres.start()
    acknowledged = fill(postgres)
    if postgres.alive:
        postgres.stop(at_once=True)

    (small_disk / "home" / "pg" / "server.log").unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    postgres.start()

    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        kept = {row[0] for row in connection.execute("select id from kept")}
    assert len(acknowledged) > 10
    assert set(acknowledged) <= kept
    postgres.destroy()


def fill(postgres: Postgres) -> list[int]:
    """Write until the disk is full; the ids that were acknowledged before that."""
    acknowledged: list[int] = []
    with psycopg.connect(postgres.dsn("supabase_admin"), autocommit=True) as connection:
        connection.execute("create table kept (id int, filler text)")
        connection.execute("alter table kept alter filler set storage external")
        try:
            for number in range(100_000):
                connection.execute("insert into kept values (%s, repeat('x', 9000))", [number])
                acknowledged.append(number)
        except (psycopg.errors.DiskFull, psycopg.OperationalError):
            return acknowledged
    raise AssertionError("the disk never got full")


@needs_mount
@pytest.mark.destructive
def test_a_crashed_server_on_a_full_disk_says_so_and_comes_back(
    small_disk: Path, pristine_home: Path
) -> None:
    home = small_disk / "home"
    home.mkdir()
    copy_cluster(pristine_home, home)
    postgres = Postgres(home)
    postgres.start()
    postgres.kill()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)

    with pytest.raises(LocalError) as caught:
        postgres.start()

    assert caught.value.code == "disk_full"
    ballast.unlink()
    postgres.start()
    assert postgres.alive
    postgres.destroy()
