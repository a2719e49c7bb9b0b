"""Jobs run in time, never twice at once, and no failing one stops the others."""

import asyncio

import pytest

from app.core.errors import Unreachable
from app.core.jobs import Job, Runner
from app.core.logs import Fingerprint
from tests.core.clocks import SteppedClock


class Work:
    """Counts its runs, and can be made to hang or to fail."""

    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.began: list[float] = []
        self.takes = 0.0
        self.error: Exception | None = None
        self.running = 0

    async def __call__(self) -> None:
        self.began.append(self.clock.monotonic())
        self.running += 1
        assert self.running == 1
        try:
            if self.takes:
                await self.clock.sleep(self.takes)
            if self.error:
                raise self.error
        finally:
            self.running -= 1


async def test_a_job_runs_at_once_and_then_at_its_interval() -> None:
    clock = SteppedClock()
    work = Work(clock)
    runner = Runner([Job("work", 30, work)], clock=clock)
    runner.start()
    await clock.advance(95)
    assert work.began == [0, 30, 60, 90]
    assert runner.runs("work") == (4, 0)
    assert runner.lag == 0
    await runner.stop()


async def test_a_long_run_is_not_overtaken_and_missed_runs_are_not_made_up() -> None:
    clock = SteppedClock()
    work = Work(clock)
    work.takes = 75
    runner = Runner([Job("work", 30, work)], clock=clock)
    runner.start()
    await clock.advance(70)
    assert runner.lag == 40
    work.takes = 0
    await clock.advance(60)
    assert work.began == [0, 75, 90, 120]
    await runner.stop()


async def test_a_failing_job_is_reported_and_comes_again() -> None:
    clock = SteppedClock()
    bad, good = Work(clock), Work(clock)
    bad.error = ValueError("the text of an error may hold a name")
    marks: list[Fingerprint] = []

    async def report(mark: Fingerprint) -> None:
        marks.append(mark)

    runner = Runner([Job("bad", 10, bad), Job("good", 10, good)], report=report, clock=clock)
    runner.start()
    await clock.advance(25)
    assert runner.runs("bad") == (0, 3)
    assert runner.runs("good") == (3, 0)
    assert [mark.code for mark in marks] == ["ValueError"] * 3
    assert "name" not in str(marks)
    await runner.stop()


async def test_a_report_that_cannot_be_sent_does_not_stop_the_job() -> None:
    clock = SteppedClock()
    work = Work(clock)
    work.error = Unreachable("unreachable")

    async def report(_: Fingerprint) -> None:
        raise Unreachable("unreachable")

    runner = Runner([Job("work", 10, work)], report=report, clock=clock)
    runner.start()
    await clock.advance(15)
    assert runner.runs("work") == (0, 2)
    await runner.stop()


async def test_a_hanging_job_is_ended_by_its_limit() -> None:
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    runner = Runner([Job("hang", 3600, hang, longest=0.05)])
    runner.start()
    await asyncio.sleep(0.2)
    assert runner.runs("hang") == (0, 1)
    await runner.stop()


async def test_stopping_ends_a_job_in_the_middle() -> None:
    clock = SteppedClock()
    work = Work(clock)
    work.takes = 100
    runner = Runner([Job("work", 30, work)], clock=clock)
    runner.start()
    await clock.advance(1)
    assert work.running == 1
    await runner.stop()
    assert work.running == 0


def test_two_jobs_with_one_name_are_refused() -> None:
    async def nothing() -> None: ...

    with pytest.raises(ValueError, match="one name"):
        Runner([Job("same", 1, nothing), Job("same", 2, nothing)], clock=SteppedClock())
