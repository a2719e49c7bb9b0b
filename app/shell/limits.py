"""How much one visitor may take: counters and caps without any framework."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """What the gate and the sockets allow. Times in seconds, sizes in bytes.

    A school or a shelter shares one address, so the limits by address are wide; the limits by
    device are what keeps one browser from taking everything.
    """

    header_bytes: int = 16_384
    header_count: int = 64
    url_bytes: int = 4_096
    body_bytes: int = 65_536
    body_seconds: float = 30.0
    body_bytes_per_second: int = 32_768
    body_pause_seconds: float = 10.0
    discard_bytes: int = 16_777_216
    discard_seconds: float = 2.0
    requests_per_address: int = 400
    sockets_per_address: int = 400
    sockets_per_device: int = 12
    sessions_per_device: int = 8
    frame_bytes: int = 262_144
    frames_per_second: float = 80.0
    frames_burst: int = 240
    frames_waiting: int = 256
    first_frame_seconds: float = 20.0
    send_seconds: float = 20.0
    identify_seconds: float = 10.0


@dataclass
class TokenBucket:
    """Allows `burst` at once and `rate` a second after that."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._seen = self.burst, self.clock()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = self.clock()
        self._left = min(self.burst, self._left + (now - self._seen) * self.rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class TooMany(Exception):
    """All places of one key are taken."""


class Places:
    """At most `limit` at the same time for each key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: dict[str, int] = {}

    @contextmanager
    def one(self, key: str) -> Iterator[None]:
        """Holds one place for the time of the block; raises `TooMany` when none is left."""
        taken = self._taken.get(key, 0)
        if taken >= self._limit:
            raise TooMany
        self._taken[key] = taken + 1
        try:
            yield
        finally:
            left = self._taken[key] - 1
            if left:
                self._taken[key] = left
            else:
                del self._taken[key]

    def taken(self, key: str) -> int:
        """How many places `key` holds now."""
        return self._taken.get(key, 0)
