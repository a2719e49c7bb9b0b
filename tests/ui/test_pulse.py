"""Whether a press was made just now: told from what the browser answered before it."""

import asyncio
from typing import Any

from app.design.memory import Memory
from app.design.pulse import EVERY, FRESH, Pulse
from tests.core.clocks import SteppedClock


class Line:
    """A browser behind a line that can be dead."""

    def __init__(self) -> None:
        self.alive = asyncio.Event()
        self.alive.set()
        self.asked = 0

    async def get(self, key: str) -> Any:
        self.asked += 1
        await self.alive.wait()

    async def set(self, key: str, value: Any) -> Any:
        raise AssertionError("a pulse keeps nothing")


async def test_a_press_is_fresh_while_the_browser_answers() -> None:
    clock, line = SteppedClock(), Line()
    pulse = Pulse(Memory(line), clock)
    assert not pulse.fresh
    beating = asyncio.create_task(pulse.beat())
    for _ in range(10):
        await clock.advance(EVERY)
        assert pulse.fresh
    beating.cancel()
    assert line.asked == 11


async def test_what_lay_on_a_dead_line_is_not_fresh_when_it_arrives() -> None:
    clock, line = SteppedClock(), Line()
    pulse = Pulse(Memory(line), clock)
    await pulse.ask()
    line.alive.clear()
    waiting = asyncio.create_task(pulse.ask())
    await clock.advance(FRESH)
    assert pulse.fresh
    await clock.advance(0.1)
    assert not pulse.fresh

    line.alive.set()
    await waiting
    assert not pulse.fresh
    await pulse.ask()
    assert pulse.fresh
