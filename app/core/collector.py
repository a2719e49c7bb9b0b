"""Python's garbage collector, kept out of people's way.

With its own thresholds it walks through every object again and again in the middle of everybody's
taps. Here it looks by itself at what is young, and at everything when nobody waits for anything:
each screen that is over is a knot of objects which only such a walk sets free.
"""

import gc
from collections.abc import Callable, Mapping
from typing import Final

from app.core.clock import Clock

# Walks of at most 50,000 and 300,000 objects; the oldest generation is left to `Collector`.
THRESHOLDS: Final = (50_000, 5, 1_000_000)
_LOOK_SECONDS: Final = 1.0
_QUIET_SECONDS: Final = 2.0
# Flet lets go of a session up to ten seconds after its time is over; timers that were called off
# hold it for up to twenty more.
_LET_GO_SECONDS: Final = 30.0
# Half of what opening a session makes is in knots. So many objects are walked in milliseconds, and
# fewer are not worth it.
_MANY_YOUNG: Final = 5_000
# Where people never pause, memory comes back all the same.
_AT_LAST_SECONDS: Final = 600.0


def calm() -> None:
    """Sets how rarely the collector comes by itself; once, at the start of a process."""
    gc.set_threshold(*THRESHOLDS)


def settle() -> None:
    """Once, when all is loaded: what lives now lives to the end and is never walked again."""
    gc.collect()
    gc.freeze()


class Collector:
    """Collects everything in the quiet moments of one process.

    `heard_at` is when somebody last did something, in the clock's monotonic seconds; `ended`
    counts the screens that are over, since nothing else leaves much behind. `longest` is how many
    seconds a walk has held the process up so far, of whatever kind.
    """

    def __init__(
        self, clock: Clock, *, heard_at: Callable[[], float], ended: Callable[[], int]
    ) -> None:
        self._clock = clock
        self._heard_at = heard_at
        self._ended = ended
        self._collected = self._seen = 0
        self._first_at = self._last_at = self._begun_at = 0.0
        self.longest = 0.0

    async def keep_looking(self) -> None:
        """Until it is cancelled."""
        gc.callbacks.append(self._measure)
        try:
            while True:
                await self._clock.sleep(_LOOK_SECONDS)
                self.look()
        finally:
            gc.callbacks.remove(self._measure)

    def look(self) -> None:
        """In a moment in which nobody does anything: collects what is young, if that is much, and
        everything if screens are over."""
        ended, now = self._ended(), self._clock.monotonic()
        quiet = now - self._heard_at() >= _QUIET_SECONDS
        if quiet and gc.get_count()[0] >= _MANY_YOUNG:
            gc.collect(0)
        if ended != self._seen:
            self._first_at = now if self._seen == self._collected else self._first_at
            self._seen, self._last_at = ended, now
        if self._seen == self._collected:
            return
        let_go = now - self._last_at >= _LET_GO_SECONDS
        if (quiet and let_go) or now - self._first_at >= _AT_LAST_SECONDS:
            self._collected = self._seen
            gc.collect()

    def _measure(self, phase: str, info: Mapping[str, int]) -> None:
        if phase == "start":
            self._begun_at = self._clock.monotonic()
        else:
            self.longest = max(self.longest, self._clock.monotonic() - self._begun_at)
