"""Ends what a process holds for devices that are signed out or locked."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final
from uuid import UUID

from app.core.clock import Clock, scattered
from app.core.errors import AppError
from app.shell.codes import Close

# After lost hints every device is asked for, and never more of them at once than this a second.
_SPREAD_SECONDS: Final = 5.0
_ASKED_PER_SECOND: Final = 100
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 60.0

Known = Callable[[UUID | None], Collection[str]]
"""The devices (cookie hashes) that this process knows of one person, or of everybody (None)."""


Verdict = Callable[[str], Awaitable[Close | None]]
"""Why a device's screens must end now, or None. May raise `AppError`."""


class Departures:
    """Asks about devices when a hint says so, and again until there is an answer.

    A hint comes once: what it asked for must not be lost because the database was away just then.
    `end` closes what is open for the device.
    """

    def __init__(
        self,
        known: Known,
        verdict: Verdict,
        end: Callable[[str, Close], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._known = known
        self._verdict = verdict
        self._end = end
        self._clock = clock
        self._asked_later: set[str] = set()

    async def look(self, person_id: UUID | None) -> None:
        """Ends the devices of this person that are signed out or locked; of everybody for None.

        Returns when all were asked about, which takes as long as the database is away.
        """
        devices = self._known(person_id)
        spread = max(_SPREAD_SECONDS, len(devices) / _ASKED_PER_SECOND) if person_id is None else 0
        waits = (scattered(0, spread) for _ in devices)
        await asyncio.gather(*map(self._ask, devices, waits))

    async def _ask(self, device: str, wait: float) -> None:
        if wait:
            await self._clock.sleep(wait)
        pause = _FIRST_PAUSE
        while not await self._asked(device):
            if device in self._asked_later:
                # Somebody waits to ask about it already, and will hear what we would.
                return
            self._asked_later.add(device)
            try:
                await self._clock.sleep(pause * scattered(0.5, 1.5))
            finally:
                self._asked_later.discard(device)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _asked(self, device: str) -> bool:
        try:
            code = await self._verdict(device)
        except AppError:
            return False
        if code is not None:
            await self._end(device, code)
        return True
