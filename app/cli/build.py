"""`./dev build`: the web client as phones get it, made once for each version of the engine."""

import errno
import sys

from app.cli.paths import Paths
from app.shell.build import build
from app.shell.building import step_back
from app.shell.changed import EngineError
from app.shell.copies import Copies
from app.shell.engine import Engine, installed_web
from app.shell.icons import IconError, icons_used
from app.shell.static import APP, ASSETS

_NEEDED_MB = 50


def make(paths: Paths, *, best: bool, apart: bool) -> int:
    """Make what is missing below the data folder; says what it does, and 1 when it cannot.

    `apart`: started by the app, at the lowest priority, ending with it.
    """
    if apart:
        step_back()
    folder = paths.home / "engine"
    try:
        engine = Engine(installed_web(), ASSETS, Copies(folder), icons_used(APP))
        made = build(engine, best=best, tell=_tell)
    except (EngineError, IconError) as error:
        return _problem(str(error))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return _problem(f"the disk is full: {folder} needs about {_NEEDED_MB} MB.")
        return _problem(f"cannot write in {folder}: {error.strerror}.")
    print(f"{made} copies made. They lie in {folder}." if made else "Every copy is there.")
    return 0


def _problem(line: str) -> int:
    print(f"dev: {line}", file=sys.stderr)
    return 1


def _tell(what: str, part: float) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K{what} {part:.0%}", end="\n" if part == 1 else "", flush=True)
    elif part == 1:
        print(what, flush=True)
