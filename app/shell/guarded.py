"""A socket that protects what reads from it and what writes to it.

Flet is handed this in place of Starlette's: it sees clean frames only, never more than it can
take, and never an exception from sending. Whoever breaks the rules is closed with a code of their
own; everybody else goes on.
"""

import asyncio
import contextlib
from collections.abc import Callable, MutableMapping
from typing import Any, Never

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.shell import frames
from app.shell.codes import Close
from app.shell.frames import BadFrame, Frame
from app.shell.limits import Limits, TokenBucket

# A peer that does not read would keep us waiting with our goodbye too.
_GOODBYE_SECONDS = 2.0
# Two frames for each field of the fullest screen.
_MOST_TYPED = 100


class GuardedSocket(WebSocket):
    """One browser's socket.

    `allows` is asked about every frame after the first; what it refuses is dropped without a
    word, since a button may just have been taken away. `stirred` is called when the host page
    says that a person is there.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: Limits) -> None:
        super().__init__(scope, receive, send)
        self._limits = limits
        self._bucket = TokenBucket(limits.frames_per_second, limits.frames_burst)
        self._held: list[Frame] = []
        self.typed: list[Frame] = []
        self.drawn: int | None = None
        self._reading: asyncio.Future[MutableMapping[str, Any]] | None = None
        self._sending: set[asyncio.Timeout] = set()
        self._waiting = 0
        self._pong = asyncio.Event()
        self._goodbye: asyncio.Task[None] | None = None
        self.closed: Close | None = None
        self.allows: Callable[[Frame], bool] = lambda frame: True
        self.stirred: Callable[[], None] = lambda: None

    async def first(self, greeting: bytes = b"") -> Frame:
        """Accepts the socket, says `greeting` and waits for the frame that introduces the browser.

        A browser that takes up the session on its screen has `drawn` so many messages of it. Before
        that may only come what was typed while there was no connection; it is in `typed` then.
        Raises `WebSocketDisconnect` when it does not come in time or is anything else.
        """
        try:
            await super().accept()
        except OSError:
            # It left while we found out who it is.
            self.closed = Close.GONE
            raise WebSocketDisconnect from None
        if greeting:
            await self._send_or_shut(greeting)
        # Tells our host page that it is served, and not about to be sent away with a code.
        await self._send_or_shut(bytes([frames.PONG]))
        try:
            async with asyncio.timeout(self._limits.first_frame_seconds):
                while (frame := await self._frame()).types:
                    self.typed.append(frame)
                    if len(self.typed) > _MOST_TYPED:
                        await self._refuse(Close.NOT_ACCEPTABLE)
        except TimeoutError:
            await self._refuse(Close.TOO_SLOW)
        if frame.action != frames.REGISTER:
            await self._refuse(Close.NOT_ACCEPTABLE)
        self._held.append(frame)
        return frame

    def hold(self, frame: Frame) -> None:
        """Hands out this frame before any that is still to come."""
        self._held.append(frame)

    async def accept(self, *args: Any, **options: Any) -> None:
        """Flet accepts again what `first` accepted already; once is enough."""

    async def receive_bytes(self) -> bytes:
        """The next clean frame; raises `WebSocketDisconnect` at the end of the socket."""
        while self._held:
            frame = self._held.pop(0)
            if frame.action == frames.REGISTER or self.allows(frame):
                return frame.data
        while True:
            frame = await self._frame()
            if frame.action == frames.REGISTER:
                # A second introduction would make a second session nobody ever ends.
                await self._refuse(Close.NOT_ACCEPTABLE)
            if self.allows(frame):
                return frame.data

    def expect(self) -> None:
        """To be called for every message that will be sent; too many waiting end the socket."""
        self._waiting += 1
        if self._waiting > self._limits.frames_waiting:
            self.shut_soon(Close.TOO_SLOW)

    async def send_bytes(self, data: bytes) -> None:
        """Sends, or drops when the socket is over; a reader that never reads ends the socket."""
        self._waiting -= 1
        await self._send_or_shut(data)

    async def answers(self, seconds: float) -> bool:
        """Whether the browser at the other end is still there: asks, and waits for the answer."""
        self._pong.clear()
        await self._send_or_shut(bytes([frames.PING]))
        try:
            async with asyncio.timeout(seconds):
                await self._pong.wait()
        except TimeoutError:
            return False
        return True

    async def say(self, data: bytes) -> None:
        """A word to our host page, past Flet's client."""
        await self._send_or_shut(data)

    async def shut(self, code: Close) -> None:
        """Ends the socket, tells the browser why if it still listens, and wakes who waits on it."""
        self.shut_soon(code)
        if self._goodbye is not None:
            await asyncio.wait({self._goodbye})

    def shut_soon(self, code: Close) -> None:
        """The same as `shut` for callers that cannot wait."""
        if self.closed is not None:
            return
        self.closed = code
        if self._reading is not None:
            self._reading.cancel()
        for patience in self._sending:
            patience.reschedule(asyncio.get_running_loop().time())
        self._goodbye = asyncio.ensure_future(self._say_goodbye(code))

    async def _say_goodbye(self, code: Close) -> None:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await super().close(int(code), code.name.lower())

    async def _send_or_shut(self, data: bytes) -> None:
        if self.closed is not None:
            return
        try:
            async with asyncio.timeout(self._limits.send_seconds) as patience:
                self._sending.add(patience)
                try:
                    await super().send_bytes(data)
                finally:
                    self._sending.discard(patience)
        except TimeoutError:
            self.shut_soon(Close.TOO_SLOW)
        except Exception:
            # The trouble of one connection must never reach the session behind it.
            self.shut_soon(Close.GONE)

    async def _frame(self) -> Frame:
        while True:
            data = await self._data()
            if len(data) > self._limits.frame_bytes:
                await self._refuse(Close.TOO_BIG)
            if not self._bucket.take():
                await self._refuse(Close.NOT_ACCEPTABLE)
            match data:
                case b"":
                    continue
                case _ if data == bytes([frames.PING]):
                    await self._send_or_shut(bytes([frames.PONG]))
                case _ if data == bytes([frames.ACTIVE]):
                    self.stirred()
                case _ if data == bytes([frames.PONG]):
                    self._pong.set()
                case _:
                    try:
                        return self._read(data)
                    except BadFrame as error:
                        await self._refuse(error.code)

    def _read(self, data: bytes) -> Frame:
        if data[0] != frames.RESUME:
            return frames.read(data)
        frame, self.drawn = frames.resuming(data)
        return frame

    async def _data(self) -> bytes:
        if self.closed is not None:
            raise WebSocketDisconnect(int(self.closed))
        self._reading = asyncio.ensure_future(self.receive())
        try:
            message = await self._reading
        except asyncio.CancelledError:
            if self.closed is None:
                raise
            raise WebSocketDisconnect(int(self.closed)) from None
        finally:
            self._reading = None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        data = message.get("bytes")
        if data is None:
            await self._refuse(Close.NOT_UNDERSTOOD)
        return bytes(data)

    async def _refuse(self, code: Close) -> Never:
        await self.shut(code)
        raise WebSocketDisconnect(int(code))
