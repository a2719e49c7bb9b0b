"""One socket as Flet sees it, and what it may do to the session behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol
from weakref import WeakKeyDictionary

import flet_web.fastapi as flet_fastapi
from flet.controls.page import Page
from flet.messaging.protocol import Message, MessageAction, SessionCrashedBody
from flet.messaging.session import Session
from flet_web.fastapi.flet_app import FletApp

from app.core.logs import get_log, log_context
from app.shell.codes import Close
from app.shell.frames import EVENT, LOCK_MINUTES, Frame
from app.shell.guarded import GuardedSocket
from app.shell.visit import Identity

Main = Callable[[Page], Awaitable[None]]
"""What fills a new session's page. `current_identity()` inside it says whose it is."""

_LEAVE_SECONDS = 5.0


class Presence(Protocol):
    """What is known of the people in front of the devices, by cookie hash."""

    def seems_locked(self, cookie_hash: str) -> bool: ...
    def stir(self, cookie_hash: str) -> None: ...
    def lock_minutes(self, cookie_hash: str) -> int | None: ...


class Host(Protocol):
    """What a link needs of the endpoint that serves it."""

    main: Main
    session_timeout_seconds: int
    presence: Presence
    crash_words: Callable[[Identity], str]
    heard_at: float
    told: WeakKeyDictionary[object, int]
    """How many messages each session has sent since it last sent its whole screen."""

    def registered(self, link: "Link") -> None: ...


class _Unwritten(Message):
    """A message whose text for the log is short: Flet makes it for every message, also where
    nobody reads that log, and for a whole screen that takes a tenth of its time."""

    __repr__ = object.__repr__


class Link(FletApp):
    """One socket and the Flet session behind it.

    Two names of Flet are private and used here (`session`, `get_unique_session_id`); a test fails
    when they change.
    """

    def __init__(self, sockets: Host, socket: GuardedSocket, identity: Identity) -> None:
        super().__init__(
            asyncio.get_running_loop(),
            flet_fastapi.app_manager.executor,
            sockets.main,
            None,
            session_timeout_seconds=sockets.session_timeout_seconds,
        )
        self.identity = identity
        self.socket = socket
        self.done = asyncio.Event()
        self._told_minutes: int | None = None
        self._sockets = sockets

    @property
    def session(self) -> Session | None:
        found: Session | None = vars(self)["_FletApp__session"]
        return found

    def key(self, session_id: str) -> str:
        """The name under which Flet keeps a session of this browser and sign-in."""
        made: str = vars(FletApp)["_FletApp__get_unique_session_id"](self, session_id)
        return made

    def send_message(self, message: Message) -> None:
        """Flet's way out to the browser: tracebacks stay here, and nothing piles up."""
        drawn_already = self._count(message)
        if self.socket.closed is not None:
            return
        if message.action is MessageAction.SESSION_CRASHED:
            words = self._sockets.crash_words(self.identity)
            message = Message(message.action, SessionCrashedBody(words))
            with log_context(cookie_hash=self.identity.cookie_hash):
                get_log().error("session_crashed")
        elif message.action is MessageAction.REGISTER_CLIENT:
            self._sockets.heard_at = self.loop.time()
            self._sockets.registered(self)
            if drawn_already:
                return
        self.socket.expect()
        super().send_message(_Unwritten(message.action, message.body))

    def _count(self, message: Message) -> bool:
        """Keeps count of what the session says, also of what gets lost on the way.

        True if it is about to send its whole screen to a browser that has all of it: drawing a
        screen over itself takes Flet's client half a minute of a phone's time.
        """
        if self.session is None:
            return False
        told = self._sockets.told.get(self.session, 0)
        whole = message.action is MessageAction.REGISTER_CLIENT
        if whole and self.socket.drawn == told:
            return True
        self._sockets.told[self.session] = 0 if whole else told + 1
        return False

    def allows(self, frame: Frame) -> bool:
        """Whether an event may reach its control: not when it is hidden or disabled, and none
        when the device's time was over before it came."""
        self._sockets.heard_at = self.loop.time()
        if self._sockets.presence.seems_locked(self.identity.cookie_hash):
            self.socket.shut_soon(Close.LOCKED)
            return False
        if frame.action != EVENT or self.session is None:
            return True
        if frame.by_a_person:
            self.stirred()
        control = self.session.index.get(frame.body["target"])
        while control is not None:
            if getattr(control, "disabled", False) or not getattr(control, "visible", True):
                return False
            control = control.parent
        return True

    def stirred(self) -> None:
        """A person is there: touched the screen, typed, or used a control."""
        self._sockets.presence.stir(self.identity.cookie_hash)

    async def tell_lock(self) -> None:
        """Tells the host page after how many idle minutes it has to cover the screen, if that is
        news to it."""
        minutes = self._sockets.presence.lock_minutes(self.identity.cookie_hash)
        if minutes is not None and minutes != self._told_minutes:
            self._told_minutes = minutes
            await self.socket.say(bytes([LOCK_MINUTES, minutes]))

    async def run(self) -> None:
        """Serves the socket to its end and leaves the session ready for the next one."""
        self.socket.allows = self.allows
        self.socket.stirred = self.stirred
        await self.tell_lock()
        try:
            await self.handle(self.socket)
        finally:
            await self.socket.shut(Close.NOT_ACCEPTABLE)
            self.done.set()

    async def leave(self, code: Close) -> None:
        """Closes the socket and waits until its session is free."""
        await self.socket.shut(code)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.done.wait(), _LEAVE_SECONDS)
