"""The socket that the web server listens on."""

import socket
from typing import Final

# Milliseconds in which a peer must take some of what was sent. Without it a peer that opens a
# connection and never reads keeps its buffers and its file descriptor here for good: closing waits
# for the buffer, and the peer's system keeps saying that it is alive.
_UNREAD_MS: Final = 30_000
_BACKLOG: Final = 2_048


def listen(host: str, port: int, *, unread_ms: int = _UNREAD_MS) -> socket.socket:
    """A listening TCP socket, to be handed to `uvicorn.Server.serve(sockets=[…])`.

    Its connections end by themselves when a peer reads nothing for `unread_ms` (on Linux; other
    systems have no such setting). Raises `OSError` when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unread_ms)
    made.setblocking(False)
    return made
