"""The gateway as a running server over a Postgres that it starts again whenever it dies."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.local.bootstrap import bootstrap
from app.local.config import Config
from app.local.db import Database
from app.local.errors import LocalError
from app.local.gateway import create_gateway
from app.local.keys import Keys
from app.local.migrate import migrate, seed
from app.local.postgres import Postgres
from app.local.runtime import Runtime, write_runtime

_log = logging.getLogger(__name__)
# Asking Windows whether a server lives starts a program each time.
_LOOK_SECONDS = 5.0 if sys.platform == "win32" else 0.2
_GRACE_SECONDS = 3


def prepare(postgres: Postgres, supabase_dir: Path) -> None:
    """Bring its database to where the app expects it. Raises LocalError."""
    bootstrap(postgres.dsn("supabase_admin"))
    migrate(postgres.dsn("postgres"), supabase_dir / "migrations")
    seed(postgres.dsn("postgres"), supabase_dir)


def server_config(application: ASGIApp) -> uvicorn.Config:
    """How the gateway is served, here and in tests."""
    return uvicorn.Config(
        application,
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # Longer than clients keep a connection: they must be the first to close an idle one.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws_max_size=1_048_576,
    )


class Project:
    """The gateway over a running Postgres, which is started again whenever it dies."""

    def __init__(
        self, home: Path, config: Config, postgres: Postgres, listener: socket.socket
    ) -> None:
        self._home = home
        self._postgres = postgres
        self._listener = listener
        self._keys = Keys.load(home)
        self._url = "http://{}:{}".format(*listener.getsockname()[:2])
        database = Database(postgres.dsn, extra_search_path=config.extra_search_path)
        gateway = create_gateway(database, self._keys, config, home, self._url)
        self._server = _Server(server_config(gateway))
        self._failure: LocalError | None = None

    def serve(self, ready: Callable[[Runtime], None], stop_with_stdin: bool) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop())
        if stop_with_stdin:
            threading.Thread(target=self._stop_at_end_of_input, daemon=True).start()
        factory = self._server.config.get_loop_factory()
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(self._run(ready))
        if self._failure is not None:
            raise self._failure

    async def _run(self, ready: Callable[[Runtime], None]) -> None:
        self._server.when_started = lambda: self._announce(ready)
        watching = asyncio.create_task(self._watch_postgres())
        try:
            await self._server.serve(sockets=[self._listener])
        except SystemExit as error:
            raise LocalError(
                "gateway_failed", "The local Supabase could not start; its log says why."
            ) from error
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    def _announce(self, ready: Callable[[Runtime], None]) -> None:
        runtime = Runtime(
            api_url=self._url,
            anon_key=self._keys.publishable,
            secret_key_file=str(self._home / "keys" / "secret_key"),
            pid=os.getpid(),
            db_socket=self._postgres.host,
            version=self._postgres.version,
        )
        write_runtime(self._home, runtime)
        ready(runtime)
        # What lives now lives until the end: the collector need not look at it again.
        gc.collect()
        gc.freeze()

    async def _watch_postgres(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._server.should_exit or self._postgres.alive:
                continue
            _log.error("PostgreSQL ended; starting it again")
            try:
                await asyncio.to_thread(self._restart_postgres)
            except LocalError as error:
                self._failure = error
                self._stop()

    def _restart_postgres(self) -> None:
        # Lets go of what the dead server held: the lock on the data folder.
        self._postgres.stop()
        self._postgres.start()

    def _stop_at_end_of_input(self) -> None:
        while os.read(0, 4096):
            pass
        self._stop()

    def _stop(self) -> None:
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """Leaves signals to us (uvicorn raises them again after a clean stop) and says when it
    serves."""

    when_started: Callable[[], None]

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.when_started()
