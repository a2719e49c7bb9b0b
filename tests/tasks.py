"""`./dev test`, `check`, `e2e` and `bench`: what is called, in which order, with what result."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.cli.words import compile_catalogues

ROOT = Path(__file__).resolve().parents[1]
_BIN = Path(sys.executable).parent
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
_PYTEST = [sys.executable, "-m", "pytest"]
_STORIES = "tests/e2e"

# Each line of `./dev check`: what it proves, and the call.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", (str(_BIN / "ruff"), "check", ".", "dev")),
    ("format", (str(_BIN / "ruff"), "format", "--check", ".", "dev")),
    ("types", (str(_BIN / "mypy"),)),
    ("layers", (str(_BIN / "lint-imports"), "--no-cache")),
    ("rooms", (sys.executable, "-m", "tests.gates.rooms")),
    ("words", (sys.executable, "-m", "app", "i18n", "check")),
    ("sql", (sys.executable, "-m", "tests.gates.sql")),
    ("migrations", (sys.executable, "-m", "tests.gates.migrations")),
)


def main(arguments: Sequence[str]) -> int:
    command, *rest = arguments
    return {"test": _test, "check": _check, "e2e": _e2e, "bench": _bench}[command](rest)


def _test(arguments: list[str]) -> int:
    compile_catalogues()
    browser = "--no-browser" not in arguments
    given = [each for each in arguments if each != "--no-browser"]
    if given:
        # Somebody looks at some tests: one process, everything they ask for.
        return _call([*_PYTEST, *([] if browser else ["-m", "not browser"]), *given])
    # Some tests wait for a moment: one worker more than cores keeps the cores busy, and each
    # further one costs its imports and servers. A file stays with one worker, since its tests may
    # share a server; files in their order, since the reordering would begin the longest last.
    workers = str((os.cpu_count() or 1) + 1)
    spread = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
    # Each worker reads every file; what it will not run need not be among them.
    apart = ("-m", "not browser", f"--ignore={_STORIES}")
    parts = {"without browser": lambda: _call([*_PYTEST, *apart, *spread])}
    if browser:
        parts["browser stories"] = lambda: _e2e([])
    return _measured(parts)


def _e2e(arguments: list[str]) -> int:
    from tests.e2e.chromium import ensure_chromium

    compile_catalogues()
    ensure_chromium()
    return _call([*_PYTEST, "-m", "browser", *arguments])


def _bench(arguments: list[str]) -> int:
    compile_catalogues()
    return _call([sys.executable, "-m", "tests.bench", *arguments])


def _check(arguments: list[str]) -> int:
    """Every check runs, also after a failure: one run shows all that is wrong."""
    failed = []
    for name, call in CHECKS:
        print(f"== {name}", flush=True)
        if _call([*call]):
            failed.append(name)
    print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed", flush=True)
    if failed:
        print("Failed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def _measured(parts: Mapping[str, Callable[[], int]]) -> int:
    """Do one part after the other, up to the first that fails; say what each has used."""
    lines = []
    failed = 0
    for name, part in parts.items():
        wall, used = time.monotonic(), _cpu_of_children()
        failed = part()
        wall, used = time.monotonic() - wall, _cpu_of_children() - used
        lines.append(f"{name}: {wall:.0f} s, {used:.0f} s of processor time")
        if failed:
            break
    print("\n".join(lines), flush=True)
    return failed


def _cpu_of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _call(command: list[str]) -> int:
    # Dozens of processes import the same files: each would compile them again.
    environment = {name: text for name, text in os.environ.items() if name != _NO_BYTECODE}
    return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
