"""The same three figures of NiceGUI in the same minutes: the control of `tap`, `change` and `idle`.

It gets a virtual environment of its own, since nothing of ours needs it. Where it cannot be
installed the part says so and measures nothing.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.phone import Metered
from tests.bench.screens import cpu_ms
from tests.fixtures.run import Run, free_ports

_WANTED = "nicegui==3.18.0"
_APP = Path(__file__).with_name("nicegui_app.py")
_PAGES, _IDLE_PAGES, _ROUNDS = 20, 100, 15
_BUTTON = r'"(\d+)":\{{(?:(?!"\d+":).)*?"label":"{}"\}}(?:(?!"\d+":).)*?"listener_id":"([^"]+)"'


def nicegui(_: Run) -> dict[str, Any]:
    """Median processor time and most bytes of an act, and the memory of a page that waits."""
    try:
        python = _installed()
    except (OSError, subprocess.SubprocessError) as error:
        return {"skipped": f"{_WANTED} could not be installed: {type(error).__name__}"}
    with _served(python) as (process, port):
        return asyncio.run(_measured(process, port))


def _installed() -> Path:
    folder = Path(tempfile.gettempdir()) / f"handrail-{_WANTED}"
    python = folder / "bin" / "python"
    if not (folder / "done").exists():
        venv.create(folder, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", _WANTED],
            check=True,
            timeout=300,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        (folder / "done").touch()
    return python


@contextmanager
def _served(python: Path) -> Iterator[tuple[psutil.Process, int]]:
    (port,) = free_ports(1)
    app = subprocess.Popen(
        [python, _APP, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield psutil.Process(app.pid), port
    finally:
        app.kill()
        app.wait()


class _Page:
    """One browser tab."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket: ClientConnection | None = None
        self.there = asyncio.Event()
        self.heard = 0

    async def live(self, http: httpx.AsyncClient) -> None:
        html = (await http.get(f"http://127.0.0.1:{self._port}/")).text
        found = re.search(r"client_id': '([^']+)'", html)
        assert found
        self._client = found[1]
        self._buttons = {name: _button(html, name) for name in ("choose", "turn")}
        query = (
            f"EIO=4&transport=websocket&implicit_handshake=true&client_id={self._client}"
            f"&tab_id={uuid.uuid4()}&document_id={uuid.uuid4()}&next_message_id=0"
        )
        address = f"ws://127.0.0.1:{self._port}/_nicegui_ws/socket.io/?{query}"
        async with connect(address, create_connection=Metered, max_size=None) as socket:
            await socket.send("40")
            async for data in socket:
                if data == "2":
                    await socket.send("3")
                elif str(data).startswith("40"):
                    self.socket = socket
                    self.there.set()
                self.heard += 1

    async def answered(self, seen: int) -> None:
        """Waits until more than `seen` messages came."""
        while self.heard <= seen:  # noqa: ASYNC110  (a look now and then will do)
            await asyncio.sleep(0.02)

    async def press(self, name: str) -> None:
        assert self.socket
        number, listener = self._buttons[name]
        told = (
            f'{{"id":{number},"client_id":"{self._client}","listener_id":"{listener}","args":[]}}'
        )
        await self.socket.send(f'42["event",{told}]')


def _received(page: _Page) -> int:
    return page.socket.received if isinstance(page.socket, Metered) else 0


def _button(html: str, name: str) -> tuple[str, str]:
    found = re.search(_BUTTON.format(name), html)
    assert found
    return found[1], found[2]


async def _measured(process: psutil.Process, port: int) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=60) as http:
        warm, _ = await _opened(port, http, 5)
        before = process.memory_full_info().uss
        living, pages = await _opened(port, http, _IDLE_PAGES)
        await asyncio.sleep(5)
        grown = process.memory_full_info().uss - before
        few = pages[:_PAGES]
        tap = await _rounds(process, few, lambda page: page.press("choose"))
        change = await _rounds(process, few, lambda page: page.press("turn"))
        for task in [*warm, *living]:
            task.cancel()
        await asyncio.wait([*warm, *living])
    return {
        "tap": tap,
        "change": change,
        "kb_a_session": round(grown / _IDLE_PAGES / 1024, 1),
        "python": sys.version.split()[0],
    }


async def _opened(
    port: int, http: httpx.AsyncClient, count: int
) -> tuple[list[asyncio.Task[None]], list[_Page]]:
    pages = [_Page(port) for _ in range(count)]
    living = []
    for page in pages:
        living.append(asyncio.create_task(page.live(http)))
        await asyncio.wait_for(page.there.wait(), 60)
    return living, pages


async def _rounds(
    process: psutil.Process, pages: list[_Page], act: Callable[[_Page], Any]
) -> dict[str, Any]:
    samples = []
    for _ in range(_ROUNDS):
        before, got = cpu_ms(process), sum(_received(page) for page in pages)
        heard = [page.heard for page in pages]
        for page in pages:
            await act(page)
            await asyncio.sleep(0.05)
        async with asyncio.timeout(60):
            for page, seen in zip(pages, heard, strict=True):
                await page.answered(seen)
        await asyncio.sleep(0.5)
        received = sum(_received(page) for page in pages) - got
        samples.append(
            {
                "cpu_ms": round((cpu_ms(process) - before) / len(pages), 2),
                "bytes": round(received / len(pages)),
            }
        )
    return {
        "cpu_ms": statistics.median(each["cpu_ms"] for each in samples),
        "bytes": max(each["bytes"] for each in samples),
        "samples": samples,
    }
