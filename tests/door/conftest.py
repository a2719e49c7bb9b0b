"""The door in front of the real local Supabase, behind the real gate, without a network."""

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from app.config import Settings
from app.core.auth import Devices
from app.core.bindings import Bindings
from app.core.http import Backend
from app.core.seal import Seal
from app.door.pages import door_routes
from app.door.photo import BODY_BYTES
from app.messages.files_web import BODY_BYTES as FILE_BYTES
from app.messages.files_web import attachment_routes
from app.reception import identify
from app.shell.cookies import device_cookie
from app.shell.gate import Gate, GateSettings
from tests.fixtures.people import QUICK, Coordinator

ORIGIN = "http://127.0.0.1:8550"
TOKEN = re.compile(r'name="token" value="([^"]*)"')
WISH = {"name": "Selam", "way": "passphrase", "passphrase": "four quiet blue boats"}


class Clock:
    """Counts the seconds between wrong tries; only a test moves it on."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Doorstep:
    """A browser in front of the door. `ended` are the devices whose sessions were closed."""

    browser: httpx.AsyncClient
    devices: Devices
    bindings: Bindings
    ended: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    async def sign_in(self, login: str, secret: str, **more: str) -> httpx.Response:
        """Open the sign-in page as a person does, and send its form."""
        form = {"token": await self.token("/signin"), "login": login, "secret": secret}
        return await self.browser.post("/signin", data={**form, **more})

    async def sign_out(self, **more: str) -> httpx.Response:
        form = {"token": await self.token("/signout"), **more}
        return await self.browser.post("/signout", data=form)

    async def token(self, path: str) -> str:
        """The token in the form of this page; the last one seen when the page shows no form."""
        found = TOKEN.search((await self.browser.get(path)).text)
        self.tokens[path] = found[1] if found else self.tokens.get(path, "")
        return self.tokens[path]

    async def join(self, code: str, **typed: str) -> httpx.Response:
        """Open the join page as a person does, and send its form with what was typed."""
        page = await self.browser.get(f"/join/{code}")
        return await self.send(page, code, **typed)

    async def send(self, page: httpx.Response, code: str, **typed: str) -> httpx.Response:
        """Send the form of a join page that was opened before."""
        token = TOKEN.search(page.text)
        form = {"code": code, "token": token[1] if token else "", "lang": "en", **WISH, **typed}
        return await self.browser.post("/join", data=form)

    async def home(self) -> httpx.Response:
        """A page that only somebody who is signed in may see."""
        return await self.browser.get("/")


@pytest_asyncio.fixture
async def doorstep(settings: Settings, backend: Backend, seal: Seal) -> AsyncIterator[Doorstep]:
    async with in_front_of(settings, backend, seal) as doorstep:
        yield doorstep


@pytest.fixture
def keyless(settings: Settings) -> Settings:
    """The settings of an installation that was given no secret key."""
    return replace(settings, supabase_secret_key=None)


@contextlib.asynccontextmanager
async def in_front_of(
    settings: Settings, backend: Backend, seal: Seal, address: str = "127.0.0.1"
) -> AsyncIterator[Doorstep]:
    """A browser of its own in front of the door, at this network address."""
    devices = Devices(backend, seal)
    cookie = device_cookie(ORIGIN)
    ended: list[str] = []
    clock, bindings = Clock(), Bindings(backend, settings.seal_keys, QUICK)

    async def end_sessions(cookie_hash: str) -> None:
        ended.append(cookie_hash)

    async def home(request: object) -> PlainTextResponse:
        return PlainTextResponse("home")

    routes = door_routes(settings, backend, devices, bindings, end_sessions, clock)
    router = Router([*routes, *attachment_routes(devices, seal), Route("/", home)])
    caps = GateSettings(frozenset({ORIGIN}), body_bytes={**BODY_BYTES, **FILE_BYTES})
    gate = Gate(router, caps, cookie, partial(identify, devices))
    transport = httpx.ASGITransport(gate, client=(address, 40000))
    headers = {"origin": ORIGIN, "accept-language": "en", "user-agent": "Firefox on Android"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
        yield Doorstep(browser, devices, bindings, ended, clock=clock)


@pytest.fixture
def amina(coordinator: Callable[[str], Awaitable[Coordinator]]) -> Awaitable[Coordinator]:
    """Somebody who may come in: `await amina`."""
    return coordinator("Amina")
