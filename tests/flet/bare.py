"""Flet's own server as it comes, without anything of ours: the control of the fault tests."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import flet as ft
import flet_web.fastapi as flet_fastapi
import uvicorn
from flet_web.fastapi.flet_app import FletApp
from starlette.routing import Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin


@dataclass
class Bare:
    """The running server; `apps` are Flet's own objects, one a socket, `client` what Flet takes
    for the browser's address (None: the real one)."""

    port: int
    apps: list[FletApp] = field(default_factory=list)
    pages: list[ft.Page] = field(default_factory=list)
    handling: list[asyncio.Task[None]] = field(default_factory=list)
    client: tuple[str, int] | None = None

    @contextlib.asynccontextmanager
    async def browser(self, origin: str | None = None) -> AsyncIterator[ClientConnection]:
        given = Origin(origin) if origin else None
        url = f"ws://127.0.0.1:{self.port}/ws"
        async with connect(url, origin=given, max_size=None, compression=None) as opened:
            yield opened


@contextlib.asynccontextmanager
async def bare(fill: Callable[[ft.Page], None]) -> AsyncIterator[Bare]:
    """Serves pages that `fill` fills with `FletApp.handle` on a real port."""

    def main(page: ft.Page) -> None:
        server.pages.append(page)
        fill(page)

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        given = {**scope, "client": server.client} if server.client else scope
        app = FletApp(asyncio.get_running_loop(), flet_fastapi.app_manager.executor, main, None)
        server.apps.append(app)
        task = asyncio.create_task(app.handle(WebSocket(given, receive, send)))
        server.handling.append(task)
        await asyncio.wait({task})

    listening = socket.create_server(("127.0.0.1", 0))
    server = Bare(listening.getsockname()[1])
    router = Router([WebSocketRoute("/ws", _Endpoint(handle))])
    config = uvicorn.Config(router, lifespan="off", log_level="critical", access_log=False)
    config.load()
    web = uvicorn.Server(config)
    web.lifespan = config.lifespan_class(config)
    await web.startup([listening])
    try:
        yield server
    finally:
        for task in server.handling:
            task.cancel()
        await asyncio.gather(*server.handling, return_exceptions=True)
        await web.shutdown([listening])


class _Endpoint:
    """Starlette wraps functions but serves objects as they are."""

    def __init__(self, handle: ASGIApp) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handle(scope, receive, send)
