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

from app.core.errors import AppError, Unreachable
from app.core.logs import log_fault
from app.core.machine import MachineClient

SHARDS = 16
_JOIN_SECONDS = 20.0
_LOOK_SECONDS = 1.0
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

    def __init__(self, machine: MachineClient, hear: Hear) -> None:
        self._machine = machine
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
        while not await self._breaks_within(_LOOK_SECONDS) and self._is_listening():
            try:
                token = (await self._machine.tokens()).access
                if token != self._realtime.access_token:
                    await self._realtime.set_auth(token)
            except AppError:
                # The old token has a minute left; then the server closes the channels.
                continue
            except Exception as error:
                log_fault("live_token_refused", error)
                return

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

    async def _breaks_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._broken.wait(), seconds)
        return self._broken.is_set()

    def _is_listening(self) -> bool:
        # An exception in the client's listening task ends it without a word: the client still
        # calls itself connected and never hears anything again.
        listening = self._realtime._listen_task
        return listening is not None and not listening.done()
