"""`./dev run` as a whole: two at once, a taken port, a kill, an end that leaves nothing behind."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.fixtures.run import Run, running


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with running(tmp_path_factory.mktemp("run") / "data") as started:
        yield started


def family(run: Run) -> list[psutil.Process]:
    assert run.process
    first = psutil.Process(run.process.pid)
    return [first, *first.children(recursive=True)]


def test_status_tells_every_role_how_to_sign_in(run: Run) -> None:
    status = run.status()
    assert status["app_url"] == run.url
    assert {person["role"] for person in status["demo"]} == {
        "young_person", "key_worker", "mentor", "trainer", "coordinator", "professional",
        "safeguarding_lead", "administrator",
    }  # fmt: skip
    for person in status["demo"]:
        assert set(person) >= {"role", "login", "secret", "language", "email", "password"}
    modes = {name: (run.home / name).stat().st_mode & 0o777 for name in ("demo.json",)}
    assert modes == {"demo.json": 0o600}


def test_a_second_start_on_the_same_data_says_that_one_is_running(run: Run) -> None:
    second = run.app("run")
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_database_is_not_taken_away_under_a_run(run: Run) -> None:
    for what in ("reset", "migrate"):
        refused = run.app("db", what)
        assert refused.returncode == 1, refused.stdout
        assert "running" in refused.stderr
    assert run.status()["running"]


def test_an_organisation_and_a_machine_are_made_beside_a_run(run: Run) -> None:
    made = run.app(
        "org", "create", "Neue Ufer", "--town", "Seestadt", "--country", "de",
        "--coordinator-mail", "eva@neueufer.example",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "eva@neueufer.example" in made.stdout
    again = run.app(
        "org", "create", "Neue Ufer", "--town", "Seestadt", "--country", "de",
        "--coordinator-mail", "eva@neueufer.example",
    )  # fmt: skip
    assert again.returncode == 1
    assert "already_there" in again.stderr
    machine = run.app("machine", "create", "jobs")
    assert machine.stdout.startswith("HANDRAIL_MACHINE_JOBS=jobs-")


def test_a_killed_gateway_and_a_killed_app_come_back(run: Run) -> None:
    for name in ("local", "local-app"):
        child = next(each for each in family(run) if each.cmdline()[-1:] == [name])
        child.kill()
        child.wait(10)
        run.wait(lambda: answers(run), 30)


def test_a_taken_port_is_told_by_its_number(tmp_path: Path) -> None:
    run = Run(tmp_path / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", run.port))
        taken.listen()
        refused = run.app("run")
    assert refused.returncode == 1
    assert str(run.port) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_nobody_and_nothing_is_lost_over_a_kill_and_a_restart(run: Run) -> None:
    """The longest story of one data folder, and its end: every start costs seconds."""
    people = run.status()["demo"]
    for number, code in ((signal.SIGKILL, -9), (signal.SIGINT, 0)):
        before = family(run)
        assert run.stop(number) == code
        _, alive = psutil.wait_procs(before, timeout=20)
        assert alive == []
        run.start()
        run.wait(lambda: answers(run), 20)
        assert run.status()["demo"] == people
    assert run.stop(signal.SIGTERM) == 0
    reset = run.app("db", "reset")
    assert reset.returncode == 0, reset.stderr
    assert not (run.home / "demo.json").exists()


def answers(run: Run) -> bool:
    import urllib.request

    try:
        with urllib.request.urlopen(f"{run.url}/readyz", timeout=3) as answer:  # noqa: S310  (loopback)
            return bool(answer.status == 200)
    except OSError:
        return False
