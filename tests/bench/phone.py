"""A phone that speaks the drawing protocol as the browser does: no drawing, all of the talking."""

import asyncio
import contextlib
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from app.shell.codes import Close
from app.shell.cookies import device_cookie
from app.shell.frames import EVENT, PING, PONG, PROTOCOL, REGISTER, RESULT, UPDATE
from tests.bench.crowd import Device

# As in app/shell/templates/socket.js.
_FIRST_WAIT, _LONGEST_WAIT, _RESTART_SPREAD = 0.5, 10.0, 4.0
_INVOKE = 5
# Flet draws what one tap changes in several frames; then it is quiet.
_QUIET = 0.25
_MEDIA = {
    "padding": {"left": 0, "top": 0, "right": 0, "bottom": 0},
    "view_padding": {"left": 0, "top": 0, "right": 0, "bottom": 0},
    "view_insets": {"left": 0, "top": 0, "right": 0, "bottom": 0},
    "device_pixel_ratio": 2.0,
    "orientation": "portrait",
}
_PAGE = {
    "route": "/",
    "web": True,
    "pwa": False,
    "wasm": True,
    "platform": "android",
    "platform_brightness": "light",
    "width": 390.0,
    "height": 844.0,
    "media": _MEDIA,
}


class Metered(ClientConnection):
    """Counts what comes over the wire, as it was compressed."""

    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


