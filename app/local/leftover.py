"""A server that an earlier run left behind: stops it, so that a new one can own the data.

Only called by the owner of the data folder's lock, so whatever still runs there has lost its own.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.local.errors import LocalError
from app.local.place import Place

_PATIENCE = 15.0


def stop_leftover(place: Place) -> None:
    """Stop what still runs on this cluster and make its pid file harmless.

    Raises LocalError `already_running` when it does not go.
    """
    file = place.data / "postmaster.pid"
    pid = _pid_in(file)
    if pid is None:
        return
    if sys.platform == "win32":
        command = [place.binaries.program("pg_ctl"), "stop", "-D", place.data, "-m", "fast", "-w"]
        subprocess.run(command, capture_output=True, check=False)
        return
    for number in (None, signal.SIGINT, signal.SIGQUIT):
        # It may be on its way out already, having seen its owner die.
        if number is not None and _serves(pid, place.data):
            os.kill(pid, number)
        if _gone(pid, place.data, 1.0 if number is None else _PATIENCE):
            break
    else:
        raise LocalError(
            "already_running", f"PostgreSQL process {pid} on {place.data} does not stop."
        )
    _disarm(file)


def _pid_in(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _gone(pid: int, data: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while _serves(pid, data):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is a server on `data`, and not one that merely got its number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if Path("/proc/self/cmdline").exists():
            return False
        listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        return str(data) in subprocess.run(listing, capture_output=True, text=True).stdout
    except OSError:
        return False
    return os.fsencode(data) in words


def _disarm(file: Path) -> None:
    """Write our own number into a dead server's pid file.

    A number that meanwhile belongs to a stranger would stop the next server; its parent's number
    does not. The rest of the file stays: by it the server sees whether a child of the dead one
    still writes.
    """
    try:
        handle = os.open(file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return
    with os.fdopen(handle, "r+b") as opened:
        rest = opened.read().partition(b"\n")[2]
        opened.seek(0)
        opened.truncate()
        opened.write(str(os.getpid()).encode() + b"\n" + rest)
