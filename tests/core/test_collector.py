"""When the garbage collector walks through everything, and what it then sets free."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from app.core import collector
from app.core.collector import Collector
from tests.core.clocks import SteppedClock


class Knot:
    """Holds itself, as the screens of a session do."""

    def __init__(self) -> None:
        self.itself = self


class Place:
    """A process with one screen that is over or not."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.heard_at = 0.0
        self.ended = 0
        self.collector = Collector(
            self.clock, heard_at=lambda: self.heard_at, ended=lambda: self.ended
        )
        self.screen = weakref.ref(Knot())

    async def passes(self, seconds: int, *, busy: bool = False) -> None:
        for _ in range(seconds):
            await self.clock.advance(1)
            if busy:
                self.heard_at = self.clock.monotonic()
            self.collector.look()


@pytest.fixture
def place() -> Iterator[Place]:
    gc.disable()
    gc.collect()
    yield Place()
    gc.enable()


async def test_a_screen_that_is_over_is_freed_in_the_next_quiet_moment(place: Place) -> None:
    place.ended = 1
    await place.passes(29)
    assert place.screen() is not None
    await place.passes(3)
    assert place.screen() is None


async def test_nobody_is_held_up_while_somebody_does_something(place: Place) -> None:
    place.ended = 1
    await place.passes(60, busy=True)
    assert place.screen() is not None
    await place.passes(2)
    assert place.screen() is None


async def test_without_any_quiet_moment_it_is_freed_after_ten_minutes(place: Place) -> None:
    place.ended = 1
    await place.passes(602, busy=True)
    assert place.screen() is None


async def test_much_that_is_young_is_looked_through_when_nobody_does_anything(place: Place) -> None:
    drawn: list[list[int]] = [[] for _ in range(6_000)]
    await place.passes(10, busy=True)
    assert place.screen() is not None
    await place.passes(3)
    assert place.screen() is None
    assert len(drawn) == 6_000


async def test_where_no_screen_is_over_nothing_is_walked(place: Place) -> None:
    await place.passes(1000)
    assert place.screen() is not None


async def test_it_looks_by_itself_and_knows_the_longest_walk(place: Place) -> None:
    looking = asyncio.create_task(place.collector.keep_looking())
    await place.clock.advance(1)
    place.ended = 1
    for _ in range(35):
        await place.clock.advance(1)
    assert place.screen() is None
    looking.cancel()
    await asyncio.wait({looking})
    assert place.collector._measure not in gc.callbacks


def test_what_was_loaded_at_the_start_is_never_walked_again() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        collector.calm()
        loaded = Knot()
        collector.settle()
        assert gc.get_threshold() == collector.THRESHOLDS
        assert gc.get_freeze_count() > frozen
        assert not any(each is loaded for each in gc.get_objects())
    finally:
        gc.set_threshold(*before)
