"""One who wants everything, and somebody beside them who only wants to tap."""

import asyncio
import base64
import contextlib
import os
import statistics
import struct
import time
from collections.abc import AsyncIterator

import pytest
from websockets.exceptions import ConnectionClosed

from app.shell.codes import Close
from app.shell.frames import PONG
from app.shell.limits import Limits
from app.shell.visit import Identity
from tests.web.test_sockets import control, until
from tests.web.wiring import Running, closed_with, event, registered, running

MEGABYTES_100 = 100 * 2**20
# A tap takes 5 ms; the machine that runs the tests may have other things to do.
QUICK = 0.5


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


@contextlib.asynccontextmanager
async def yusuf_taps(app: Running) -> AsyncIterator[None]:
    """A person taps all the time; at the end every tap must have been heard, and soon."""
    waits: list[float] = []
    async with app.browser(app.people.sign_in("Yusuf")) as browser:
        session_id, _ = await registered(browser)
        target = control(app, session_id, "tap")

        async def tapping() -> None:
            while True:
                begin = time.monotonic()
                await browser.send(event(target, "click"))
                await until(lambda: app.events.count("Yusuf tapped") > len(waits))
                waits.append(time.monotonic() - begin)

        taps = asyncio.create_task(tapping())
        try:
            yield
            await until(lambda: len(waits) >= 10)
        finally:
            taps.cancel()
        assert browser.close_code is None
    assert statistics.median(waits) < QUICK


async def test_a_device_that_opens_hundreds_of_sockets_gets_its_dozen(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    codes: list[int | None] = []

    async def flood() -> None:
        async with app.browser(amber) as browser:
            with contextlib.suppress(ConnectionClosed):
                await registered(browser)
                open_now.append(browser)
                await asyncio.sleep(60)
            codes.append(browser.close_code)

    open_now: list[object] = []
    async with yusuf_taps(app):
        flooding = [asyncio.create_task(flood()) for _ in range(300)]
        await until(lambda: len(codes) + len(open_now) == 300)
        counts = app.sockets.counts()
    for each in flooding:
        each.cancel()
    await asyncio.wait(flooding)
    assert set(codes) == {Close.TOO_MANY}
    assert len(open_now) == Limits().sockets_per_device
    assert counts.sockets == Limits().sockets_per_device + 1


async def test_a_school_behind_one_address_is_let_in(app: Running) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for number in range(200):
            cookie = app.people.sign_in(f"Pupil {number}")
            browser = await stack.enter_async_context(app.browser(cookie))
            assert bytes([PONG]) in [await browser.recv(), await browser.recv()]


@pytest.mark.parametrize(
    "begin",
    [
        b"GET / HTTP/1.1\r\n",
        b"POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000\r\n\r\n",
    ],
    ids=["head", "body"],
)
async def test_a_hundred_that_send_byte_by_byte_hold_nobody_up(app: Running, begin: bytes) -> None:
    async def crawl() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", app.port)
        try:
            writer.write(begin)
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.05)
        finally:
            writer.transport.abort()

    crawling = [asyncio.create_task(crawl()) for _ in range(100)]
    async with yusuf_taps(app):
        await asyncio.sleep(1)
    for each in crawling:
        each.cancel()
    await asyncio.wait(crawling)


async def test_a_frame_of_100_megabytes_is_refused_at_its_head(app: Running) -> None:
    cookie = app.people.sign_in("Amber")
    async with yusuf_taps(app):
        writer = await _shaken(app, cookie)
        head = bytes([0x82, 0x80 | 127]) + struct.pack("!Q", MEGABYTES_100) + bytes(4)
        assert await _poured(writer, head, b"a" * 65_536) < MEGABYTES_100 / 10
        # Nothing was waited for: the other end has closed.
        assert writer.is_closing()


async def test_a_small_frame_that_unpacks_to_a_large_one_is_not_unpacked(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with yusuf_taps(app), app.browser(amber, compression="deflate") as browser:
        await registered(browser)
        with contextlib.suppress(ConnectionClosed):
            await browser.send(bytes(MEGABYTES_100 // 10))
        assert await closed_with(browser) == Close.TOO_BIG


@pytest.mark.parametrize("told", [True, False], ids=["told before", "in pieces"])
async def test_a_body_of_100_megabytes_is_not_taken(app: Running, told: bool) -> None:
    length = f"Content-Length: {MEGABYTES_100}" if told else "Transfer-Encoding: chunked"
    head = (
        f"POST /take HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nOrigin: {app.origin}\r\n{length}\r\n"
    )
    block = b"a" * 65_536 if told else b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    async with yusuf_taps(app):
        _, writer = await asyncio.open_connection("127.0.0.1", app.port)
        assert await _poured(writer, head.encode() + b"\r\n", block) < MEGABYTES_100 / 2
        writer.transport.abort()
    assert not any(each.startswith("took") for each in app.events)


@pytest.mark.parametrize("known", [True, False])
async def test_a_phone_that_leaves_before_it_is_let_in_is_nobodys_fault(
    app: Running, known: bool
) -> None:
    faults: list[str] = []
    asked, answer = asyncio.Event(), asyncio.Event()

    async def report(request: str, place: str, error: BaseException) -> None:
        faults.append(place)

    async def slowly(cookie: str) -> Identity | None:
        asked.set()
        await answer.wait()
        return await app.people.identify(cookie)

    app.gate._report, app.gate._identify = report, slowly
    _, writer = await _knocked(app, app.people.sign_in("Amber") if known else "nobody")
    await asked.wait()
    writer.transport.abort()
    await asyncio.sleep(0.1)
    answer.set()
    await asyncio.sleep(0.1)
    assert faults == []


async def _shaken(app: Running, cookie: str) -> asyncio.StreamWriter:
    """A socket after its handshake, to write any bytes on."""
    reader, writer = await _knocked(app, cookie)
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return writer


async def _knocked(app: Running, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A handshake that was asked for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    key = base64.b64encode(os.urandom(16)).decode()
    told = {
        "Host": f"127.0.0.1:{app.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **app.headers(cookie),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    writer.write(f"GET /ws HTTP/1.1\r\n{lines}\r\n".encode())
    return reader, writer


async def _poured(writer: asyncio.StreamWriter, head: bytes, block: bytes) -> int:
    """Sends on until the other end has enough, or all of the 100 megabytes; how much it took."""
    writer.write(head)
    sent = 0
    with contextlib.suppress(OSError, TimeoutError):
        while sent < MEGABYTES_100:
            writer.write(block)
            async with asyncio.timeout(3):
                await writer.drain()
            sent += len(block)
    return sent
