"""Fifty messages a second: how soon another process has each of them, and whether one gets lost.

The screens are those of a second process: it hears hints with a hub of its own and reads its
threads anew, as a session of the app does. In the second part its connection is cut and mended.
"""

import asyncio
import contextlib
import json
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from app.cli.local import settings_of
from app.cli.paths import Paths
from app.config import Settings
from app.config_values import account
from app.core.clock import SystemClock
from app.core.errors import Unreachable
from app.core.hints import Hint
from app.core.http import Backend, open_backend
from app.core.ids import hash_cookie
from app.core.live import LiveHub
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.core.vault import Vault
from app.local.runtime import read_runtime
from app.messages.actions import Messages
from tests.bench.crowd import Device
from tests.bench.screens import crowd
from tests.bench.stack import gateway
from tests.core.proxy import Wire, wire_to
from tests.fixtures.run import Run

# Nobody may write more than sixty in a minute.
_PEOPLE, _A_SECOND, _LISTENERS = 60, 50, 200
_GOOD_SECONDS, _BAD_SECONDS, _PATIENCE = 40, 15, 100
_KINDS: Final = frozenset({"messages"})


def talk(run: Run) -> dict[str, Any]:
    """p50 and p99 in ms from the call that sends to the read that shows; of all messages, the cut
    ones too, how many were lost, came twice or out of order."""
    return asyncio.run(_talk(run))


@dataclass
class _Screen:
    """A thread on another device of whoever writes in it; `shown` are client ids in order."""

    person: UUID
    messages: Messages
    thread: UUID
    again: asyncio.Event = field(default_factory=asyncio.Event)
    shown: dict[UUID, float] = field(default_factory=dict)
    last: int = 0
    doubled: int = 0
    disordered: int = 0

    def hear(self, hint: Hint) -> None:
        self.again.set()

    async def keep_reading(self) -> None:
        while True:
            await self.again.wait()
            self.again.clear()
            with contextlib.suppress(Unreachable):
                await self._read()

    async def _read(self) -> None:
        page = list((await self.messages.open(self.person)).messages)
        while page and page[0].seq > self.last + 1:
            page = [*await self.messages.older(self.thread, page[0].seq), *page]
        now = time.perf_counter()
        for message in page:
            if message.seq <= self.last:
                continue
            self.disordered += message.seq != self.last + 1
            self.doubled += message.client_id in self.shown
            self.last = message.seq
            self.shown[message.client_id] = now


async def _talk(run: Run) -> dict[str, Any]:
    devices = await crowd(run, (_PEOPLE + 4) * 10, "talk")
    young = [each for each in devices if each.role == "young_person"][:_PEOPLE]
    async with _second_process(run) as (backend, hub, wire, settings):
        screens = await asyncio.gather(*[_screen(backend, settings, each) for each in young])
        for number in range(_LISTENERS):
            screen = screens[number % _PEOPLE]
            hub.listen(screen.person, _KINDS, screen.hear)
        readers = [asyncio.create_task(each.keep_reading()) for each in screens]
        process = gateway(run)
        before = process.cpu_times()
        begun = await _write(screens, _GOOD_SECONDS)
        await _all_shown(screens, begun)
        after = process.cpu_times()
        cutting = asyncio.create_task(_cut(wire))
        begun_badly = await _write(screens, _BAD_SECONDS)
        cutting.cancel()
        wire.mended = True
        lost = await _all_shown(screens, begun_badly)
        for task in readers:
            task.cancel()
    shown = {id_: at for screen in screens for id_, at in screen.shown.items()}
    samples = sorted((shown[id_] - at) * 1000 for id_, at in begun.items() if id_ in shown)
    return {
        "messages": len(begun) + len(begun_badly),
        "gateway_cpu_ms": round(
            (after.user + after.system - before.user - before.system) * 1000 / len(begun), 2
        ),
        "p50_ms": round(statistics.median(samples), 1),
        "p99_ms": round(samples[int(len(samples) * 0.99)], 1),
        "lost": lost,
        "doubled": sum(each.doubled for each in screens),
        "disordered": sum(each.disordered for each in screens),
        "samples_ms": [round(each, 1) for each in samples],
    }


@contextlib.asynccontextmanager
async def _second_process(run: Run) -> AsyncIterator[tuple[Backend, LiveHub, Wire, Settings]]:
    paths, runtime = Paths(run.home, run.port, run.api_port), read_runtime(run.home)
    if runtime is None:
        raise AssertionError("nothing runs")
    told = settings_of(paths, runtime)
    machines: Mapping[str, str] = json.loads((run.home / "machines.json").read_text())
    async with wire_to(run.api_port) as wire, contextlib.AsyncExitStack() as stack:
        cut = Settings.read({**told, "SUPABASE_URL": f"http://127.0.0.1:{wire.port}"})
        settings = Settings.read(told)
        backend = await stack.enter_async_context(open_backend(settings))
        over_the_wire = await stack.enter_async_context(open_backend(cut))
        live = MachineClient(over_the_wire, account(machines["HANDRAIL_MACHINE_LIVE"]))
        hub = LiveHub(live)
        await hub.start()
        for _ in range(_PATIENCE * 10):
            if hub.joined:
                break
            await asyncio.sleep(0.1)
        yield backend, hub, wire, settings
        await hub.stop()
        await live.close()


async def _screen(backend: Backend, settings: Settings, device: Device) -> _Screen:
    seal = Seal(settings.seal_keys)
    vault = Vault(backend, seal, SystemClock())
    kept = await vault.read(hash_cookie(device.cookie))
    messages = Messages(vault.door(kept.tokens), seal)
    thread = await messages.open(kept.person_id)
    return _Screen(kept.person_id, messages, thread.thread_id)


async def _write(screens: list[_Screen], seconds: int) -> dict[UUID, float]:
    """Open loop: each at its moment, however long the ones before take. When each was begun."""
    begun: dict[UUID, float] = {}
    start = time.perf_counter()
    tasks = []
    for number in range(seconds * _A_SECOND):
        await asyncio.sleep(max(0.0, start + number / _A_SECOND - time.perf_counter()))
        client_id, screen = uuid4(), screens[number % len(screens)]
        begun[client_id] = time.perf_counter()
        tasks.append(asyncio.create_task(_send(screen, client_id, number)))
    await asyncio.gather(*tasks)
    return begun


async def _send(screen: _Screen, client_id: UUID, number: int) -> None:
    while True:
        try:
            await screen.messages.send(screen.thread, client_id, f"Message number {number}")
            return
        except Unreachable:
            await asyncio.sleep(0.2)


async def _all_shown(screens: list[_Screen], begun: Mapping[UUID, float]) -> int:
    """Waits until every message stands on its screen; how many never did."""
    missing = set(begun)
    for _ in range(_PATIENCE * 10):
        missing -= {id_ for screen in screens for id_ in screen.shown}
        if not missing:
            break
        await asyncio.sleep(0.1)
    return len(missing)


async def _cut(wire: Wire) -> None:
    while True:
        await asyncio.sleep(3)
        wire.mended = False
        wire.cut()
        await asyncio.sleep(1)
        wire.mended = True
