"""What a running local Supabase tells the commands around it: ``<home>/runtime.json``."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where it serves and with which keys. ``version`` is PostgreSQL's, ``db_socket`` the folder
    of its socket (a host on Windows); the secret key is named by its file only."""

    api_url: str
    anon_key: str
    secret_key_file: str
    pid: int
    db_socket: str
    version: str


def write_runtime(home: Path, runtime: Runtime) -> None:
    """Replace the file as a whole: a reader sees the old or the new one."""
    draft = home / f"runtime.json.{os.getpid()}"
    draft.write_text(json.dumps(asdict(runtime), indent=1), encoding="utf-8")
    draft.replace(home / "runtime.json")


def read_runtime(home: Path) -> Runtime | None:
    """None when nothing is written or readable. The process named may be gone meanwhile."""
    try:
        fields = json.loads((home / "runtime.json").read_text(encoding="utf-8"))
        return Runtime(**fields)
    except (OSError, ValueError, TypeError):
        return None


def remove_runtime(home: Path) -> None:
    (home / "runtime.json").unlink(missing_ok=True)
