"""One owner per cluster: rivals, leftovers, and what ends with whom."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from app.local.account import command_line
from app.local.cluster import socket_folder
from app.local.errors import LocalError
from app.local.leftover import stop_leftover
from app.local.postgres import Postgres
from tests.fixtures.cluster import FAST, count, place_of, refusal


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


def test_a_second_start_in_this_process_is_refused(
    running_postgres: Postgres, cluster_home: Path
) -> None:
    error = refusal(Postgres(cluster_home))

    assert error.code == "already_running"
    assert str(os.getpid()) in str(error)
    assert count(running_postgres, "pg_class") > 0


def test_a_second_start_in_another_process_is_refused(
    running_postgres: Postgres, cluster_home: Path
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
    assert running_postgres.alive


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


def test_the_folder_is_free_again_after_a_stop(
    running_postgres: Postgres, cluster_home: Path
) -> None:
    running_postgres.stop()
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


def test_signals_of_the_terminal_do_not_reach_the_server(running_postgres: Postgres) -> None:
    assert running_postgres.pid is not None

    assert os.getpgid(running_postgres.pid) != os.getpgid(0)
