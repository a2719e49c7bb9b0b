"""PostgREST's HTTP interface over schema public: one table or view, or one function a request."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.local.context import Context
from app.local.db import RequestInfo
from app.local.keys import Claims, TokenError
from app.local.pool import PoolTimeout
from app.local.rest.actions import Exchange, call_function, read_table, write_table
from app.local.rest.errors import RestError, from_database, from_token, unsupported
from app.local.rest.request import check_profile, preferences, wants_single
from app.local.rest.response import Wanted, error_response
from app.local.rest.schema import Schema

_log = logging.getLogger(__name__)
_STATE = "rest_schema"
# PostgREST forgives clocks that differ by this much.
_LEEWAY_SECONDS = 30


def routes(ctx: Context) -> list[BaseRoute]:
    return [Route("/{path:path}", Rest(ctx))]


@contextlib.asynccontextmanager
async def lifespan(ctx: Context) -> AsyncIterator[dict[str, Any]]:
    """Keeps the schema cache fresh; what it yields belongs into the application's state."""
    async with Schema(ctx.database).watched() as schema:
        yield {_STATE: schema}


class Rest:
    """The ASGI application below ``/rest/v1``."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive)
        except RestError as error:
            response = error_response(error)
        except Exception:
            _log.exception("rest: %s failed", scope["method"])
            response = error_response(RestError(500, "PGRSTX00", "Internal error"))
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        headers = Headers(scope=scope)
        try:
            claims = self._ctx.keys.claims_of(headers, leeway=_LEEWAY_SECONDS)
        except TokenError as error:
            raise from_token(error) from error
        act, name = _action(scope["method"], scope["path_params"]["path"])
        exchange = self._exchange(scope, receive, headers, claims)
        try:
            return await act(exchange, name)
        except (psycopg.Error, PoolTimeout) as error:
            signed_in = claims.get("role", "anon") != "anon"
            raise from_database(error, signed_in=signed_in) from error

    def _exchange(
        self, scope: Scope, receive: Receive, headers: Headers, claims: Claims
    ) -> Exchange:
        method: str = scope["method"]
        profiled = check_profile(headers, reads=method in ("GET", "HEAD"))
        return Exchange(
            database=self._ctx.database,
            schema=scope["state"][_STATE],
            max_rows=self._ctx.config.max_rows,
            method=method,
            headers=headers,
            receive=receive,
            raw_query=scope["query_string"],
            claims=claims,
            info=_request_info(scope),
            wanted=Wanted(wants_single(headers), profiled, method == "HEAD", preferences(headers)),
        )


_Action = Callable[[Exchange, str], Awaitable[Response]]


def _action(method: str, path: str) -> tuple[_Action, str]:
    """Which action and on what. Raises RestError for paths and methods without one."""
    first, *more = path.split("/")
    if method == "OPTIONS":
        raise unsupported("OPTIONS")
    if path == "":
        raise unsupported("the OpenAPI description")
    if first == "rpc" and len(more) == 1:
        if method not in ("GET", "HEAD", "POST"):
            raise RestError(405, "PGRST101", f"Cannot use the {method} method on RPC")
        return call_function, more[0]
    if more:
        raise RestError(404, "PGRST125", "Invalid path specified in request URL")
    if method in ("GET", "HEAD"):
        return read_table, first
    if method in ("POST", "PATCH", "DELETE"):
        return write_table, first
    if method == "PUT":
        raise unsupported("upserts", "Write a function that decides what to do.")
    raise RestError(405, "PGRST117", f"Unsupported HTTP method: {method}")


def _request_info(scope: Scope) -> RequestInfo:
    """As a function sees it in ``request.…``; the path is the one below ``/rest/v1``."""
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name == "cookie":
            cookies |= cookie_parser(value)
        else:
            headers[name] = value
    path = scope["raw_path"].decode("latin-1").removeprefix(scope["root_path"])
    return RequestInfo(scope["method"], path, headers, cookies)
