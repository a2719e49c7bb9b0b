"""One ASGI application for Auth, Rest, Storage and Realtime, as a Supabase project's address is."""

import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.local.auth import routes as auth
from app.local.config import Config
from app.local.context import Context
from app.local.db import Database
from app.local.keys import Keys
from app.local.mail import routes as mail_routes
from app.local.realtime import routes as realtime
from app.local.rest import routes as rest
from app.local.storage import routes as storage

_log = logging.getLogger(__name__)
_PARTS: dict[str, ModuleType] = {
    "/auth/v1": auth,
    "/rest/v1": rest,
    "/storage/v1": storage,
    "/realtime/v1": realtime,
}


def create_gateway(
    database: Database, keys: Keys, config: Config, home: Path, base_url: str
) -> Starlette:
    """The gateway over an existing, bootstrapped database.

    Its lifespan opens and closes ``database``; stored files go to ``<home>/files``. ``base_url``
    is the address clients use; requests that name another host are refused.
    """
    ctx = Context(database, keys, config, home / "files", base_url.rstrip("/"))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        await database.open()
        try:
            async with _parts_running(ctx) as state:
                yield state
        finally:
            await database.close()

    application = Starlette(
        routes=[
            *(Mount(path, routes=part.routes(ctx)) for path, part in _PARTS.items()),
            Route("/health", _health, methods=["GET"]),
            *mail_routes(ctx),
            Route("/{path:path}", _nothing_here, methods=_ALL_METHODS),
        ],
        lifespan=lifespan,
        exception_handlers={Exception: _internal_error},
    )
    application.add_middleware(_OwnHosts, base_url=base_url)
    return application


_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@contextlib.asynccontextmanager
async def _parts_running(ctx: Context) -> AsyncIterator[dict[str, Any]]:
    """What a part's ``lifespan(ctx)`` yields, a mapping or None, becomes application state."""
    state: dict[str, Any] = {}
    async with contextlib.AsyncExitStack() as stack:
        for part in _PARTS.values():
            if hasattr(part, "lifespan"):
                state |= await stack.enter_async_context(part.lifespan(ctx)) or {}
        yield state


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _nothing_here(request: Request) -> Response:
    message = f"The local Supabase has nothing at {request.url.path}"
    return JSONResponse({"code": "not_implemented", "message": message}, 501)


async def _internal_error(request: Request, error: Exception) -> Response:
    """Starlette logs the traceback; the client learns only that there was one."""
    _log.error("%s failed: %s", request.method, type(error).__name__)
    return JSONResponse({"code": "internal_error", "message": "Internal error"}, 500)


class _OwnHosts:
    """Refuses requests for foreign names, so that no web page reaches us by rebinding its own."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._names = {"localhost", "127.0.0.1", "::1", urlsplit(base_url).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and _host(scope) not in self._names:
            response = JSONResponse({"code": "bad_host", "message": "Unknown host"}, 400)
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"host":
            with contextlib.suppress(ValueError):
                return urlsplit(f"//{value.decode('latin-1')}").hostname
    return None
