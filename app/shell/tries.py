"""Counting wrong tries: what slows down guessing and never keeps out who has it right."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

_MOST_KEYS: Final = 20_000


class WrongTries:
    """At most `limit` wrong tries of one key within `seconds`; right ones are not counted.

    Kept in this process: several processes together allow that many times more. The least lately
    used keys are forgotten when there are very many.
    """

    def __init__(
        self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, key: str) -> None:
        """Note one wrong try."""
        times = self._wrong.setdefault(key, deque(maxlen=self._limit))
        times.append(self._clock())
        self._wrong.move_to_end(key)
        while len(self._wrong) > _MOST_KEYS:
            self._wrong.popitem(last=False)

    def left(self, key: str) -> int:
        """How many more wrong tries this time allows."""
        times, began = self._wrong.get(key, ()), self._clock() - self._seconds
        return self._limit - sum(time > began for time in times)

    def spent(self, key: str, pause: float = math.inf) -> bool:
        """Whether all wrong tries of this time are used up, and the last was no `pause` ago."""
        times = self._wrong.get(key)
        if times is None or len(times) < self._limit:
            return False
        now = self._clock()
        return now - times[0] < self._seconds and now - times[-1] < pause
