"""The folder of copies: written by many, read by all."""

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import brotli
import pytest

from app.shell.copies import BEST, CUT, GZIP, QUICK, Copies

CONTENT = bytes(range(256)) * 3000


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "engine")


def test_the_smallest_copy_that_the_browser_reads_is_found(copies: Copies) -> None:
    assert copies.find("one", "br, gzip") is None
    copies.write("one", GZIP, CONTENT)
    assert found(copies, "br, gzip") == ("gzip", GZIP.ending)
    copies.write("one", QUICK, CONTENT)
    assert found(copies, "br, gzip") == ("br", QUICK.ending)
    copies.write("one", BEST, CONTENT)
    assert found(copies, "br, gzip") == ("br", BEST.ending)
    assert found(copies, "gzip") == ("gzip", GZIP.ending)
    assert copies.find("one", "identity") is None
    copies.write("one", CUT, CONTENT)
    assert found(copies, "identity") == ("identity", CUT.ending)
    assert copies.find("other", "br, gzip") is None


def found(copies: Copies, accepts: str) -> tuple[str, str]:
    got = copies.find("one", accepts)
    assert got
    return got[1], got[0].name.partition(".")[2]


def test_copies_hold_what_they_are_copies_of(copies: Copies) -> None:
    parts: list[float] = []
    copies.write("one", BEST, CONTENT, parts.append)
    copies.write("one", GZIP, CONTENT)
    assert brotli.decompress((copies.folder / "one.brotli-11").read_bytes()) == CONTENT
    assert gzip.decompress((copies.folder / "one.gzip").read_bytes()) == CONTENT
    assert parts == sorted(parts)
    assert parts[-1] == 1


def test_a_write_that_fails_leaves_nothing(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        copies.write("one", GZIP, CONTENT)
    assert list(copies.folder.iterdir()) == []


def test_copies_of_versions_that_are_gone_are_removed(copies: Copies) -> None:
    for key in ("ours", "recent", "old"):
        copies.write(key, GZIP, CONTENT)
    (copies.folder / "662080e8ce57").mkdir()
    (copies.folder / "662080e8ce57" / "main.dart.js.gz").write_bytes(b"x")
    (copies.folder / "ours.gzip.123.part").write_bytes(b"half")
    aged = time.time() - 3 * 86_400
    for path in copies.folder.iterdir():
        if path.name != "recent.gzip":
            os.utime(path, (aged, aged))

    assert copies.remove_others(["ours"]) == 3
    assert {path.name for path in copies.folder.iterdir()} == {"ours.gzip", "recent.gzip"}
    assert copies.remove_others(["recent"]) == 0, "a copy still in use a moment ago"


def test_two_processes_do_not_write_at_once(copies: Copies) -> None:
    code = (
        "import sys, pathlib; from app.shell.copies import Copies\n"
        "with Copies(pathlib.Path(sys.argv[1])).alone(): print('in', flush=True)"
    )
    with copies.alone():
        other = subprocess.Popen(
            [sys.executable, "-c", code, str(copies.folder)], stdout=subprocess.PIPE, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1.5)
    assert other.communicate(timeout=20)[0] == "in\n"
