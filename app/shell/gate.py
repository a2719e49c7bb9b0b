"""The outermost layer: nothing reaches a room, a file or Flet without passing here.

It checks where a request comes from, caps what it may cost, finds out which device is talking,
gives every answer the security headers, and turns whatever goes wrong behind it into a plain page
that says nothing about the inside.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import Unreachable
from app.core.ids import new_request_id
from app.core.logs import log_context, log_fault
from app.core.speaking import speaking_for
from app.shell.address import client_address, networks
from app.shell.answer import Answer, accept_and_close
from app.shell.body import BodyTooLarge, BodyTooSlow, CappedBody, discard
from app.shell.codes import Close
from app.shell.cookies import Cookie, has_cookie
from app.shell.limits import Limits, Places, TooMany
from app.shell.problems import Problem, problem_of, problem_page
from app.shell.visit import CURRENT, LEFT_COOKIE, Identify, LockAtOnce, Visit, keep

Report = Callable[[str, str, BaseException], Awaitable[None]]
"""Told of every unexpected error: request id, place in the code, the error."""


@dataclass(frozen=True)
class GateSettings:
    """`origins` are the app's own addresses (`https://handrail.example`); `proxies` the trusted
    ones (addresses or CIDR ranges); `body_bytes` raises the cap for paths by prefix;
    `open_paths` answer under any Host, for probes that come by address."""

    origins: frozenset[str]
    proxies: Collection[str] = ()
    limits: Limits = field(default_factory=Limits)
    body_bytes: Mapping[str, int] = field(default_factory=dict)
    open_paths: frozenset[str] = frozenset({"/healthz", "/readyz"})


class Gate:
    """Pure ASGI; wrap the whole app in it: `Gate(router, settings, cookie, identify)`.

    `lock` locks the device of somebody who left in a hurry.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: GateSettings,
        cookie: Cookie,
        identify: Identify,
        report: Report | None = None,
        *,
        lock: LockAtOnce | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._limits = settings.limits
        self._cookie = cookie
        self._identify = identify
        self._report = report
        self._lock = lock
        self._hosts = {urlsplit(origin).netloc for origin in settings.origins}
        self._https = all(origin.startswith("https://") for origin in settings.origins)
        self._proxies = networks(settings.proxies)
        self._requests = Places(self._limits.requests_per_address)
        self._sockets = Places(self._limits.sockets_per_address)
        self._device_sockets = Places(self._limits.sockets_per_device)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _visit(self, scope: Scope, headers: Headers) -> Visit:
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = ",".join(headers.getlist("x-forwarded-for"))
        cookies = headers.get("cookie", "")
        visit = Visit(
            request_id=new_request_id(),
            address=client_address(peer, forwarded, self._proxies),
            cookie=self._cookie.read(cookies),
            identify=self._identify,
            lock=self._lock,
            left=has_cookie(cookies, LEFT_COOKIE),
        )
        keep(scope, visit)
        return visit

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        visit = self._visit(scope, headers)
        with log_context(request=visit.request_id), speaking_for(visit.address):
            await self._answered(scope, receive, send, headers, visit)

    async def _answered(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, visit: Visit
    ) -> None:
        answer = Answer(send, visit, https=self._https)
        try:
            problem = self._refusal(scope, headers)
            if problem is None:
                with self._requests.one(visit.address):
                    # What needs no identity goes on without the database, help above all.
                    with suppress(Unreachable):
                        await visit.settle()
                    await self._app(scope, self._capped(scope, receive), answer)
                return
        except TooMany:
            problem = Problem(429, "too_many", retry_after=5)
        except (BodyTooLarge, BodyTooSlow) as error:
            problem = Problem(413 if isinstance(error, BodyTooLarge) else 408, "not_taken")
        except Exception as error:
            problem = await self._unexpected(visit, error)
        # A half-sent answer is left as it is: the server cuts it off, so it never looks complete.
        if not answer.started:
            await self._answer(problem, scope, receive, answer, visit)

    def _refusal(self, scope: Scope, headers: Headers) -> Problem | None:
        limits = self._limits
        size = sum(len(name) + len(value) for name, value in scope["headers"])
        if len(scope["headers"]) > limits.header_count or size > limits.header_bytes:
            return Problem(431, "not_taken")
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > limits.url_bytes:
            return Problem(414, "not_taken")
        if not self._host_is_ours(scope, headers):
            return Problem(421, "wrong_address")
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            return None
        if not self._comes_from_us(headers):
            return Problem(403, "foreign_form")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return Problem(400, "not_taken")
        return Problem(413, "not_taken") if int(length) > self._cap(scope["path"]) else None

    def _host_is_ours(self, scope: Scope, headers: Headers) -> bool:
        return headers.get("host", "") in self._hosts or scope["path"] in self._settings.open_paths

    def _comes_from_us(self, headers: Headers) -> bool:
        """Whether one of our own pages sent this form; what cannot tell is refused."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin not in self._settings.origins:
            return False
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is not None

    def _cap(self, path: str) -> int:
        for prefix, size in self._settings.body_bytes.items():
            if path.startswith(prefix):
                return size
        return self._limits.body_bytes

    def _capped(self, scope: Scope, receive: Receive) -> Receive:
        return CappedBody(receive, self._limits, self._cap(scope["path"]))

    async def _unexpected(self, visit: Visit, error: Exception) -> Problem:
        problem = problem_of(error)
        if problem.status == 500:
            mark = log_fault("unhandled", error)
            if self._report is not None:
                try:
                    await self._report(visit.request_id, mark.place, error)
                except Exception as failure:
                    # Whoever asked gets our page all the same.
                    log_fault("report_failed", failure)
        return problem

    async def _answer(
        self, problem: Problem, scope: Scope, receive: Receive, send: Send, visit: Visit
    ) -> None:
        response: Response = problem_page(problem, scope, visit.request_id)
        if problem.status in {408, 413}:
            if problem.status == 413:
                # A browser that is still sending reads no answer from a connection that closes on
                # it, so some of what nobody wants is taken and thrown away.
                await discard(receive, self._limits)
            response.headers["connection"] = "close"
        await response(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        visit = self._visit(scope, headers)
        if (
            not self._host_is_ours(scope, headers)
            or headers.get("origin") not in self._settings.origins
        ):
            # Refused before it is accepted: a foreign page learns nothing, not even a code.
            await receive()
            await send({"type": "websocket.close", "code": Close.NOT_ACCEPTABLE})
            return
        with ExitStack() as places:
            try:
                places.enter_context(self._sockets.one(visit.address))
                identity = await asyncio.wait_for(visit.identity(), self._limits.identify_seconds)
                if identity is None:
                    await accept_and_close(receive, send, Close.SIGNED_OUT, visit)
                    return
                if identity.locked:
                    await accept_and_close(receive, send, Close.LOCKED, visit)
                    return
                places.enter_context(self._device_sockets.one(identity.cookie_hash))
            except TooMany:
                await accept_and_close(receive, send, Close.TOO_MANY)
                return
            except Exception as error:
                if not isinstance(error, TimeoutError | Unreachable):
                    await self._unexpected(visit, error)
                await accept_and_close(receive, send, Close.TRY_LATER)
                return
            # Flet keys a session by this "address": so it belongs to this sign-in alone, and
            # outlives the change from one network to another.
            scope = {**scope, "client": (identity.cookie_hash, 0)}
            token = CURRENT.set(identity)
            try:
                with log_context(request=visit.request_id, cookie_hash=identity.cookie_hash):
                    await self._app(scope, receive, send)
            except Exception as error:
                await self._unexpected(visit, error)
            finally:
                CURRENT.reset(token)
