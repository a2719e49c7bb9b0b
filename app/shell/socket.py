"""Flet behind the gate: one `Sockets` per process serves `/ws`.

Flet itself does the drawing protocol; what is added here is that a session belongs to one
sign-in, that it ends when the sign-in ends, and that no socket can harm another one.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

import flet_web.fastapi as flet_fastapi
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.core.clock import SystemClock, utc_now
from app.core.collector import Collector
from app.core.ids import device_mark
from app.shell.codes import Close
from app.shell.frames import GREETING, UPDATE
from app.shell.guarded import GuardedSocket
from app.shell.limits import Limits
from app.shell.link import Link, Main, Presence
from app.shell.sessions import DeviceSessions, Owned
from app.shell.visit import Identity, current_identity

__all__ = ["Counts", "Sockets", "current_identity"]

# How long a socket of the same tab has to show that it is still alive when a new one comes.
_PROBE_SECONDS = 1.5
# Cookie values are never used twice, so a device that was closed stays closed.
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Counts:
    """For the metrics: what is open now, and since the start how many sessions ended, how many
    seconds the collector's longest walk took, and how sockets were closed by us."""

    sockets: int
    sessions: int
    devices: int
    ended: int
    longest_walk: float
    closed: dict[str, int]


class Sockets:
    """The endpoint of `/ws` (an ASGI app for `WebSocketRoute`) and the sessions behind it.

    `heard_at` is when a browser last said something, in the loop's time.

    `main` fills a new session's page. `presence` knows which devices are locked and hears of what
    people do. `build` names what the host pages of this process are made of: a page of another
    build opens itself anew. `crash_words` gives the sentence a person reads when a handler failed
    and nothing else told them.
    """

    def __init__(
        self,
        main: Main,
        *,
        presence: Presence,
        crash_words: Callable[[Identity], str],
        build: str = "",
        session_timeout_seconds: int = 900,
        limits: Limits | None = None,
    ) -> None:
        self.main = main
        self.presence = presence
        self.crash_words = crash_words
        self._build = build
        self.session_timeout_seconds = session_timeout_seconds
        self._limits = limits or Limits()
        self._links: set[Link] = set()
        self.told: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._sessions = DeviceSessions()
        self._gone: dict[str, None] = {}
        self._closed: Counter[str] = Counter()
        self._draining = False
        self.heard_at = 0.0
        self._collector = Collector(
            SystemClock(), heard_at=lambda: self.heard_at, ended=lambda: self._sessions.ended
        )
        self._collecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """To be called once in the app's lifespan, before the first socket."""
        await flet_fastapi.app_manager.start()
        self._collecting = asyncio.create_task(self._collector.keep_looking())

    async def stop(self) -> None:
        """Ends every socket and session of this process."""
        if self._collecting is not None:
            self._collecting.cancel()
        await self.drain(0)
        for device in self._sessions.devices():
            await self._end(self._sessions.take_all(device))
        await flet_fastapi.app_manager.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        identity = current_identity()
        socket = GuardedSocket(scope, receive, send, self._limits)
        try:
            frame = await socket.first(self._greeting(identity))
            await self._make_room(identity, frame.body["session_id"])
            refused = self._refusal(identity)
            if refused is None:
                refused = self._catch_up(identity, frame.body["session_id"], socket)
            if refused is None:
                await self._serve(Link(self, socket, identity))
            else:
                await socket.shut(refused)
        except WebSocketDisconnect:
            return
        finally:
            if socket.closed is not None:
                self._closed[socket.closed.name.lower()] += 1

    def registered(self, link: Link) -> None:
        """A browser got its session: a new one, or the one it had."""
        if (session := link.session) is not None:
            owned = Owned(link.key(session.id), session, link.identity.person_id)
            self._sessions.keep(link.identity.cookie_hash, owned)

    async def close_device(self, cookie_hash: str, code: Close = Close.SIGNED_OUT) -> None:
        """The device is signed out, or locked: its sockets close with `code` and its sessions
        end, now.

        A socket that is just being opened with the same cookie is closed as well.
        """
        if code is Close.SIGNED_OUT:
            self._gone[cookie_hash] = None
            if len(self._gone) > _REMEMBERED:
                self._gone.pop(next(iter(self._gone)))
        links = [link for link in self._links if link.identity.cookie_hash == cookie_hash]
        for link in links:
            link.socket.shut_soon(code)
        await self._end(self._sessions.take_all(cookie_hash))
        await asyncio.gather(*(link.leave(code) for link in links))

    async def tell_lock(self, cookie_hash: str) -> None:
        """Tells the pages of a device when its time has changed."""
        links = [link for link in self._links if link.identity.cookie_hash == cookie_hash]
        await asyncio.gather(*(link.tell_lock() for link in links))

    async def drain(self, seconds: float) -> None:
        """Takes no new sockets and closes the open ones with 1012, spread over `seconds`."""
        self._draining = True

        async def leave(link: Link) -> None:
            await asyncio.sleep(seconds * random.SystemRandom().random())
            await link.leave(Close.RESTARTING)

        await asyncio.gather(*(leave(link) for link in list(self._links)))

    def devices(self, person_id: UUID | None = None) -> list[str]:
        """The devices (cookie hashes) that have a session here: of one person, or all."""
        if person_id is None:
            return self._sessions.devices()
        return self._sessions.devices_of(person_id)

    def counts(self) -> Counts:
        """What is open at this moment."""
        return Counts(
            sockets=len(self._links),
            sessions=sum(1 for _ in self._sessions),
            devices=len({link.identity.cookie_hash for link in self._links}),
            ended=self._sessions.ended,
            longest_walk=self._collector.longest,
            closed=dict(self._closed),
        )

    def _greeting(self, identity: Identity) -> bytes:
        """What build this is, and a mark by which a page knows that the same sign-in came back."""
        mark = device_mark(identity.cookie_hash)
        return bytes([GREETING]) + f"{self._build}.{mark}".encode()

    def _refusal(self, identity: Identity) -> Close | None:
        if self._draining:
            return Close.RESTARTING
        if identity.cookie_hash in self._gone:
            return Close.SIGNED_OUT
        return Close.LOCKED if self.presence.seems_locked(identity.cookie_hash) else None

    async def _serve(self, link: Link) -> None:
        expiry: asyncio.TimerHandle | None = None
        if (expires_at := link.identity.expires_at) is not None:
            seconds = (expires_at - utc_now()).total_seconds()
            expiry = link.loop.call_later(seconds, link.socket.shut_soon, Close.SIGNED_OUT)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)
            if expiry is not None:
                expiry.cancel()
            device = link.identity.cookie_hash
            link.loop.call_later(
                self.session_timeout_seconds + 1,
                self._sessions.take_dead,
                device,
                # This task's own has the page in it, and would keep it all that time.
                context=Context(),
            )
            if link.socket.closed in (Close.SIGNED_OUT, Close.LOCKED):
                await self._end(self._sessions.take_all(device))

    async def _make_room(self, identity: Identity, session_id: str) -> None:
        """Before Flet looks for the session: what stands in the way of finding it, goes."""
        device = identity.cookie_hash
        found = self._sessions.find(device, session_id)
        if found is not None and found.owner != identity.person_id:
            self._sessions.take(device, session_id)
            await self._end([found])
        elif found is not None and isinstance(found.session.connection, Link):
            # The same tab came back before its old connection was noticed to be dead. A
            # duplicated tab names the same session too: there the old socket answers and stays.
            old = found.session.connection
            if not await old.socket.answers(_PROBE_SECONDS):
                await old.leave(Close.GONE)
        for surplus in self._sessions.surplus(device, self._limits.sessions_per_device - 1):
            if surplus.session.id != session_id:
                self._sessions.take(device, surplus.session.id)
                await self._end([surplus])

    def _catch_up(self, identity: Identity, session_id: str, socket: GuardedSocket) -> Close | None:
        """What was typed without a connection is in its fields before they are drawn again.

        In another session the same numbers would be other fields.
        """
        found = self._sessions.find(identity.cookie_hash, session_id)
        if found is None or found.session.connection is not None:
            return None if socket.drawn is None else Close.NO_SESSION
        for frame in socket.typed:
            if frame.action == UPDATE:
                found.session.apply_patch(frame.body["id"], frame.body["props"])
            else:
                socket.hold(frame)
        return None

    async def _end(self, sessions: Iterable[Owned]) -> None:
        for owned in sessions:
            await flet_fastapi.app_manager.delete_session(owned.key)
