"""Alive and ready."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from starlette.routing import Router

from app.shell.health import Health, heard_within


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    wall: datetime = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    passed: float = field(default=0)

    def move(self, seconds: float) -> None:
        self.passed += seconds
        self.wall += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.move(seconds)


def client(health: Health) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Router(health.routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://probe")


async def works() -> bool:
    return True


async def breaks() -> bool:
    raise OSError("postgresql://secret@host")


async def hangs() -> bool:
    await asyncio.sleep(60)
    return True


async def test_process_is_alive_whatever_the_checks_say() -> None:
    async with client(Health({"database": breaks}, SetClock())) as probe:
        answer = await probe.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_ready_when_every_check_passes() -> None:
    async with client(Health({"database": works, "auth": works}, SetClock())) as probe:
        answer = await probe.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": True, "auth": True}


async def test_not_ready_when_a_check_fails_or_hangs_and_without_telling_why() -> None:
    health = Health({"database": breaks, "auth": hangs}, SetClock(), check_seconds=0.05)
    async with client(health) as probe:
        answer = await probe.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": False, "auth": False}
    assert "secret" not in answer.text


async def test_not_ready_while_leaving() -> None:
    health = Health({"database": works}, SetClock())
    health.leave()
    async with client(health) as probe:
        answer = await probe.get("/readyz")
    assert (answer.status_code, answer.json()["leaving"]) == (503, True)


async def test_many_questions_ask_the_database_once_a_second() -> None:
    asked = []

    async def counts() -> bool:
        asked.append(1)
        return True

    clock = SetClock()
    health = Health({"database": counts}, clock)
    await asyncio.gather(*(health.ready() for _ in range(50)))
    assert len(asked) == 1
    clock.move(1)
    await health.ready()
    assert len(asked) == 2


async def test_hints_must_have_been_heard_lately() -> None:
    clock = SetClock()
    heard: list[datetime | None] = [None]
    check = heard_within(lambda: heard[0], 90, clock)
    assert not await check()
    heard[0] = clock.now()
    clock.move(90)
    assert await check()
    clock.move(1)
    assert not await check()
