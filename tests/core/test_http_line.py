"""The shared connections to Supabase, when many want them at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core import http as core_http
from app.core.http import open_http


class _Server:
    """Answers each request after a while, the first ones when as many stand there as may; counts
    the connections that it holds."""

    def __init__(self) -> None:
        self.now = self.most = self.connections = 0
        self._full = asyncio.Event()
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.now += 1
                self.most = max(self.most, self.now)
                if self.now == 16:
                    self._full.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._full.wait(), 5)
                await asyncio.sleep(0.02)
                self.now -= 1
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[_Server]:
    counting = _Server()
    listening = await asyncio.start_server(counting.talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    counting.url = f"http://127.0.0.1:{port}"
    async with listening:
        yield counting


async def test_a_rush_stands_in_line_and_all_are_answered_over_a_few_connections(
    server: _Server,
) -> None:
    async with open_http(server.url) as http:
        answers = await asyncio.gather(*(http.get(server.url) for _ in range(200)))
    assert {answer.text for answer in answers} == {"ok"}
    assert server.most == server.connections == 16


async def test_who_stands_in_line_for_too_long_is_told_so_and_the_line_goes_on(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_http, "_IN_LINE_SECONDS", 0.01)
    async with open_http(server.url) as http:
        answers = await asyncio.gather(
            *(http.get(server.url) for _ in range(40)), return_exceptions=True
        )
        told = [each for each in answers if isinstance(each, httpx.PoolTimeout)]
        assert len(told) == 24
        assert (await http.get(server.url)).text == "ok"
