"""`./dev run`: the local Supabase and the web app as two children, watched until Ctrl-C.

A child learns that it is over when its standard input closes. That holds for Ctrl-C, for a killed
parent and on every system, so nothing is left behind that stops the next start.
"""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from app.cli.paths import Paths

_STOP_SECONDS = 15.0
_RESTARTS, _WITHIN_SECONDS = 5, 60.0


def run(paths: Paths) -> int:
    """Start, wait, stop. Returns 0 after Ctrl-C, 1 when something could not start."""
    paths.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _only_one(paths) as mine:
        if not mine:
            return _say(f"Handrail already runs on {paths.home}. ./dev status shows where.")
        taken = [port for port in (paths.port, paths.api_port) if _is_taken(paths.host, port)]
        if taken:
            names = "HANDRAIL_PORT and HANDRAIL_API_PORT"
            return _say(f"Port {taken[0]} is taken by another program. {names} choose others.")
        for name in ("runtime.json", "app.json"):
            (paths.home / name).unlink(missing_ok=True)
        return _Supervisor(paths).run()


class Child:
    """One child process: started with its own death pipe, its log in `<home>/log/<name>.log`."""

    def __init__(self, name: str, command: str, paths: Paths, news: "queue.Queue[News]") -> None:
        self.name = name
        log = paths.home / "log" / f"{name}.log"
        log.parent.mkdir(exist_ok=True, mode=0o700)
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        threading.Thread(target=self._listen, args=(news,), daemon=True).start()

    def tell(self, settings: dict[str, Any]) -> None:
        """Hand settings over without showing them in a process list or an environment."""
        if self.process.stdin:
            self.process.stdin.write(json.dumps(settings).encode() + b"\n")
            self.process.stdin.flush()

    def stop(self) -> None:
        """Close the pipe and wait; what does not end by itself is killed."""
        with contextlib.suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _listen(self, news: "queue.Queue[News]") -> None:
        for message in _messages(self.process.stdout or BytesIO()):
            news.put((self, message))
        self.process.wait()
        news.put((self, {"ended": self.process.returncode}))


News = tuple[Child | None, dict[str, Any]]


class _Supervisor:
    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._news: queue.Queue[News] = queue.Queue()
        self._ends: list[float] = []
        self._told: dict[str, Any] = {}
        self._app: Child | None = None

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._news.put((None, {"stop": True})))
        first = not (self._paths.home / "pg").exists()
        self._local = self._start("local")
        # The app reads the catalogues; the database, which takes longer, does not wait for them.
        from app.cli.words import compile_catalogues

        compile_catalogues()
        if not first:
            self._app = self._start("app")
        try:
            while True:
                child, message = self._news.get()
                if "stop" in message:
                    print("Stopping …", flush=True)
                    return 0
                if "problem" in message:
                    return _say(str(message["problem"]))
                if "ended" in message and child and child in (self._local, self._app):
                    if not self._restart(child):
                        return _say(f"{child.name} keeps ending. Its log: {child.log}")
                elif child is self._local:
                    self._hear_local(message)
                elif "table" in message:
                    print(message["table"], flush=True)
        finally:
            if self._app:
                self._app.stop()
            self._local.stop()

    def _hear_local(self, message: dict[str, Any]) -> None:
        # A first start is as quick as the making of its database, which two programs that load at
        # the same time would hold up: the app comes when the other has loaded.
        self._app = self._app or self._start("app")
        if "SUPABASE_URL" in message:
            self._told = message
            self._app.tell(self._told)

    def _start(self, name: str) -> Child:
        command = "local" if name == "local" else "local-app"
        return Child(name, command, self._paths, self._news)

    def _restart(self, ended: Child) -> bool:
        now = time.monotonic()
        self._ends = [end for end in self._ends if now - end < _WITHIN_SECONDS] + [now]
        if len(self._ends) > _RESTARTS:
            return False
        ended.stop()
        print(f"{ended.name} ended; starting it again.", file=sys.stderr, flush=True)
        if ended is self._local:
            self._local = self._start("local")
        else:
            self._app = self._start("app")
            if self._told:
                self._app.tell(self._told)
        return True


def _messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in stream:
        with contextlib.suppress(ValueError):
            message = json.loads(line)
            if isinstance(message, dict):
                yield message


@contextlib.contextmanager
def _only_one(paths: Paths) -> Iterator[bool]:
    """A lock that the system takes back when the process ends, however it ends."""
    with (paths.home / "run.lock").open("a+") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def is_running(home: Path) -> bool:
    """Whether a `./dev run` holds this data folder now."""
    if not (home / "run.lock").exists():
        return False
    with _only_one(Paths(home=home)) as mine:
        return not mine


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _say(problem: str) -> int:
    print(f"dev: {problem}", file=sys.stderr)
    return 1
