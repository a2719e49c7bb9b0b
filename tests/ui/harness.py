"""People in front of the app, without a browser: open it, look, tap, lose the network, return."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, ClassVar

import flet as ft
from flet.controls.context import _context_page, context
from flet.messaging.session import Session

from tests.ui.browser import Browser, is_closed

_PATIENCE = 20.0


class Visitor:
    """One person with one Flet session; sees only what their browser was sent."""

    opened: ClassVar[list["Visitor"]] = []

    def __init__(self, session: Session, browser: Browser, address: str) -> None:
        self.session = session
        self.browser = browser
        self.address = address
        # The line to the browser is dead, and nobody has noticed.
        self.deaf = False
        self.heard: list[bytes] = browser.frames
        # Where the browser was told to bring files.
        self.uploads: list[str] = []
        self.opened.append(self)

    @classmethod
    async def open(
        cls,
        begin: Callable[[ft.Page], None],
        *,
        route: str = "/",
        width: float = 390,
        memory: dict[str, Any] | None = None,
        device: dict[str, Any] | None = None,
        deaf: bool = False,
    ) -> "Visitor":
        """Register a browser `width` pixels wide, then run the app's `begin` as Flet does.

        `device` is what else it says about itself. A `deaf` one answers nothing.
        """
        browser = Browser({} if memory is None else memory)
        session = Session(browser)
        self = cls(session, browser, route)
        self.deaf = deaf

        async def start() -> None:
            _context_page.set(session.page)
            context.reset_auto_update()
            told = {"route": route, "web": True, "width": width, "height": 844}
            session.apply_page_patch({**told, **(device or {})})
            browser.begin(session.get_page_patch())
            begin(session.page)
            await session.after_event(session.page)

        await asyncio.create_task(start())
        await self.settle()
        return self

    @property
    def texts(self) -> list[str]:
        """Everything on this person's screen that is read or heard."""
        return self.browser.texts()

    def sees(self, text: str) -> bool:
        """Whether `text` is part of something on the screen (direction marks aside)."""
        return any(text in _plain(shown) for shown in self.texts)

    async def until(self, wanted: Callable[[], bool], what: str) -> None:
        """Wait until something is so; fails with what is on the screen instead."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not wanted():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"waited for {what}, on the screen: {self.texts}")
            await self.settle()
            await asyncio.sleep(0.005)

    async def until_sees(self, text: str) -> None:
        """Wait until `text` is on the screen."""
        await self.until(lambda: self.sees(text), repr(text))

    async def until_gone(self, text: str) -> None:
        """Wait until `text` is no longer on the screen."""
        await self.until(lambda: not self.sees(text), f"{text!r} to go")

    async def tap(self, text: str) -> None:
        """Tap what carries `text`: the innermost control around it that can be tapped."""
        await self.fire(self._around(text, "on_click"), "click", None)

    async def answer(self, text: str) -> None:
        """Tap what carries `text` in the sheet that asks something."""
        sheets = [node for node in self.browser.nodes() if node.get("_c") == "BottomSheet"]
        (sheet,) = (node for node in sheets if node.get("open"))
        await self.fire(self._around(text, "on_click", sheet), "click", None)

    async def type(self, label: str, text: str) -> None:
        """Fill the field of this name, as the browser reports it."""
        field = self._field(label)
        # The browser shows it, tells the new value, then that it changed.
        field["value"] = text
        self.session.apply_patch(field["_i"], {"value": text})
        await self.fire(field["_i"], "change", text)

    def written(self, label: str) -> str:
        """What stands in the field of this name."""
        return str(self._field(label).get("value", ""))

    def _field(self, label: str) -> dict[str, Any]:
        return next(
            node
            for node in self.browser.nodes()
            if node.get("_c") == "TextField" and _plain(node.get("label", "")) == label
        )

    async def go(self, label: str) -> None:
        """Choose a screen in the bar or rail."""
        for node in self.browser.nodes():
            places = node.get("destinations") or []
            names = [_plain(place.get("label", "")) for place in places]
            if label in names:
                await self.fire(node["_i"], "change", str(names.index(label)))
                return
        raise AssertionError(f"no {label!r} in a bar: {self.texts}")

    async def fire(self, control_id: int, event: str, data: object) -> None:
        """Send an event as the browser does, in a task of its own, and let it take effect."""
        handled = asyncio.create_task(self.session.dispatch_event(control_id, event, data))
        while not handled.done():
            await self.settle()
        await handled
        await self.settle()

    async def resize(self, width: float) -> None:
        """Turn the device, or pull the window."""
        await self.fire(self.session.page._i, "resize", {"width": width, "height": 844})

    async def show(self, state: str) -> None:
        """Another tab comes to the front ("hide"), or this one again ("show")."""
        page = self.session.page
        await self.fire(page._i, "app_lifecycle_state_change", {"state": state})

    async def lose_network(self) -> None:
        """The socket is gone; the session waits on the server."""
        await self.session.disconnect(60)

    async def return_(self) -> None:
        """A new socket for the same session, answered the way Flet's server answers it."""
        browser = Browser(self.browser.memory)
        browser.begin(self.session.page)
        self.heard = [*self.heard, *browser.frames]
        browser.frames = self.heard
        self.browser = browser
        self.session.attach_connection(browser)
        await asyncio.create_task(self.session.dispatch_connect_event())
        await self.settle()

    async def leave(self) -> None:
        """Close the tab, and let the server forget the session."""
        if self.session.connection is not None:
            await self.lose_network()
        self.session.close()
        await self.settle()

    @classmethod
    async def all_leave(cls) -> None:
        """The end of a test."""
        while cls.opened:
            await cls.opened.pop().leave()

    async def until_quiet(self, seconds: float = 0.3) -> None:
        """Until nothing was sent to the browser for so long, however busy the machine is."""
        heard = -1
        while heard != len(self.heard):
            heard = len(self.heard)
            await asyncio.sleep(seconds)
            await self.settle()

    async def settle(self) -> None:
        """Let the update loop run and answer what was asked of the browser."""
        for _ in range(12):
            await asyncio.sleep(0)
            while self.browser.calls and not self.deaf:
                await self._answer(*self.browser.calls.pop(0))

    async def _answer(self, control_id: int, call_id: str, name: str, args: dict[str, Any]) -> None:
        memory, answer = self.browser.memory, None
        if name == "push_route":
            self.address = args["route"]
            self.session.apply_page_patch({"route": self.address})
            event = self.session.dispatch_event(
                self.session.page._i, "route_change", {"route": self.address}
            )
            await asyncio.create_task(event)
        elif name == "get":
            answer = memory.get(args["key"])
        elif name == "upload":
            self.uploads += [file["upload_url"] for file in args["files"]]
        elif name == "set":
            memory[args["key"]] = args["value"]
            answer = True
        self.session.handle_invoke_method_results(control_id, call_id, answer, None)

    def _around(self, text: str, event: str, within: object = None) -> int:
        found: list[int] = []

        def look(value: object, chain: tuple[int, ...]) -> None:
            if isinstance(value, dict) and not is_closed(value):
                if "_i" in value and value.get(event):
                    chain = (*chain, value["_i"])
                for part in value.values():
                    if isinstance(part, str) and chain and text == _plain(part):
                        found.append(chain[-1])
                    look(part, chain)
            elif isinstance(value, list):
                for part in value:
                    look(part, chain)

        look(within or self.browser.tree, ())
        if not found:
            raise AssertionError(f"nothing to tap at {text!r}: {self.texts}")
        return found[0]


def _plain(text: str) -> str:
    return "".join(itertools.filterfalse("\u2068\u2069".__contains__, text))
