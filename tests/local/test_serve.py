"""The whole local Supabase as its own process: start, stop, deaths, two at once."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from app.local.runtime import read_runtime
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.prepared import PREFIX, copy_cluster, roomy_folder
from tests.fixtures.run import ROOT

PROGRAM = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from app.local.errors import LocalError
from app.local.serve import serve
home, port, supabase, with_stdin = sys.argv[1:]
def ready(runtime):
    print(json.dumps(asdict(runtime)), flush=True)
try:
    serve(Path(home), int(port), Path(supabase), ready=ready, stop_with_stdin=with_stdin == "yes")
except LocalError as error:
    print(json.dumps({"code": error.code, "message": str(error)}), flush=True)
    sys.exit(1)
"""
MIGRATION = """
create table public.kept (id int primary key);
grant select, insert on public.kept to anon;
"""


@dataclass
class Served:
    process: subprocess.Popen[str]
    said: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.said["api_url"])

    def get(self, path: str) -> httpx.Response:
        return httpx.get(
            self.url + path, verify=PLAIN, headers={"apikey": self.said["anon_key"]}, timeout=20
        )

    def insert(self, number: int) -> httpx.Response:
        return httpx.post(
            f"{self.url}/rest/v1/kept",
            verify=PLAIN,
            headers={"apikey": self.said["anon_key"], "prefer": "return=minimal"},
            json={"id": number},
            timeout=20,
        )

    def kept(self) -> list[int]:
        rows = self.get("/rest/v1/kept?select=id&order=id").json()
        return [row["id"] for row in rows]

    def postgres(self) -> psutil.Process:
        [found] = [
            child
            for child in psutil.Process(self.process.pid).children()
            if child.name() == "postgres"
        ]
        return found


@pytest.fixture
def supabase_dir(tmp_path: Path) -> Path:
    migrations = tmp_path / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "20260101000000_kept.sql").write_text(MIGRATION)
    return tmp_path / "supabase"


@pytest.fixture
def started_home(home: Path, pristine_home: Path) -> Path:
    """A data folder whose cluster is there already: making one takes most of a first start."""
    home.mkdir()
    copy_cluster(pristine_home, home)
    return home


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=roomy_folder()))
    folder.chmod(0o755)
    home = folder / "home"
    yield home
    from app.local.postgres import Postgres

    with contextlib.suppress(OSError):
        Postgres(home).destroy()
    shutil.rmtree(folder)


def spawn(
    home: Path, supabase_dir: Path, port: int = 0, *, with_stdin: bool = False
) -> subprocess.Popen[str]:
    words = [str(home), str(port), str(supabase_dir), "yes" if with_stdin else "no"]
    with home.with_name("serve.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


@contextlib.contextmanager
def served(home: Path, supabase_dir: Path, **options: Any) -> Iterator[Served]:
    process = spawn(home, supabase_dir, **options)
    try:
        assert process.stdout is not None
        yield Served(process, json.loads(process.stdout.readline()))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def gone(process: psutil.Process, seconds: float = 10) -> bool:
    with contextlib.suppress(psutil.TimeoutExpired):
        process.wait(seconds)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_from_nothing_to_serving_and_back(home: Path, supabase_dir: Path, number: int) -> None:
    with served(home, supabase_dir) as project:
        assert project.get("/health").status_code == 200
        assert project.kept() == []
        runtime = read_runtime(home)
        assert runtime is not None
        assert (runtime.api_url, runtime.pid) == (project.url, project.process.pid)
        assert runtime.anon_key.startswith("sb_publishable_")
        assert Path(runtime.secret_key_file).read_text().startswith("sb_secret_")
        assert "sb_secret_" not in (home / "runtime.json").read_text()
        postgres = project.postgres()
        project.process.send_signal(number)
        assert project.process.wait(10) == 0
        assert gone(postgres)
        assert read_runtime(home) is None


def test_a_second_start_keeps_data_and_keys(started_home: Path, supabase_dir: Path) -> None:
    with served(started_home, supabase_dir) as first:
        assert first.insert(1).status_code == 201
    with served(started_home, supabase_dir) as second:
        assert second.said["anon_key"] == first.said["anon_key"]
        assert second.kept() == [1]


def test_it_ends_when_its_standard_input_closes(started_home: Path, supabase_dir: Path) -> None:
    with served(started_home, supabase_dir, with_stdin=True) as project:
        postgres = project.postgres()
        assert project.process.stdin is not None
        project.process.stdin.close()
        assert project.process.wait(10) == 0
        assert gone(postgres)


def test_a_taken_port_is_named_and_nothing_is_made(home: Path, supabase_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with served(home, supabase_dir, port=port) as refused:
            assert refused.process.wait(10) == 1
            assert refused.said["code"] == "port_taken"
            assert str(port) in refused.said["message"]
    assert not home.exists()


def test_two_starts_at_once_on_the_same_data_leave_one_serving(
    started_home: Path, supabase_dir: Path
) -> None:
    with served(started_home, supabase_dir) as first, served(started_home, supabase_dir) as second:
        assert second.said["code"] == "already_running"
        assert second.process.wait(10) == 1
        assert first.kept() == []
        assert read_runtime(started_home) is not None


def test_a_broken_migration_is_told_and_leaves_nothing_running(
    started_home: Path, supabase_dir: Path
) -> None:
    (supabase_dir / "migrations" / "20260102000000_broken.sql").write_text("select nonsense;")
    with served(started_home, supabase_dir) as refused:
        assert refused.said["code"] == "migration_failed"
        assert refused.process.wait(10) == 1
    (supabase_dir / "migrations" / "20260102000000_broken.sql").unlink()
    with served(started_home, supabase_dir) as project:
        assert project.kept() == []


@pytest.mark.destructive
def test_a_killed_postgres_comes_back_with_every_acknowledged_row(
    started_home: Path, supabase_dir: Path
) -> None:
    acknowledged: list[int] = []
    statuses: set[int] = set()
    with served(started_home, supabase_dir) as project:
        for number in range(2000):
            if number in (0, 60):
                project.postgres().send_signal(signal.SIGKILL)
            answer = project.insert(number)
            statuses.add(answer.status_code)
            if answer.status_code == 201:
                acknowledged.append(number)
            else:
                time.sleep(0.1)
            if number > 60 and len(acknowledged) > 80:
                break
        assert len(acknowledged) > 80
        assert set(acknowledged) <= set(project.kept())
    assert statuses <= {201, 503}
    assert 503 in statuses


@pytest.mark.destructive
def test_after_kill_nine_the_next_start_has_every_acknowledged_row(
    started_home: Path, supabase_dir: Path
) -> None:
    with served(started_home, supabase_dir) as project:
        for number in range(5):
            assert project.insert(number).status_code == 201
        postgres = project.postgres()
        os.kill(project.process.pid, signal.SIGKILL)
        project.process.wait(10)
        assert gone(postgres)
    with served(started_home, supabase_dir) as again:
        assert again.kept() == [0, 1, 2, 3, 4]
