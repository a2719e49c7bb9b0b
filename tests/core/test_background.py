"""Work that nobody waits for is done, and what goes wrong in it stays there."""

import asyncio

from app.core.background import Background
from app.core.errors import Unreachable
from app.core.logs import faults


async def test_work_is_done_and_its_errors_hurt_nobody() -> None:
    background, done, before = Background(), asyncio.Event(), faults("background_failed")

    async def fail(error: Exception) -> None:
        raise error

    async def finish() -> None:
        done.set()

    for work in (fail(Unreachable("unreachable")), fail(KeyError("x")), finish()):
        background.keep(work)
    await done.wait()
    await asyncio.sleep(0)

    assert faults("background_failed") == before + 1


async def test_what_still_runs_is_ended() -> None:
    background, begun, ended = Background(), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    background.keep(wait())
    await begun.wait()
    background.cancel()
    await asyncio.wait_for(ended.wait(), 5)
