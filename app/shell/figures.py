"""`/metrics` for whoever runs the app: on a port of its own, on this machine only."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.core.clock import Clock
from app.core.logs import faults
from app.core.metrics import Metrics
from app.shell.socket import Counts

_LOST: Final = "drawing_loop_lost"
_FORMAT: Final = "text/plain; version=0.0.4"


def watch(
    metrics: Metrics,
    clock: Clock,
    *,
    counts: Callable[[], Counts],
    devices: Callable[[], int],
    heard_at: Callable[[], datetime | None],
    job_lag: Callable[[], float],
) -> None:
    """Gives the table the figures that are read from the parts when somebody asks."""

    def hint_age() -> float:
        last = heard_at()
        return (clock.now() - last).total_seconds() if last else math.nan

    metrics.gauge("sockets", "Open sockets of browsers.", lambda: counts().sockets)
    metrics.gauge(
        "sessions", "Screens held in memory, connected or not.", lambda: counts().sessions
    )
    metrics.gauge("devices", "Signed-in devices at hand in this process.", devices)
    metrics.gauge("hint_age_seconds", "Since the last hint or beat was heard.", hint_age)
    metrics.gauge(
        "drawing_loops_lost", "Flet schedulers that ended with an error.", lambda: faults(_LOST)
    )
    metrics.gauge("job_lag_seconds", "By which the latest job is late.", job_lag)
    metrics.gauge(
        "collector_longest_seconds",
        "The longest pause by the garbage collector so far.",
        lambda: counts().longest_walk,
    )


@contextlib.asynccontextmanager
async def serve_figures(metrics: Metrics, port: int | None) -> AsyncIterator[None]:
    """Serves the table at `http://127.0.0.1:<port>/metrics` inside the block; None: nowhere."""
    if port is None:
        yield
        return

    async def table(request: Request) -> Response:
        return PlainTextResponse(metrics.text(), media_type=_FORMAT)

    server = _Inner(
        uvicorn.Config(
            Starlette(routes=[Route("/metrics", table)]),
            port=port,
            lifespan="off",
            access_log=False,
            log_config=None,
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Inner(uvicorn.Server):
    """A server beside the main one: signals are not its business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
