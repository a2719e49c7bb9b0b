"""One running server process, as the launcher sees it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

from app.local.account import clean_environment, command_line
from app.local.place import Place


class Server(Protocol):
    """A server that was started; it may be gone again."""

    @property
    def pid(self) -> int: ...

    def running(self) -> bool: ...

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, waiting up to `seconds` for that."""

    def interrupt(self, *, at_once: bool) -> None:
        """Ask it to end: cleanly, or without a last checkpoint."""

    def kill(self) -> None:
        """End it as a crash would."""


class PosixServer:
    """`postgres` as a child of this process; on Linux it ends when this process does.

    Linux ties a child to the thread that made it, so a thread of its own makes it and stays.
    """

    def __init__(self, place: Place, options: list[str], log: Path) -> None:
        command = [str(place.binaries.program("postgres")), "-D", str(place.data), *options]
        self._command = command_line(command, place.account, place.folder, tied=True)
        self._log = log
        self._ended = threading.Event()
        self._made = threading.Event()
        self._failure: OSError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._live, name="postgres", daemon=True).start()
        self._made.wait()
        if self._failure is not None:
            raise self._failure

    def _live(self) -> None:
        try:
            with self._log.open("wb") as output:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=clean_environment(),
                    # Ctrl-C in the terminal is for us; we then stop the server in our own order.
                    start_new_session=True,
                )
        except OSError as error:
            self._failure = error
            return
        finally:
            self._made.set()
        self._process.wait()
        self._ended.set()

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def running(self) -> bool:
        return not self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        return self._ended.wait(seconds)

    def interrupt(self, *, at_once: bool) -> None:
        self._signal(signal.SIGQUIT if at_once else signal.SIGINT)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)


class WindowsServer:
    """`postgres` through `pg_ctl`, which takes administrator rights away from it first."""

    def __init__(self, place: Place, options: list[str], log: Path) -> None:
        self._place = place
        self._pid = 0
        words = subprocess.list2cmdline(options)
        self._control("start", "--wait", "--log", str(log), "--options", words)
        with contextlib.suppress(OSError, ValueError):
            self._pid = int((place.data / "postmaster.pid").read_text().splitlines()[0])

    def _control(self, *words: str) -> int:
        command = [str(self._place.binaries.program("pg_ctl")), "-D", str(self._place.data), *words]
        return subprocess.run(command, capture_output=True, check=False).returncode

    @property
    def pid(self) -> int:
        return self._pid

    def running(self) -> bool:
        return self._control("status") == 0

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.running():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def interrupt(self, *, at_once: bool) -> None:
        self._control("stop", "--wait", "--mode", "immediate" if at_once else "fast")

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGTERM)


def start_server(place: Place, options: list[str], log: Path) -> Server:
    """Start `postgres` on the place's cluster, its output in `log`; it may not be ready yet."""
    if sys.platform == "win32":
        return WindowsServer(place, options, log)
    return PosixServer(place, options, log)
