"""Who is on which topic, and what reaches them."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.local.realtime import messages
from app.local.realtime.limits import Limits, Rate
from app.local.realtime.listener import Sent

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Channel:
    """One client on one topic. ``push`` sends it a frame, ``cancel`` stops its timer."""

    topic: str
    join_ref: str | None
    token: str
    claims: Mapping[str, Any]
    push: Callable[[str], None]
    cancel: Callable[[], None] = field(default=lambda: None)

    @property
    def name(self) -> str:
        return self.topic.removeprefix(messages.PREFIX)

    @property
    def seconds_left(self) -> float | None:
        """Until the token expires; None for an API key, which does not."""
        expires = self.claims.get("exp")
        return None if expires is None else float(expires) - time.time()


class Hub:
    """The channels of all clients, and the project's message rate."""

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._payload = limits.payload
        self._by_name: dict[str, set[Channel]] = {}
        self._rate = Rate(
            limits.messages_per_second,
            step=5,
            steps=12,
            warning="MessagePerSecondRateLimitReached: Too many messages per second",
            clock=clock,
        )

    def add(self, channel: Channel) -> None:
        self._by_name.setdefault(channel.name, set()).add(channel)

    def remove(self, channel: Channel) -> None:
        """Forget a channel; nothing happens when it is not there."""
        channels = self._by_name.get(channel.name, set())
        channels.discard(channel)
        if not channels:
            self._by_name.pop(channel.name, None)

    def deliver(self, sent: Sent) -> None:
        """Send a message to everybody on its topic, unless it is too large or one too many."""
        if len(sent.payload.encode()) > self._payload:
            _log.warning("UnableToBroadcastChanges: payload_size_exceeded")
            return
        if self._rate.reached:
            return
        channels = tuple(self._by_name.get(sent.topic, ()))
        self._rate.add(1 + len(channels))
        if channels:
            topic = messages.PREFIX + sent.topic
            frame = messages.broadcast(topic, sent.event, sent.payload, str(sent.id))
            for channel in channels:
                channel.push(frame)
