"""One client's connection: reads its frames one by one, sends what its outbox holds."""

import asyncio
import contextlib
import logging
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.local.db import RequestInfo
from app.local.realtime import messages
from app.local.realtime.channels import Channels
from app.local.realtime.limits import Allowance
from app.local.realtime.messages import BadFrame
from app.local.realtime.outbox import Outbox
from app.local.realtime.service import Realtime

_log = logging.getLogger(__name__)

_FAREWELL_SECONDS = 2
_GONE = 0


class Socket:
    """Runs one WebSocket until either side ends it. A client that misbehaves loses its own
    connection, with a code that says why:

    1000 silent for too long · 1003 binary frame · 1007 not a Phoenix message · 1008 too many
    frames · 1009 frame too large · 1012 the database restarted · 1013 reads too slowly.
    """

    def __init__(self, websocket: WebSocket, realtime: Realtime, key: str) -> None:
        limits = realtime.limits
        self._websocket = websocket
        self._realtime = realtime
        self._limits = limits
        self._outbox = Outbox(frames=limits.waiting_frames, size=limits.waiting_bytes)
        self._allowance = Allowance(limits.frames_burst, limits.frames_per_second)
        self._end: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._channels = Channels(realtime, self._push, self.close, key, _about(websocket))

    def close(self, code: int, reason: str) -> None:
        """End the connection soon; the first reason counts."""
        if not self._end.done():
            self._end.set_result((code, reason))

    async def run(self) -> None:
        async with self._realtime.connected(self):
            await self._websocket.accept()
            reading = asyncio.create_task(self._read())
            sending = asyncio.create_task(self._send())
            ends: set[asyncio.Future[Any]] = {reading, sending, self._end}
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._channels.leave_all()
                await _stop(sending)
                await _stop(reading)
            await self._say_goodbye()

    def _push(self, frame: str) -> None:
        if not self._outbox.put(frame):
            self.close(1013, "reads too slowly")

    async def _read(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._limits.idle):
                    message = await self._websocket.receive()
            except TimeoutError:
                return self.close(1000, "no heartbeat")
            if message["type"] == "websocket.disconnect":
                return self.close(_GONE, "gone")
            text = message.get("text")
            if text is None:
                return self.close(1003, "text frames only")
            if len(text) > self._limits.frame:
                return self.close(1009, "frame too large")
            if not self._allowance.take():
                return self.close(1008, "too many frames")
            try:
                await self._channels.handle(messages.parse(text))
            except BadFrame as error:
                return self.close(1007, str(error))

    async def _send(self) -> None:
        while True:
            frame = await self._outbox.get()
            try:
                await self._websocket.send_text(frame)
            except (WebSocketDisconnect, RuntimeError):
                return self.close(_GONE, "gone")

    async def _say_goodbye(self) -> None:
        code, reason = self._end.result() if self._end.done() else (1011, "failed")
        if code == _GONE:
            return
        with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                for frame in self._outbox.take_all() if code != 1013 else ():
                    await self._websocket.send_text(frame)
                await self._websocket.close(code, reason)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    except Exception:
        _log.exception("a realtime connection failed")


def _about(websocket: WebSocket) -> RequestInfo:
    path = websocket.scope.get("raw_path", b"").decode("ascii", "replace")
    hidden = ("cookie", "authorization", "apikey")
    headers = {name: value for name, value in websocket.headers.items() if name not in hidden}
    return RequestInfo("GET", path, headers)
