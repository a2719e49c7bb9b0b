"""What all sockets of one project share."""

import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from app.local.context import Context
from app.local.realtime.hub import Hub
from app.local.realtime.limits import Limits, Rate
from app.local.realtime.listener import Listener
from app.local.realtime.tokens import Tokens


class Closable(Protocol):
    """A socket as the service sees it."""

    def close(self, code: int, reason: str) -> None: ...


class Realtime:
    """Listens to the database for as long as at least one client is connected."""

    def __init__(self, ctx: Context, limits: Limits) -> None:
        self.limits = limits
        self.database = ctx.database
        self.hub = Hub(limits)
        self.joins = Rate(
            limits.joins_per_second,
            step=1,
            steps=60,
            warning="ClientJoinRateLimitReached: Too many joins per second",
        )
        self.tokens = Tokens(ctx.keys)
        self._listener = Listener(ctx.database.conninfo, self.hub.deliver, self._lost)
        self._sockets: set[Closable] = set()

    @contextlib.asynccontextmanager
    async def connected(self, socket: Closable) -> AsyncIterator[None]:
        """Count a socket for this block; it is closed when the database goes away."""
        self._sockets.add(socket)
        if len(self._sockets) == 1:
            self._listener.start()
        try:
            yield
        finally:
            self._sockets.discard(socket)
            if not self._sockets:
                await self._listener.stop()

    async def listening(self) -> bool:
        """Whether messages are heard now; waits a moment while the listener starts."""
        return await self._listener.listening(self.limits.patience)

    def _lost(self) -> None:
        """Clients miss what is sent meanwhile, so they have to join, and look, again."""
        for socket in tuple(self._sockets):
            socket.close(1012, "the database restarted")
