"""What tests of live hints share: a hub for the length of a block, and something that changes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from app.core.auth import Device
from app.core.live import LiveHub
from app.core.machine import MachineClient

MakeMachine = Callable[[str], Awaitable[MachineClient]]
KINDS = frozenset({"person", "organisation", "made_up"})


@contextlib.asynccontextmanager
async def listening(machine: MachineClient, **options: Any) -> AsyncIterator[LiveHub]:
    hub = LiveHub(machine, **options)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.01)


async def rename(device: Device, name: str) -> None:
    (row,) = await device.db.view("people", where={"id": device.person_id})
    await device.db.rpc(
        "update_me",
        name=name,
        language=row["language"],
        time_zone=row["time_zone"],
        version=row["version"],
    )
