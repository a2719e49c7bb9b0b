"""One owner per data folder: a file lock that the system drops when its holder dies."""

import contextlib
import os
import sys
from pathlib import Path

from app.local.errors import LocalError


class OwnerLock:
    """Held from `take` to `release`; another taker, in this process or another, is refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> None:
        """Raises LocalError `already_running`, naming the process that holds it.

        Taking what this object holds already changes nothing.
        """
        if self._file is not None:
            return
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError as error:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip() if _POSIX else ""
            os.close(file)
            by = f" (process {holder})" if holder else ""
            raise LocalError(
                "already_running",
                f"Handrail is already running on {self._path.parent.parent}{by}. Use that one, "
                "stop it, or start on another data folder (HANDRAIL_HOME).",
            ) from error
        if _POSIX:
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Let the next one in; harmless when not held."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None


_POSIX = sys.platform != "win32"


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
