"""The local Supabase as one process: PostgreSQL below it, the gateway in it."""

import contextlib
import importlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from app.local.config import load_config
from app.local.errors import LocalError
from app.local.postgres import Postgres
from app.local.runtime import Runtime, remove_runtime

HOST = "127.0.0.1"
_PROJECT = "app.local.project"


def serve(
    home: Path,
    port: int,
    supabase_dir: Path,
    *,
    ready: Callable[[Runtime], None],
    loaded: Callable[[], None] = lambda: None,
    stop_with_stdin: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM, or until standard input closes if ``stop_with_stdin``.

    Makes what is missing in ``home``, applies migrations and seed, calls ``ready`` once requests
    are answered; ``port`` 0 takes a free one. ``loaded`` is called before that, in a thread, when
    this process has loaded its own code. Raises LocalError: port_taken, already_running,
    gateway_failed, and what Postgres, config, a migration or the keys say. Call it from the
    main thread.
    """
    with _bound(port) as listener:
        config = load_config(supabase_dir)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        postgres = Postgres(home)
        # Making a cluster takes as long as loading what speaks to it: both at the same time.
        threading.Thread(target=_load, args=(loaded,), daemon=True).start()
        postgres.start()
        try:
            from app.local.project import Project, prepare

            prepare(postgres, supabase_dir)
            Project(home, config, postgres, listener).serve(ready, stop_with_stdin)
        finally:
            remove_runtime(home)
            postgres.stop()


def _load(then: Callable[[], None]) -> None:
    importlib.import_module(_PROJECT)
    then()


@contextlib.contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """The port, taken before anything is made or started for it."""
    # Named as TCP, so that asyncio switches Nagle's algorithm off: else answers wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        # Elsewhere this lets a new start take over a port whose old connections still linger.
        listener.setsockopt(socket.SOL_SOCKET, exclusive or socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise LocalError(
                "port_taken",
                f"Port {port} is taken by another program. Stop it, or choose another port"
                " (HANDRAIL_API_PORT).",
            ) from error
        yield listener
    finally:
        listener.close()
