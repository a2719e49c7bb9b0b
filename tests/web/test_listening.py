"""The listening socket: peers that never read do not stay."""

import asyncio
import socket
import sys

import pytest

from app.shell.listening import listen


async def test_connection_whose_peer_never_reads_is_ended_by_the_system() -> None:
    ended = asyncio.get_running_loop().create_future()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"x" * 1_000_000)
                await writer.drain()
        except OSError as error:
            ended.set_result(error)

    if sys.platform != "linux":
        # Elsewhere there is nothing to set; the listening itself is all that can be looked at.
        with listen("127.0.0.1", 0) as plain:
            assert plain.getsockname()[1] > 0
        return
    server = await asyncio.start_server(flood, sock=listen("127.0.0.1", 0, unread_ms=500))
    with socket.create_connection(server.sockets[0].getsockname()):
        assert isinstance(await asyncio.wait_for(ended, 10), TimeoutError)
    server.close()
    await server.wait_closed()


def test_taken_port_is_an_error() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", first.getsockname()[1])
