"""One web app process: uvicorn around `app.server`, with an end that nobody notices.

SIGTERM (or a closed death pipe): not ready any more → sockets close with 1012, spread over the
drain time → requests finish → exit. Browsers come back by themselves to another process.
"""

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from app.config import Settings
from app.core import collector
from app.server import Served, open_server
from app.shell.bounded_http import BoundedHttp
from app.shell.listening import listen

_MOST_BYTES_A_FRAME = 1_000_000
# A lost phone is noticed within 16 s, so that its session is free when it comes back.
_PING_SECONDS = 8.0


async def serve(
    settings: Settings, *, ready: Callable[[Served], None], ends_with_input: bool = False
) -> None:
    """Serve until told to stop. `ready` is called once requests are answered."""
    collector.calm()
    stop = asyncio.Event()
    stop_on_signals(stop)
    if ends_with_input:
        _stop_with_input(stop)
    async with open_server(settings) as served:
        web = _Web(server_config(served.asgi), lambda: ready(served))
        listener = listen(settings.host, settings.port)
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await served.leave()
        web.should_exit = True
        await serving


def server_config(application: ASGIApp) -> uvicorn.Config:
    """How the web app is served, here and in tests."""
    return uvicorn.Config(
        application,
        http=BoundedHttp,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws_max_size=_MOST_BYTES_A_FRAME,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )


class _Web(uvicorn.Server):
    """uvicorn that says when it serves, and without its signal handlers: leaving is our order."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            collector.settle()
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` at SIGTERM or Ctrl-C."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers on a loop; there Ctrl-C raises KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)


def _stop_with_input(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait_for_the_end() -> None:
        while sys.stdin.readline():
            pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
