"""`./dev test`, `check`, `e2e` and `bench`: what is called, in which order, with what result."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.words import compile_catalogues

ROOT = Path(__file__).resolve().parents[1]
_BIN = Path(sys.executable).parent
_PYTEST = [sys.executable, "-m", "pytest"]

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
    # Many tests wait for a moment; twice as many workers as cores keep the cores busy. A file
    # stays with one worker, since its tests may share a server.
    workers = str(2 * (os.cpu_count() or 1))
    failed = _call([*_PYTEST, "-m", "not browser", "-n", workers, "--dist", "loadfile"])
    return failed or (_e2e([]) if browser else 0)


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


def _call(command: list[str]) -> int:
    return subprocess.call(command, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
