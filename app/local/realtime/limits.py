"""How much one project, and one client, may ask of Realtime."""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """The first five are a hosted project's (Free plan); the others protect this server.

    ``messages_per_second`` counts each message once when it is sent and once for each channel
    that gets it, averaged over a minute in steps of 5 s. Sizes are in bytes, times in seconds:
    ``idle`` without a frame ends a connection, tokens are looked at again after ``confirm``, a
    join waits ``patience`` for a database that is not there.
    """

    channels: int = 100
    messages_per_second: float = 100
    joins_per_second: float = 100
    payload: int = 256_000
    idle: float = 60
    confirm: float = 300
    patience: float = 5
    frame: int = 64_000
    frames_burst: int = 200
    frames_per_second: float = 20
    waiting_frames: int = 512
    waiting_bytes: int = 2_000_000


class Rate:
    """A project-wide rate: reached when the average over its window is ``limit`` or more.

    As in upstream (lib/realtime/rate_counter), the verdict changes only at the end of a step.
    """

    def __init__(
        self,
        limit: float,
        *,
        step: float,
        steps: int,
        warning: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._step = step
        self._warning = warning
        self._clock = clock
        self._done = deque([0] * steps, maxlen=steps)
        self._count = 0
        self._ends = clock() + step
        self._reached = False

    def add(self, number: int = 1) -> None:
        self._turn()
        self._count += number

    @property
    def reached(self) -> bool:
        self._turn()
        return self._reached

    def _turn(self) -> None:
        behind = self._clock() - self._ends
        if behind < 0:
            return
        ended = int(behind // self._step) + 1
        self._ends += self._step * ended
        self._done.append(self._count)
        self._count = 0
        self._done.extend([0] * min(ended - 1, len(self._done)))
        average = sum(self._done) / (len(self._done) * self._step)
        if average >= self._limit and not self._reached:
            _log.warning(self._warning)
        self._reached = average >= self._limit


class Allowance:
    """How many frames one client may send: a burst, filled up again at a steady rate."""

    def __init__(
        self, burst: int, per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._clock = clock
        self._left = float(burst)
        self._at = clock()

    def take(self) -> bool:
        """Use one; whether there was one left."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
