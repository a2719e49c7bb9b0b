"""What the screens cost the app's process: a tap, a change of the screen, and a session that waits.

Processor time and bytes, not seconds: on a machine that others use too, only these say anything.
The same three are measured on NiceGUI in the same minutes.
"""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import psutil

from app.cli.local import settings_of
from app.cli.paths import Paths
from app.config import Settings
from app.local.runtime import read_runtime
from tests.bench.crowd import DEVICES_EACH, Device, gather_crowd
from tests.bench.phone import Phone
from tests.fixtures.run import Run

_PHONES, _ROUNDS = 20, 15
_IDLE_PHONES = 100
_BETWEEN = 0.05
_AT_ONCE = 20
# Flet looks for sessions that are over each ten seconds, and memory is given back after that.
_GIVEN_BACK = 60 + 10 + 45


def tap(run: Run) -> dict[str, Any]:
    """Choosing another of four answers: two cards change how they look."""
    return asyncio.run(_tap(run))


def change(run: Run) -> dict[str, Any]:
    """From Me to the first screen and back; the first screen reads two things from Supabase."""
    return asyncio.run(_change(run))


def idle(run: Run) -> dict[str, Any]:
    """What the memory of the app grows by for a phone that only looks, and what stays of that
    when all of them have left and their sessions are over."""
    return asyncio.run(_idle(run))


def app_process(run: Run) -> psutil.Process:
    """The process that serves the screens."""
    return psutil.Process(json.loads((run.home / "app.json").read_text())["pid"])


def cpu_ms(process: psutil.Process) -> float:
    """Processor time since it began."""
    used = process.cpu_times()
    return (used.user + used.system) * 1000


async def crowd(run: Run, devices: int, name: str) -> list[Device]:
    """So many devices signed in just now; `name` keeps the people of one part from the others."""
    paths = Paths(run.home, run.port, run.api_port)
    runtime = read_runtime(run.home)
    founder = next(each for each in run.status()["demo"] if each["role"] == "coordinator")
    if runtime is None:
        raise AssertionError("nothing runs")
    settings = Settings.read(settings_of(paths, runtime))
    return await gather_crowd(settings, founder, -(-devices // DEVICES_EACH), name)


@asynccontextmanager
async def connected(run: Run, devices: list[Device]) -> AsyncIterator[list[Phone]]:
    """Phones on their first screen, with everything drawn; they stay while the block lasts."""
    phones = [Phone(run.port, device) for device in devices]
    living = []
    try:
        for few in in_turns(phones):
            living += [asyncio.create_task(phone.live()) for phone in few]
            for phone in few:
                await phone.has(phone.ready)
        for phone in phones:
            await phone.quiet()
        yield phones
    finally:
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)


def in_turns(phones: list[Phone]) -> Iterator[list[Phone]]:
    """A few at a time: all at once would be the rush that another part measures."""
    for first in range(0, len(phones), _AT_ONCE):
        yield phones[first : first + _AT_ONCE]


async def _tap(run: Run) -> dict[str, Any]:
    # Two key workers with ten devices each.
    people = await crowd(run, 50 * DEVICES_EACH, "tap")
    workers = [each for each in people if each.role == "key_worker"][:_PHONES]
    async with connected(run, workers) as phones:
        answers = [await _answers(phone) for phone in phones]

        async def choose(number: int) -> None:
            for phone, targets in zip(phones, answers, strict=True):
                await phone.event(targets[number % len(targets)], "click")
                await asyncio.sleep(_BETWEEN)

        return await _rounds(run, phones, choose)


async def _answers(phone: Phone) -> list[int]:
    """Opens the page of a young person and the question that has four answers."""
    await phone.go("/people")
    await phone.press(r"Person \d", "They cannot get in any more?")
    await phone.press("^They cannot get in any more$", "They have a new phone")
    return [*phone.clickable("They have a new phone"), *phone.clickable("Something else")]


async def _change(run: Run) -> dict[str, Any]:
    people = await crowd(run, 2 * _PHONES, "change")
    young = [each for each in people if each.role == "young_person"][:_PHONES]
    async with connected(run, young) as phones:

        async def turn(number: int) -> None:
            for phone in phones:
                await phone.turn((number + 1) % 2)
                await asyncio.sleep(_BETWEEN)

        return await _rounds(run, phones, turn)


async def _rounds(run: Run, phones: list[Phone], act: Callable[[int], Any]) -> dict[str, Any]:
    """Each round is one act on every phone; the figures of a round are its means."""
    process, samples = app_process(run), []
    for number in range(_ROUNDS):
        before, bytes_before = cpu_ms(process), sum(phone.received for phone in phones)
        asked = [phone.frames for phone in phones]
        await act(number)
        for phone, seen in zip(phones, asked, strict=True):
            await phone.answered(seen)
        await asyncio.sleep(0.5)
        for phone in phones:
            await phone.quiet()
        samples.append(
            {
                "cpu_ms": round((cpu_ms(process) - before) / len(phones), 2),
                "bytes": round(
                    (sum(phone.received for phone in phones) - bytes_before) / len(phones)
                ),
            }
        )
    return {
        "cpu_ms": statistics.median(each["cpu_ms"] for each in samples),
        "bytes": max(each["bytes"] for each in samples),
        "phones": len(phones),
        "samples": samples,
    }


async def _idle(run: Run) -> dict[str, Any]:
    people = await crowd(run, 2 * _IDLE_PHONES, "idle")
    young = [each for each in people if each.role == "young_person"]
    # The first ones bring in what every process loads once.
    async with connected(run, young[_IDLE_PHONES : _IDLE_PHONES + 10]):
        await asyncio.sleep(2)
    process = app_process(run)
    before = process.memory_full_info().uss
    async with connected(run, young[:_IDLE_PHONES]):
        await asyncio.sleep(10)
        while_there = process.memory_full_info().uss
    samples = []
    begin = time.monotonic()
    while time.monotonic() - begin < _GIVEN_BACK:
        await asyncio.sleep(5)
        samples.append([round(time.monotonic() - begin), process.memory_full_info().uss])
    grown = while_there - before
    return {
        "kb_a_session": round(grown / _IDLE_PHONES / 1024, 1),
        "left_share": round((samples[-1][1] - before) / grown, 3),
        "process_left_share": round(samples[-1][1] / before - 1, 3),
        "uss_before": before,
        "uss_connected": while_there,
        "uss_after_leaving": samples,
        "phones": _IDLE_PHONES,
    }