@dataclass
class Phone:
    """One browser tab of a signed-in device. `port` is where the app answers.

    `controls` holds what was drawn since the socket was opened, also what is gone by now.
    """

    port: int
    device: Device
    session_id: str = ""
    opened_at: float = 0.0
    frames: int = 0
    acts: int = 0
    drawn_at: float = 0.0
    closed: list[int] = field(default_factory=list)
    controls: dict[int, dict[str, Any]] = field(default_factory=dict)
    _socket: Metered | None = None
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """Stays connected by the waiting rule of the browser's own script, until sent away."""
        wait, tries = 0.0, 0
        while True:
            await asyncio.sleep(wait)
            try:
                async with self._dial() as socket:
                    await self._hello(socket)
                    tries = 0
                    await self._listen(socket)
            except (OSError, InvalidHandshake, InvalidMessage, TimeoutError, EOFError):
                wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * (0.5 + random.random() / 2)
                tries += 1
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
                self.closed.append(code)
                if code in (Close.SIGNED_OUT, Close.LOCKED):
                    return
                if self.opened_at:
                    wait = random.random() * _RESTART_SPREAD if code == Close.RESTARTING else 0.0
                else:
                    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * (0.5 + random.random() / 2)
                    tries += 1
            self._socket, self.opened_at = None, 0.0
            self.controls.clear()
            self._heard.set()

    @property
    def received(self) -> int:
        """Bytes on the wire since the socket was opened."""
        return self._socket.received if self._socket else 0

    def ready(self) -> bool:
        """Whether the first screen stands: its greeting, and the bar below it."""
        greeted = any("Hello" in str(each.get("value")) for each in self.controls.values())
        return greeted and self.newest("NavigationBar") is not None

    async def has(self, wanted: Callable[[], object], seconds: float = 240) -> None:
        """Waits until something is on the screen."""
        async with asyncio.timeout(seconds):
            while not wanted():
                self._heard.clear()
                await self._heard.wait()

    async def answered(self, seen: int, seconds: float = 240) -> None:
        """Waits until more than `seen` frames came, and then until nothing more is drawn."""
        await self.has(lambda: self.frames > seen, seconds)
        await self.quiet()

    async def gone(self) -> None:
        """Waits until the phone has noticed that nobody serves it any more."""
        await self.has(lambda: not self.opened_at)

    async def quiet(self) -> None:
        """Waits until nothing more is drawn."""
        left = self.drawn_at + _QUIET - time.perf_counter()
        if left > 0:
            await asyncio.sleep(left)
            await self.quiet()

    def named(self, text: str, kind: str | None = None) -> int | None:
        """The number of the newest control with that text, or None."""
        for number, control in reversed(self.controls.items()):
            words = (control.get("content"), control.get("value"), control.get("label"))
            if text in words and kind in (None, control.get("_c")):
                return number
        return None

    async def press(self, pattern: str, wanted: str) -> None:
        """Taps what has such words in it until other words appear, as a person would: a tap is
        lost when what it hits is just being drawn anew."""
        for _ in range(5):
            await self.has(lambda: self.clickable(pattern))
            await self.quiet()
            await self.event(self.clickable(pattern)[0], "click")
            with contextlib.suppress(TimeoutError):
                return await self.has(lambda: self.named(wanted) is not None, 5)
        raise TimeoutError(wanted)

    def clickable(self, pattern: str) -> list[int]:
        """The numbers of what can be tapped and has such words in it, the newest first."""
        return [
            number
            for number, control in reversed(self.controls.items())
            if control.get("on_click") and any(map(re.compile(pattern).search, _words(control)))
        ]

    def newest(self, kind: str) -> int | None:
        """The number of the newest control of a kind."""
        of_kind = (each for each in reversed(self.controls.values()) if each.get("_c") == kind)
        return next((int(each["_i"]) for each in of_kind), None)

    async def event(self, target: int, name: str, data: object = None) -> None:
        """Something that a person does."""
        await self._say(EVENT, {"target": target, "name": name, "data": data})

    async def turn(self, tab: int) -> None:
        """Goes to one of the main screens by the bar at the bottom."""
        bar = self.newest("NavigationBar")
        if bar is None:
            raise LookupError("no bar on the screen")
        await self.event(bar, "change", str(tab))

    async def go(self, route: str) -> None:
        """Opens an address, as the browser's own back button does."""
        await self._say(UPDATE, {"id": 1, "props": {"route": route}})
        await self.event(1, "route_change", {"route": route})

    @contextlib.asynccontextmanager
    async def _dial(self) -> Any:
        origin = f"http://127.0.0.1:{self.port}"
        name = device_cookie(origin).name
        async with connect(
            f"ws://127.0.0.1:{self.port}/ws?",
            origin=Origin(origin),
            additional_headers={"cookie": f"{name}={self.device.cookie}"},
            create_connection=Metered,
            local_addr=(self.device.address, 0),
            max_size=None,
            open_timeout=30,
            ping_interval=None,
            close_timeout=1,
        ) as socket:
            yield socket

    async def _hello(self, socket: Metered) -> None:
        async with asyncio.timeout(30):
            while (await socket.recv()) != bytes([PONG]):
                pass
        self._socket = socket
        introduced = {"session_id": self.session_id, "page_name": "", "page": _PAGE}
        await self._say(REGISTER, introduced)
        self.opened_at = time.perf_counter()

    async def _listen(self, socket: Metered) -> None:
        async for data in socket:
            if not isinstance(data, bytes) or data[0] != PROTOCOL:
                if data == bytes([PING]):
                    await socket.send(bytes([PONG]))
                continue
            action, body = msgpack.unpackb(
                data[1:], strict_map_key=False, ext_hook=lambda code, raw: raw
            )
            if action == REGISTER:
                self.session_id = body["session_id"]
            self.frames += 1
            self._learn(body)
            self.drawn_at = time.perf_counter()
            self._heard.set()
            if action == _INVOKE:
                await self._obey(body)
        raise socket.protocol.close_exc

    async def _obey(self, call: dict[str, Any]) -> None:
        route = call["args"]["route"] if call["name"] == "push_route" else None
        answer = {key: call[key] for key in ("control_id", "call_id")}
        await self._say(RESULT, {**answer, "result": None, "error": None})
        if route is not None:
            await self.go(route)

    def _learn(self, part: object) -> None:
        if isinstance(part, dict):
            if "_i" in part and "_c" in part:
                self.controls.pop(part["_i"], None)
                self.controls[part["_i"]] = part
            for each in part.values():
                self._learn(each)
        elif isinstance(part, list):
            for each in part:
                self._learn(each)

    async def _say(self, action: int, body: object) -> None:
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(bytes([PROTOCOL]) + msgpack.packb([action, body]))


def _words(part: object) -> list[str]:
    """Every text in a control and what it holds."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        return [word for each in part.values() for word in _words(each)]
    return [word for each in part for word in _words(each)] if isinstance(part, list) else []
