"""Whether a press was made just now, or lay on a dead line and arrives late.

A browser cannot be asked when somebody pressed: its clock may be wrong. But it answers in order.
Whatever arrives after the answer to a question was done after that question was asked.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, cast

import flet as ft

from app.core.clock import Clock, SystemClock
from app.design.memory import Memory
from app.design.session import Lifetime, use_session

EVERY: Final = 3.0
FRESH: Final = 10.0


class Pulse:
    """Asks the browser every few seconds, for as long as `beat` runs."""

    def __init__(self, memory: Memory, clock: Clock | None = None) -> None:
        self._memory = memory
        self._clock = clock or SystemClock()
        self._asked: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether what the browser says now was done within the last `FRESH` seconds."""
        return self._asked is not None and self._clock.monotonic() - self._asked <= FRESH

    async def ask(self) -> None:
        """One question; changes nothing when it is not answered."""
        asked = self._clock.monotonic()
        if await self._memory.answers():
            self._asked = asked

    async def beat(self) -> None:
        """Until it is cancelled."""
        while True:
            await self.ask()
            await self._clock.sleep(EVERY)


def use_pulse() -> Pulse:
    """The pulse of the browser that shows this screen, while it shows it. A hook."""
    session = use_session()
    pulse: Pulse = ft.use_memo(lambda: Pulse(session.memory), [])
    use_meanwhile(pulse.beat)
    return pulse


def use_meanwhile(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `work` beside this screen, for as long as it is shown, and anew when the browser comes
    back. A hook; the `work` of the first drawing counts."""
    session, page = use_session(), ft.context.page
    beside = cast(_Beside, ft.use_ref(cast(Any, _Beside)).current)
    ft.use_effect(lambda: beside.begin(work, page), [session.again], cleanup=beside.end)


class _Beside:
    """The task behind one `use_meanwhile`."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._forget = _nothing

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]], page: ft.Page) -> None:
        self.end()
        if life := Lifetime.of(page):
            self._forget = life.at_end(self.end)
        self._task = asyncio.create_task(work())

    def end(self) -> None:
        self._forget()
        self._forget = _nothing
        if self._task:
            self._task.cancel()
            self._task = None


def _nothing() -> None:
    pass
