"""What a peer can send before any of our code sees a request."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.cli.web import server_config
from app.shell.bounded_http import BoundedHttp

ENOUGH = 2_000_000


class Impatient(BoundedHttp):
    head_seconds = 0.3


async def _tell_size(scope: Scope, receive: Receive, send: Send) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def peer(
    http: type[BoundedHttp] | None = None,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the server as `serve` configures it."""
    config = server_config(_tell_size)
    if http is not None:
        config.http = http
    config.load()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listener])
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        await server.shutdown([listener])


async def _pour(writer: asyncio.StreamWriter, block: bytes) -> int:
    """Sends the block again and again; how much was taken until the other end had enough."""
    sent = 0
    with contextlib.suppress(OSError):
        while sent < ENOUGH:
            writer.write(block)
            await writer.drain()
            sent += len(block)
            await asyncio.sleep(0.001)
    return sent


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other end closes, in whatever way."""
    with contextlib.suppress(ConnectionError):
        return await reader.read(-1)
    return b""


@pytest.mark.parametrize(
    ("start", "block"),
    [
        (b"GET / HTTP/1.1\r\n", b"a: b\r\n" * 1000),
        (b"GET / HTTP/1.1\r\na: ", b"a" * 8192),
        (b"GET /", b"a" * 8192),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n" * 1000),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: ", b"a" * 8192),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a" * 8192),
    ],
    ids=["headers", "one header", "address", "trailers", "one trailer", "size of a piece"],
)
async def test_what_never_becomes_a_request_is_not_kept(start: bytes, block: bytes) -> None:
    async with peer() as (_, writer):
        writer.write(start)
        assert await _pour(writer, block) < ENOUGH


async def test_requests_that_wait_for_no_answer_are_not_queued_without_end() -> None:
    answered = 0
    async with peer() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 5000)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                while line := await reader.readline():
                    answered += line.startswith(b"HTTP/1.1 200") or b"0HTTP/1.1 200" in line
    assert answered < 100


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_ends_the_connection(said: bytes) -> None:
    async with peer(Impatient) as (reader, writer):
        writer.write(said)
        async with asyncio.timeout(5):
            assert await _rest(reader) == b""


async def test_the_second_head_has_no_more_time_than_the_first() -> None:
    async with peer(Impatient) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET / HTTP/1.1\r\n")
        async with asyncio.timeout(5):
            assert await _rest(reader) == b""


async def test_a_large_and_slow_body_and_requests_after_it_are_taken() -> None:
    async with peer(Impatient) as (reader, writer):
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n")
            for _ in range(6):
                writer.write(b"x" * 100_000)
                await asyncio.sleep(0.1)
            assert (await reader.readuntil(b"600000")).startswith(b"HTTP/1.1 200")
        pieces = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
        head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head + pieces * 3 + b"0\r\n\r\n")
        assert (await reader.readuntil(b"300000")).startswith(b"HTTP/1.1 200")
