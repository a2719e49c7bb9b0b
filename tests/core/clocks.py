"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class SteppedClock:
    """`Clock` for tests: `advance` lets time pass and everybody who is due wake up in order."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._passed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._passed + seconds, wake))
        await wake

    async def advance(self, seconds: float) -> None:
        end = self._passed + seconds
        await settle()
        while due := [(at, wake) for at, wake in self._sleepers if at <= end and not wake.done()]:
            at, wake = min(due, key=lambda sleeper: sleeper[0])
            self._passed = max(self._passed, at)
            wake.set_result(None)
            await settle()
        self._passed = end


async def settle() -> None:
    """Lets everything that can run now run."""
    for _ in range(10):
        await asyncio.sleep(0)


class ShiftedClock:
    """The real clock, moved: `shift` seconds ahead."""

    def __init__(self) -> None:
        self.shift = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.shift)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self.shift

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def hurry(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this loop's time pass as soon as there is nothing to do, and at no other moment.

    For tests of timers alone: a busy machine moves nothing, and a second takes no second.
    """
    assert isinstance(loop, asyncio.SelectorEventLoop)
    selector = loop._selector  # type: ignore[attr-defined]  # no other way in
    select, now = selector.select, loop.time()

    def hurried(timeout: float | None) -> list[object]:
        nonlocal now
        found: list[object] = select(None if timeout is None else 0)
        if not found and timeout:
            now += timeout
        return found

    monkeypatch.setattr(selector, "select", hurried)
    monkeypatch.setattr(loop, "time", lambda: now)
