"""A whole small app out of the shell's pieces, on a real port: what `server.py` does, in short."""

import asyncio
import contextlib
import functools
import hashlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import flet as ft
import flet_web
import msgpack
import uvicorn
from flet.messaging.protocol import SessionCrashedBody
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, Router, WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from app.cli.web import server_config
from app.core.clock import SystemClock, utc_now
from app.core.ids import new_cookie
from app.safety.web import Help
from app.shell.cookies import Cookie, device_cookie
from app.shell.engine import Engine
from app.shell.frames import EVENT, REGISTER, UPDATE
from app.shell.gate import Gate, GateSettings
from app.shell.health import Health, heard_within
from app.shell.limits import Limits
from app.shell.socket import Sockets, current_identity
from app.shell.static import ASSETS, AppPages, small_files
from app.shell.visit import Identity, visit_of
from app.shell.warming import warming_routes

WEB = Path(flet_web.__file__).parent / "web"
AGENT = "Mozilla/5.0 (a phone)"


@dataclass
class People:
    """The devices that are signed in: what the database knows in the real app."""

    by_cookie: dict[str, Identity] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    stirred: list[str] = field(default_factory=list)
    minutes: int = 5

    def sign_in(self, name: str, **identity: Any) -> str:
        cookie, person = new_cookie(), uuid4()
        self.names[person] = name
        self.by_cookie[cookie] = Identity(cookie_hash(cookie), person, **identity)
        return cookie

    async def identify(self, cookie: str) -> Identity | None:
        found = self.by_cookie.get(cookie)
        return found and replace(found, locked=found.cookie_hash in self.locked)

    async def lock(self, cookie: str) -> None:
        self.locked.add(cookie_hash(cookie))

    def seems_locked(self, cookie_hash: str) -> bool:
        return cookie_hash in self.locked

    def lock_minutes(self, cookie_hash: str) -> int | None:
        return self.minutes

    def stir(self, cookie_hash: str) -> None:
        self.stirred.append(cookie_hash)


def cookie_hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


@dataclass
class Running:
    """The app on its port."""

    port: int
    people: People
    sockets: Sockets
    engine: Engine
    health: Health
    cookie: Cookie
    gate: Gate
    events: list[str]
    pages: dict[str, ft.Page]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self, cookie: str | None, **more: str) -> dict[str, str]:
        given = {"user-agent": AGENT, "origin": self.origin}
        if cookie:
            given["cookie"] = f"{self.cookie.name}={cookie}"
        return {**given, **more}

    @contextlib.asynccontextmanager
    async def browser(
        self, cookie: str | None, *, compression: str | None = None, **headers: str
    ) -> AsyncIterator[ClientConnection]:
        """A socket with nothing said on it yet."""
        sent = self.headers(cookie, **headers)
        origin, agent = sent.pop("origin"), sent.pop("user-agent")
        url = f"ws://127.0.0.1:{self.port}/ws"
        async with connect(
            url,
            origin=Origin(origin),
            user_agent_header=agent,
            additional_headers=sent,
            max_size=None,
            compression=compression,
        ) as socket_:
            yield socket_


class WrittenOut(SessionCrashedBody):
    """Counts how often somebody wants its text."""

    times = 0

    def __repr__(self) -> str:
        self.times += 1
        return ""


def say(action: object, body: object) -> bytes:
    """A frame as Flet's client writes it."""
    return b"\x00" + bytes(msgpack.packb([action, body]))


def hello(session_id: str = "", **page: object) -> bytes:
    described = {"route": "/", "web": True, "pwa": False, **page}
    return say(REGISTER, {"session_id": session_id, "page_name": "", "page": described})


def event(target: int, name: str, data: object = None) -> bytes:
    return say(EVENT, {"target": target, "name": name, "data": data})


def update(target: int, **props: object) -> bytes:
    return say(UPDATE, {"id": target, "props": props})


async def heard(browser: ClientConnection, seconds: float = 15) -> tuple[int, Any]:
    """The next frame of the drawing protocol, as (action, body)."""
    async with asyncio.timeout(seconds):
        while True:
            data = await browser.recv()
            if isinstance(data, bytes) and data[:1] == b"\x00":
                unpacked = msgpack.unpackb(
                    data[1:], strict_map_key=False, ext_hook=lambda code, raw: raw
                )
                return unpacked[0], unpacked[1]


