"""Making the copies of the engine: here of short files, so that it takes no time."""

import asyncio
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from fontTools.ttLib import TTFont

from app.shell.build import build, missing
from app.shell.building import BuildError, build_apart
from app.shell.copies import BEST, CUT, GZIP, QUICK, Copies
from app.shell.engine import ICON_FONT, Engine, installed_web
from app.shell.static import ASSETS
from tests.fixtures.run import share_engine
from tests.web.test_static import nothing, small_copy

WEB = installed_web()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(small_copy(WEB, tmp_path / "web"), ASSETS, Copies(tmp_path / "engine"))


def test_something_for_everybody_comes_first_and_the_smallest_last(engine: Engine) -> None:
    wanted = [copy for _, copy in missing(engine, best=True)]
    assert [copy for copy in (QUICK, GZIP, BEST) if copy in wanted] == list(dict.fromkeys(wanted))
    assert BEST not in [copy for _, copy in missing(engine, best=False)]


def test_each_copy_is_made_once(engine: Engine) -> None:
    told: list[str] = []
    made = build(engine, best=True, tell=lambda what, part: told.append(what))
    assert made == len(set(told))
    assert any("main.dart.wasm" in each for each in told)
    assert build(engine, best=True, tell=nothing) == 0
    assert list(missing(engine, best=True)) == []


def test_best_copies_make_quick_ones_needless(engine: Engine) -> None:
    assert engine.copies
    for file in engine.files.values():
        if file.gains:
            engine.copies.write(file.key, BEST, file.read())
    assert [copy for _, copy in missing(engine, best=False) if copy == QUICK] == []


def test_a_copy_gets_smaller_and_never_larger(engine: Engine) -> None:
    plain = {name: engine.size(name) for name in engine.names()}
    build(engine, best=False, tell=nothing)
    quick = {name: engine.size(name) for name in engine.names()}
    build(engine, best=True, tell=nothing)
    best = {name: engine.size(name) for name in engine.names()}
    assert sum(best.values()) < sum(quick.values()) < sum(plain.values())
    assert best["main.dart.js"] < quick["main.dart.js"] < plain["main.dart.js"]


def test_the_icon_font_is_cut_before_it_is_squeezed(tmp_path: Path) -> None:
    engine = Engine(WEB, tmp_path, Copies(tmp_path / "engine"), {"HOME_ROUNDED"})
    name, first = next(missing(engine, best=True))
    assert (name, first) == (ICON_FONT, CUT)
    other = Engine(WEB, tmp_path, Copies(tmp_path / "engine"), {"CHECK"})
    assert engine.path(ICON_FONT) != other.path(ICON_FONT)
    assert engine.path("main.dart.wasm") == other.path("main.dart.wasm")


def test_the_cut_icon_font_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(WEB, tmp_path, Copies(tmp_path / "engine"), {"HOME_ROUNDED"})
    assert engine.copies
    whole = engine.size(ICON_FONT)
    only = {ICON_FONT: engine.files[ICON_FONT], "main.dart.js": engine.files["main.dart.js"]}
    engine.copies.write(only["main.dart.js"].key, BEST, b"")
    engine.copies.write(only["main.dart.js"].key, GZIP, b"")
    monkeypatch.setattr(engine, "files", only)
    build(engine, best=True, tell=nothing)
    assert engine.size(ICON_FONT) < whole / 50
    found = engine.copies.find(only[ICON_FONT].key, "identity")
    assert found
    assert 0xF7F5 in TTFont(BytesIO(found[0].read_bytes())).getBestCmap()


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    share_engine(tmp_path)
    assert command(tmp_path).returncode == 0
    again = command(tmp_path)
    assert (again.returncode, again.stdout) == (0, "Every copy is there.\n")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "engine").write_text("a file")
    done = command(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("dev: cannot write in ")
    assert len(done.stderr.splitlines()) == 1


def command(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "build", "--quick"],
        cwd=ROOT,
        env={**os.environ, "HANDRAIL_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


async def glob_of(folder: Path, pattern: str) -> list[Path]:
    return await asyncio.to_thread(lambda: list(folder.glob(pattern)))


async def test_the_process_beside_the_app_is_patient_and_ends_with_it(tmp_path: Path) -> None:
    engine = Engine(WEB, ASSETS, Copies(tmp_path / "engine"))
    before = set(psutil.Process().children())
    making = asyncio.create_task(build_apart(engine, tmp_path, best=True))
    while not await glob_of(tmp_path, "engine/*.brotli-5"):
        assert not making.done()
        await asyncio.sleep(0.05)
    [process] = set(psutil.Process().children()) - before
    if sys.platform != "win32":
        assert process.nice() == 19
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert not process.is_running()


def test_the_process_ends_when_the_app_is_gone(tmp_path: Path) -> None:
    engine = Engine(WEB, ASSETS, Copies(tmp_path / "engine"))
    subprocess.run(
        [sys.executable, "-m", "app", "build", "--apart"],
        cwd=ROOT,
        env={**os.environ, "HANDRAIL_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=10,
    )
    assert next(missing(engine, best=True), None)


def test_the_process_ends_well_while_the_app_goes_on() -> None:
    told = "import time; from app.shell.building import step_back; step_back(); time.sleep(0.2)"
    with subprocess.Popen([sys.executable, "-c", told], cwd=ROOT, stdin=subprocess.PIPE) as process:
        assert process.wait(timeout=20) == 0


async def test_nothing_is_started_when_every_copy_is_there(engine: Engine, tmp_path: Path) -> None:
    build(engine, best=True, tell=nothing)
    before = set(psutil.Process().children())
    await build_apart(engine, tmp_path, best=True)
    assert set(psutil.Process().children()) == before


async def test_a_process_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "engine").write_text("a file")
    with pytest.raises(BuildError):
        await build_apart(Engine(WEB, ASSETS, Copies(tmp_path / "other")), tmp_path, best=False)
