"""HTTP/1.1 as uvicorn speaks it, for peers that mean harm: what comes before the gate is bounded.

uvicorn's fast parser keeps every header until the last one has come, however many there are and
however long that takes. One visitor could fill the memory with them.
"""

import asyncio
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_REFUSAL: Final = b"HTTP/1.1 431 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """To be given to `uvicorn.Config(http=BoundedHttp)`."""

    # More than the gate takes, so that who is only a little over it still gets its page.
    head_bytes: ClassVar[int] = 65_536
    head_seconds: ClassVar[float] = 20.0
    # Browsers never send a request before the last answer; a few are allowed to simple clients.
    requests_ahead: ClassVar[int] = 16

    _unread = 0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # On a stream it is always a full one.
        super().connection_made(cast(asyncio.Transport, transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # Starts again with everything whole: a head, or a piece of a body. Heads, lines after a
        # body and the sizes of its pieces cannot go on for ever.
        self._unread += len(data)
        if self._patience is None and self._between_requests():
            self._wait()
        super().data_received(data)
        if self._unread > self.head_bytes and not self.transport.is_closing():
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.requests_ahead:
            raise ValueError("too many requests ahead of their answers")
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._unread = 0
        self._wait_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._patience = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
