"""Many at once: a thousand people on one process, and five hundred who all come back together.

The phones run on the same machine as what they measure, and take their share of it.
"""

import asyncio
import contextlib
import os
import random
import signal
import statistics
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.bench.phone import Phone
from tests.bench.screens import app_process, connected, cpu_ms, crowd, in_turns
from tests.fixtures.run import Run

# So many people are there in each step, so long; the last step that holds is what a core bears.
_STEPS, _SECONDS = (250, 500, 750, 1_000), 60.0
_LONGEST_MS, _PATIENCE = 100.0, 30.0
# One in so many goes from screen to screen; it divides each step.
_EVENTS_A_SECOND, _WALKS = 0.1, 5
_STORM = 500


def sessions(run: Run) -> dict[str, Any]:
    """Open loop: each phone acts by itself at moments of chance, whether it was answered or not.

    A sample is the time from the moment when somebody wanted to act to the last frame drawn for
    it, all data read; one in five goes to another screen, the others choose in a form.
    """
    return asyncio.run(_sessions(run))


def storm(run: Run) -> dict[str, Any]:
    """The app's process is killed under five hundred phones, which come back by the rule of the
    browser's script. From the moment when a new one answers to the last phone's first screen."""
    return asyncio.run(_storm(run))


async def _sessions(run: Run) -> dict[str, Any]:
    devices = await crowd(run, round(_STEPS[-1] * 1.05), "sessions")
    young = [each for each in devices if each.role == "young_person"][: _STEPS[-1]]
    steps: list[dict[str, Any]] = []
    async with contextlib.AsyncExitStack() as there:
        phones: list[Phone] = []
        for people in _STEPS:
            came = await there.enter_async_context(connected(run, young[len(phones) : people]))
            for few in in_turns(_tappers(came)):
                await asyncio.gather(*map(_open_form, few))
            phones.extend(came)
            steps.append(await _step(run, phones))
            if steps[-1]["p99_ms"] >= _LONGEST_MS:
                break
    held = [each["sessions"] for each in steps if each["p99_ms"] < _LONGEST_MS]
    return {
        "sessions": max(held, default=0),
        "missing": _STEPS[-1] - max(held, default=0),
        "lost": steps[-1]["lost"],
        "steps": steps,
    }


async def _step(run: Run, phones: list[Phone]) -> dict[str, Any]:
    """A minute with these people; one in five walks between screens, the others choose."""
    walkers, tappers = phones[::_WALKS], _tappers(phones)
    process = app_process(run)
    begin, before = time.perf_counter(), cpu_ms(process)
    tapped: list[float] = []
    changed: list[float] = []
    await asyncio.gather(
        *(_acts(phone, _turns(phone), changed) for phone in walkers),
        *(_acts(phone, _chooses(phone), tapped) for phone in tappers),
    )
    seconds = time.perf_counter() - begin
    used = (cpu_ms(process) - before) / 1000 / seconds
    everything = sorted([*tapped, *changed])
    return {
        "sessions": len(phones),
        "p99_ms": _share(everything, 0.99),
        "p50_ms": _share(everything, 0.5),
        "p99_tap_ms": _share(sorted(tapped), 0.99),
        "p99_change_ms": _share(sorted(changed), 0.99),
        "lost": sum(phone.opened_at == 0 for phone in phones),
        "events_a_second": round(len(everything) / seconds, 1),
        "core_share": round(used, 2),
        "load": os.getloadavg(),
        "samples_ms": {"taps": tapped, "changes": changed},
    }


def _tappers(phones: list[Phone]) -> list[Phone]:
    return [phone for number, phone in enumerate(phones) if number % _WALKS]


async def _open_form(phone: Phone) -> None:
    await phone.go("/me/around")
    await phone.press("^Add somebody$", "Back")


def _turns(phone: Phone) -> Callable[[int], Any]:
    return lambda number: phone.turn((number + 1) % 2)


def _chooses(phone: Phone) -> Callable[[int], Any]:
    # The newest are the last boxes of the form; what came before the form may be gone.
    choices = [number for number in phone.clickable(".") if phone.controls[number].get("ink")][:2]
    return lambda number: phone.event(choices[number % 2], "click")


async def _acts(phone: Phone, act: Callable[[int], Any], samples: list[float]) -> None:
    """An act that nothing came of within `_PATIENCE` counts as one that took so long."""
    chance = random.Random(phone.device.cookie)
    now = time.perf_counter()
    end = now + _SECONDS
    while (wanted := now + chance.expovariate(_EVENTS_A_SECOND)) < end:
        now = wanted
        await asyncio.sleep(wanted - time.perf_counter())
        seen = phone.frames
        await act(phone.acts)
        # Counted on from one step to the next: the same choice twice would change nothing.
        phone.acts += 1
        try:
            await phone.answered(seen, _PATIENCE)
            samples.append(round((phone.drawn_at - wanted) * 1000, 1))
        except TimeoutError:
            samples.append(_PATIENCE * 1000)


async def _storm(run: Run) -> dict[str, Any]:
    devices = (await crowd(run, _STORM, "storm"))[:_STORM]
    async with connected(run, devices) as phones:
        process = app_process(run)
        process.send_signal(signal.SIGKILL)
        down = time.perf_counter()
        await asyncio.gather(*(phone.gone() for phone in phones))
        up = await asyncio.to_thread(_until_it_answers, run)

        async def first_screen(phone: Phone) -> float:
            await phone.has(phone.ready)
            return round(time.perf_counter() - up, 2)

        served = sorted(await asyncio.gather(*map(first_screen, phones)))
        spent = cpu_ms(app_process(run)) / 1000
    return {
        "seconds": served[-1],
        "median_seconds": statistics.median(served),
        "down_seconds": round(up - down, 2),
        "app_cpu_seconds": round(spent, 2),
        "phones": len(phones),
        "load": os.getloadavg(),
        "samples_seconds": served,
    }


def _until_it_answers(run: Run) -> float:
    while True:
        try:
            with urllib.request.urlopen(f"{run.url}/healthz", timeout=1):  # noqa: S310  (loopback)
                return time.perf_counter()
        except OSError:
            time.sleep(0.02)


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
