"""A whole run that did not meet every major version has failed, however green its tests are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.postgres import MAJORS

ROOT = Path(__file__).parents[2]


def run_suite(folder: Path, test: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a suite of one test with our fixtures."""
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = suite\n", encoding="utf-8")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.fixtures.postgres"]\n')
    (folder / "suite").mkdir()
    (folder / "suite" / "test_one.py").write_text(test, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        # Of the installed plugins our fixtures need none.
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )


def test_a_green_suite_without_servers_fails(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "def test_nothing():\n    assert True\n")

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"nothing ran on PostgreSQL {list(MAJORS)}" in done.stdout


def test_a_run_that_somebody_narrowed_does_not_fail(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "def test_nothing():\n    assert True\n", "-k", "nothing")

    assert done.returncode == pytest.ExitCode.OK


def test_a_suite_on_every_version_passes_and_says_which(tmp_path: Path) -> None:
    done = run_suite(
        tmp_path,
        "def test_both(server):\n    assert server.version.startswith(str(server.major))\n",
    )

    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert [f"server_version {major}." in done.stdout for major in MAJORS] == [True] * len(MAJORS)
