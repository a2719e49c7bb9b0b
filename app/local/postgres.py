"""The embedded PostgreSQL: one cluster in one data folder, owned by one process.

The server never runs as root, listens on nothing but a socket in a closed folder (loopback TCP
with a random password on Windows), and on Linux ends when the process that started it ends.
"""

import contextlib
import shutil
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from app.local import cluster, place
from app.local.binaries import Binaries, find_binaries
from app.local.errors import LocalError
from app.local.failures import explain
from app.local.leftover import stop_leftover
from app.local.owner_lock import OwnerLock
from app.local.process import Server, start_server

_START_SECONDS = 120.0  # recovery of a large log after a crash
_RIVAL_SECONDS = 15.0  # until the children of a crashed server are gone
_STOP_SECONDS = 20.0
_STATUS_LINE = 7  # of postmaster.pid: "starting", "ready", ...


class Postgres:
    """A cluster below `home` (made at the first start) and its server.

    `binaries` are found by `find_binaries` when not given; `settings` override the server's. A
    second owner of the same `home`, in any process, gets LocalError `already_running` from
    `start`. Not for use by several threads at once.
    """

    def __init__(
        self, home: Path, binaries: Binaries | None = None, *, settings: Mapping[str, str] = {}
    ) -> None:
        self.home = home.absolute()
        self._own = self.home / "pg"
        self._binaries = binaries
        self._settings = dict(settings)
        self._lock = OwnerLock(self._own / "lock")
        self._place: place.Place | None = None
        self._server: Server | None = None
        self.host = ""
        self.port = 5432

    @property
    def alive(self) -> bool:
        """Whether the server process runs."""
        return self._server is not None and self._server.running()

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self._server is not None and self._server.running() else None

    @property
    def version(self) -> str:
        """Such as "18.6"; known before the start too."""
        return self._found().text

    def start(self) -> None:
        """Make the cluster if there is none, start the server, return when it answers.

        After a crash this includes recovery. Raises LocalError: already_running, disk_full,
        data_damaged, other_version, not_allowed, postgres_missing, ...
        """
        if self.alive:
            raise LocalError("already_running", f"PostgreSQL already runs on {self.home}.")
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            self._place = place.settle(self._own, self._found())
            cluster.create(self._place, durable=self._settings.get("fsync") != "off")
            stop_leftover(self._place)
            self._run(self._place)
        except OSError as error:
            self._end()
            raise explain(str(error), self._own) from error
        except BaseException:
            self._end()
            raise

    def stop(self, *, at_once: bool = False) -> None:
        """End the server, closing its connections; harmless when it is not running.

        With `at_once` the last checkpoint is left out, and the next start has to recover.
        """
        server = self._server
        if server is not None and server.running():
            server.interrupt(at_once=at_once)
            if not server.wait(_STOP_SECONDS):
                server.interrupt(at_once=True)
        self._end()

    def kill(self) -> None:
        """End the server as a crash would. What was committed is there after the next start."""
        if self._server is not None:
            self._server.kill()
        self._end()

    def destroy(self) -> None:
        """Stop the server and delete the cluster, its copied programs and its pointer."""
        self.stop(at_once=True)
        if self._own.exists():
            self._lock.take()
            try:
                place.remove(self._own)
            finally:
                self._lock.release()

    def dsn(self, user: str, database: str = "postgres") -> str:
        """A libpq connection string for `user`; only valid while the server runs."""
        # Imported late: a first start makes its cluster meanwhile.
        from psycopg.conninfo import make_conninfo

        password = None
        if sys.platform == "win32" and self._place is not None:
            password = cluster.password_file(self._place).read_text(encoding="ascii")
        return make_conninfo(
            host=self.host, port=self.port, user=user, dbname=database, password=password
        )

    def _found(self) -> Binaries:
        if self._binaries is None:
            self._binaries = find_binaries()
        return self._binaries

    def _run(self, here: place.Place) -> None:
        """Start the server, again while children of a crashed one are still going."""
        if sys.platform == "win32":
            self.host, self.port = "127.0.0.1", _free_port()
        else:
            self.host = str(cluster.socket_folder(here))
        settings = {"port": str(self.port)} | self._settings
        options = cluster.server_options(here, self.host, settings)
        log = here.folder / "server.log"
        with contextlib.suppress(FileNotFoundError):
            log.replace(here.folder / "server.log.old")
        end = time.monotonic() + _RIVAL_SECONDS
        while True:
            self._server = server = start_server(here, options, log)
            if _ready(server, here):
                return
            failure = explain(log.read_text(encoding="utf-8", errors="replace"), here.folder)
            if failure.code != "already_running" or time.monotonic() > end:
                raise failure
            time.sleep(0.2)

    def _end(self) -> None:
        if self._server is not None and not self._server.wait(_STOP_SECONDS):
            self._server.kill()
            self._server.wait(_STOP_SECONDS)
        self._server = None
        if self._place is not None and self.host and sys.platform != "win32":
            shutil.rmtree(self.host, ignore_errors=True)
        self._lock.release()


def _ready(server: Server, here: place.Place) -> bool:
    """True when the server says so in its pid file, False when it ended."""
    end = time.monotonic() + _START_SECONDS
    while not server.wait(0.005):
        with contextlib.suppress(OSError):
            lines = (here.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].startswith("ready")
            if ready and int(lines[0]) == server.pid:
                return True
        if time.monotonic() > end:
            raise LocalError("too_slow", f"PostgreSQL in {here.folder} does not get ready.")
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
