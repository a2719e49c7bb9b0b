"""A proxy between a browser and a server that counts what goes over the wire, whoever asks: the
page, its service worker or a socket."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

# A browser writes each request by itself; through a proxy it names the whole address.
_REQUEST = re.compile(rb"(?:GET|HEAD|POST|CONNECT) (\S+) HTTP/1\.1\r\n")
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass
class Wire:
    """Counts since the last `reset`: bytes that came to the browser, heads and frames included,
    and what it asked for. A socket counts as one request."""

    port: int = 0
    received: int = 0
    asked: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Begin to count anew."""
        self.received, self.asked = 0, []

    async def carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        """One connection of the browser, to the server at `port` on this machine."""
        first = await reader.read(65_536)
        there = await asyncio.open_connection("127.0.0.1", port)
        if first.startswith(b"CONNECT "):
            self._count(first)
            writer.write(_TUNNEL)
            outgoing = self._pump(reader, there[1])
        else:
            self._count(first)
            there[1].write(first)
            outgoing = self._pump(reader, there[1], requests=True)
        await asyncio.gather(outgoing, self._pump(there[0], writer, answers=True))

    async def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        *,
        requests: bool = False,
        answers: bool = False,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                if requests:
                    self._count(data)
                if answers:
                    self.received += len(data)
                target.write(data)
                await target.drain()
            target.close()

    def _count(self, data: bytes) -> None:
        found = _REQUEST.match(data)
        if found:
            self.asked.append(found[1].decode())


@contextlib.contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A proxy to the server at `port` on this machine, in a thread of its own."""
    wire, ready = Wire(), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: wire.carry(reader, writer, port), "127.0.0.1", 0
        )
        wire.port = server.sockets[0].getsockname()[1]
        ready.set()
        with contextlib.suppress(asyncio.CancelledError):
            await server.serve_forever()
        # Connections that a browser keeps open in case it needs them again.
        kept = asyncio.all_tasks() - {asyncio.current_task()}
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)

    serving = loop.create_task(serve())
    thread = threading.Thread(target=lambda: loop.run_until_complete(serving))
    thread.start()
    ready.wait()
    try:
        yield wire
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join()
        loop.close()
