"""Time as an argument: what waits or compares times takes a `Clock`, so tests need not sleep."""

import asyncio
import random
import re
import time
from datetime import UTC, datetime
from datetime import time as wall_time
from typing import Final, Protocol

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class Clock(Protocol):
    """What time it is, and waiting for later."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back when the wall clock is set."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return utc_now()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def scattered(low: float, high: float) -> float:
    """Seconds somewhere between the two, so that many who wait do not all act at one moment.

    Spreads load and nothing else: whoever must not be guessed needs `secrets`.
    """
    return random.uniform(low, high)  # noqa: S311  (no secret hangs on it)


def clock_time(text: str) -> wall_time | None:
    """A time as people write it, `8:00` or `08:00`; None for anything else."""
    if not (found := _CLOCK.fullmatch(text.strip())):
        return None
    return wall_time(int(found[1]), int(found[2]))


def utc_now() -> datetime:
    """This moment, aware and in UTC, as the database keeps times."""
    return datetime.now(UTC)
