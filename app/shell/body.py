"""A request's body, read with a cap on its size and on its patience."""

import asyncio
import time

from starlette.types import Message, Receive

from app.shell.limits import Limits


class BodyTooLarge(Exception):
    """More bytes than this address takes."""


class BodyTooSlow(Exception):
    """The body stopped coming, or dripped for too long."""


class CappedBody:
    """Stands between the server's `receive` and the app; raises while the body streams in."""

    def __init__(self, receive: Receive, limits: Limits, max_bytes: int) -> None:
        self._receive = receive
        self._limits = limits
        self._left = max_bytes
        # A photo comes slowly over a bad network; a form of the same size has as long.
        slow = max_bytes / limits.body_bytes_per_second
        self._deadline = time.monotonic() + max(limits.body_seconds, slow)
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            # Only the end of the connection can follow; a response may take as long as it needs.
            return await self._receive()
        patience = min(self._limits.body_pause_seconds, self._deadline - time.monotonic())
        try:
            message = await asyncio.wait_for(self._receive(), max(patience, 0))
        except TimeoutError:
            raise BodyTooSlow from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise BodyTooLarge
        self._complete = not message.get("more_body", False)
        return message


async def discard(receive: Receive, limits: Limits) -> None:
    """Reads what is still coming and drops it, up to a size and a time."""
    left = limits.discard_bytes
    try:
        async with asyncio.timeout(limits.discard_seconds):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
