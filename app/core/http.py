"""The way to the Supabase project: one shared set of HTTP connections, one cheap client per token.

A supabase client carries the token it was made with, so it is never shared between people and is
made anew when the token changes (0.1 ms). What is expensive, connections and TLS, sits in one
httpx client below all of them, which carries nobody's token and keeps no cookies. Closing a
supabase client would close the shared connections for everybody, so nobody does.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from supabase import AsyncClient, AsyncClientOptions
from supabase.lib.client_options import DEFAULT_HEADERS
from supabase.types import RealtimeClientOptions
from supabase_auth.types import AuthResponse

from app.config import Settings

_TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=5.0)
# More than one process can keep busy: a call takes it a millisecond, and the database a few.
_AT_ONCE: Final = 16
_IN_LINE_SECONDS: Final = 10.0
_LIMITS = httpx.Limits(
    max_connections=2 * _AT_ONCE, max_keepalive_connections=2 * _AT_ONCE, keepalive_expiry=30.0
)
# A lost socket is the business of `core.live`, which reconnects for ever and not five times.
_REALTIME: RealtimeClientOptions = {"auto_reconnect": False}


SignInFor = Callable[[str, str, str], Awaitable[AuthResponse]]
"""Signs in with an address, a password and the network address that the visitor came from."""


class Backend:
    """A Supabase project as this process reaches it.

    With `sign_in_for`, Auth learns where a sign-in comes from; without it, all come from us.
    """

    def __init__(self, url: str, key: str, http: httpx.AsyncClient) -> None:
        self._url = url
        self._key = key
        self.http = http
        self.sign_in_for: SignInFor | None = None

    def client(
        self, token: str | None = None, more: Mapping[str, str] | None = None
    ) -> AsyncClient:
        """A client that speaks with this access token, or as nobody; `more` are further headers.

        Never call its sign-in or its close; it neither stores nor renews the token.
        """
        headers = {**DEFAULT_HEADERS, **(more or {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        options = AsyncClientOptions(
            headers=headers,
            httpx_client=self.http,
            auto_refresh_token=False,
            persist_session=False,
            postgrest_client_retry=False,
            realtime=_REALTIME,
        )
        return AsyncClient(self._url, self._key, options)


class _InLine(httpx.AsyncClient):
    """Sends a few requests at once; the others wait in line, and each in its turn.

    httpcore would look at every connection for each of them whenever one comes or goes: in a rush
    of hundreds that is most of the work.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Raises `PoolTimeout` to who stood in line for too long."""
        try:
            async with asyncio.timeout(_IN_LINE_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout("too many requests at once", request=request) from error
        try:
            return await super().send(request, **options)
        finally:
            self._places.release()


@contextlib.asynccontextmanager
async def open_http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The shared connections to the project at `url`, closed at the end of the block."""
    address = urlsplit(url)
    on_this_machine = address.hostname in {"127.0.0.1", "localhost", "::1"}
    async with _InLine(
        # Reading every certificate authority takes 50 ms, in vain where nothing is encrypted.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if address.scheme == "http" else True,
        timeout=_TIMEOUT,
        limits=_LIMITS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # A proxy from the environment is for the world outside.
        trust_env=not on_this_machine,
        follow_redirects=False,
    ) as http:
        yield http


@contextlib.asynccontextmanager
async def open_backend(settings: Settings) -> AsyncIterator[Backend]:
    """The project of the settings, reached with its public key."""
    async with open_http(settings.supabase_url) as http:
        yield Backend(settings.supabase_url, settings.supabase_anon_key, http)