async def registered(
    browser: ClientConnection, session_id: str = "", **page: object
) -> tuple[str, str]:
    """Introduces the browser; returns the session's id and all that was drawn, as text."""
    await browser.send(hello(session_id, **page))
    _, body = await heard(browser)
    drawn = repr(body)
    if session_id != body["session_id"]:
        _, patch = await heard(browser)
        drawn += repr(patch)
    return body["session_id"], drawn


async def closed_with(browser: ClientConnection, seconds: float = 15) -> int | None:
    """Reads to the end and returns the close code."""
    async with asyncio.timeout(seconds):
        with contextlib.suppress(Exception):
            while True:
                await browser.recv()
    return browser.close_code


def _routes(events: list[str]) -> list[Route]:
    async def fail(request: Request) -> Response:
        raise ValueError("the diary of Amber")

    async def half(request: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            yield b"begin"
            raise ValueError("the diary of Amber")

        return StreamingResponse(body())

    async def take(request: Request) -> Response:
        body = await request.body()
        events.append(f"took {len(body)}")
        return PlainTextResponse(str(len(body)))

    async def whoami(request: Request) -> Response:
        visit = visit_of(request.scope)
        identity = await visit.identity()
        person = str(identity.person_id) if identity else None
        return JSONResponse({"address": visit.address, "person": person})

    return [
        Route("/fail", fail),
        Route("/half", half),
        Route("/take", take, methods=["POST"]),
        Route("/whoami", whoami),
    ]


@functools.cache
def _engine() -> Engine:
    """One for all tests: it never changes, and reads 40 MB to make its hash."""
    return Engine(WEB, ASSETS)


@contextlib.asynccontextmanager
async def running(
    limits: Limits | None = None,
    *,
    engine: Engine | None = None,
    proxies: tuple[str, ...] = (),
    session_timeout_seconds: int = 60,
    people: People | None = None,
    port: int = 0,
    patience: float = 10.0,
) -> AsyncIterator[Running]:
    """The small app, served by uvicorn on this port or a free one until the block ends."""
    people, events, pages = people or People(), [], {}
    limits = limits or Limits()

    async def main(page: ft.Page) -> None:
        identity = current_identity()
        name = people.names[identity.person_id]
        pages[page.session.id] = page
        page.on_connect = lambda: events.append("reattached")
        page.on_route_change = lambda e: events.append(f"{name} route {e.route}")

        def tapped() -> None:
            events.append(f"{name} tapped")

        def wrote(event: ft.Event[ft.TextField]) -> None:
            events.append(f"{name} wrote {event.control.value}")

        def failing() -> None:
            raise ValueError("the diary of Amber")

        page.add(
            ft.Text(f"Hi {name}"),
            ft.TextField(label="note", on_change=wrote),
            ft.Button("tap", on_click=tapped),
            ft.Button("locked", on_click=tapped, disabled=True),
            ft.Column([ft.Button("hidden", on_click=tapped)], visible=False),
            ft.Button("fail", on_click=failing),
        )

    listening = socket.create_server(("127.0.0.1", port))
    port = listening.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    engine = engine or _engine()
    host_pages = AppPages(engine, known=lambda path: path in {"/", "/plan"})
    clock = SystemClock()
    health = Health({"hints": heard_within(lambda: utc_now(), 90, clock)}, clock)
    sockets = Sockets(
        main,
        presence=people,
        crash_words=lambda identity: "Something went wrong.",
        build=host_pages.build,
        session_timeout_seconds=session_timeout_seconds,
        limits=limits,
    )
    help_pages = Help()
    router = Router(
        [
            WebSocketRoute("/ws", sockets),
            engine.route(),
            *help_pages.routes(),
            *warming_routes(engine, help_pages.kept, patience=patience),
            *health.routes(),
            *small_files(),
            *_routes(events),
        ],
        default=host_pages,
        redirect_slashes=False,
    )
    cookie = device_cookie(origin)
    gate = Gate(
        router,
        GateSettings(frozenset({origin}), proxies=proxies, limits=limits),
        cookie,
        people.identify,
        lock=people.lock,
    )
    config = server_config(gate)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await sockets.start()
    await server.startup([listening])
    try:
        yield Running(port, people, sockets, engine, health, cookie, gate, events, pages)
    finally:
        await sockets.stop()
        await server.shutdown([listening])
