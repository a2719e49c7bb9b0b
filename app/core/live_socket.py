"""One connection to Realtime that hears all hints, from its joining to its first trouble.

The client's own reconnecting gives up after five tries and never rejoins a channel that the server
closed, so nothing is mended here: whatever happens to one channel ends the whole connection, and
`core.live` opens a new one.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from realtime import AsyncRealtimeChannel, RealtimeChannelOptions, RealtimeSubscribeStates
from realtime.types import BroadcastPayload

from app.core.clock import Clock
from app.core.errors import AppError, Unreachable
from app.core.logs import log_fault
from app.core.machine import MachineClient

SHARDS = 16
_JOIN_SECONDS = 20.0
_RETRY_SECONDS = 5.0
_PRIVATE: RealtimeChannelOptions = {
    "config": {
        "broadcast": {"ack": False, "self": False},
        "presence": {"key": "", "enabled": False},
        "private": True,
    }
}

Hear = Callable[[Mapping[str, Any]], None]


class HintSocket:
    """`open`, then `last` until it breaks, then `close`; never used twice."""

    def __init__(self, machine: MachineClient, clock: Clock, hear: Hear) -> None:
        self._machine = machine
        self._clock = clock
        self._hear = hear
        self._broken = asyncio.Event()
        self._realtime = machine.backend.client().realtime

    async def open(self) -> None:
        """Joins all channels or raises `Unreachable`."""
        tokens = await self._machine.tokens()
        try:
            async with asyncio.timeout(_JOIN_SECONDS):
                await self._realtime.set_auth(tokens.access)
                await self._realtime.connect()
                await asyncio.gather(*(self._join(shard) for shard in range(SHARDS)))
        except Exception as error:
            # The client lets errors of the network, of TLS and of WebSockets through as they are.
            raise Unreachable("unreachable") from error
        if self._broken.is_set():
            raise Unreachable("unreachable")

    async def last(self) -> None:
        """Returns when the connection is of no use any more; renews its token in time."""
        while not self._broken.is_set():
            tokens = await self._machine.tokens()
            left = tokens.renew_at - self._clock.now().timestamp()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._broken.wait(), max(left, 0.0) + 0.05)
                return
            await self._renew()

    async def close(self) -> None:
        """Ends the connection and every timer the client keeps for it."""
        for channel in self._realtime.get_channels():
            channel.rejoin_timer.reset()
            channel.join_push.destroy()
        with contextlib.suppress(Exception):
            await self._realtime.close()

    async def _join(self, shard: int) -> None:
        channel: AsyncRealtimeChannel = self._realtime.channel(f"hints:{shard}", _PRIVATE)
        channel.on_broadcast("hint", self._heard)
        await channel.subscribe(self._told)

    def _told(self, state: RealtimeSubscribeStates, _error: Exception | None) -> None:
        if state is not RealtimeSubscribeStates.SUBSCRIBED:
            self._broken.set()

    def _heard(self, payload: BroadcastPayload) -> None:
        # An exception here would silently end the client's listening.
        try:
            self._hear(payload["payload"])
        except Exception as error:
            log_fault("hint_failed", error)

    async def _renew(self) -> None:
        try:
            await self._realtime.set_auth((await self._machine.tokens()).access)
        except AppError:
            # The old token has a minute left; when that is over, the server closes the channels.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._broken.wait(), _RETRY_SECONDS)
        except Exception as error:
            log_fault("live_token_refused", error)
            self._broken.set()
