"""Work of a process that nobody waits for."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from app.core.errors import AppError
from app.core.logs import log_fault


class Background:
    """Runs such work, holds it until it is done, and lets none of its errors get away."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin with `work` now. A backend that is away is no fault: what asks again will come."""

        async def guarded() -> None:
            try:
                await work
            except AppError:
                return
            except Exception as error:
                log_fault("background_failed", error)

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """End all of it."""
        for task in self._tasks:
            task.cancel()
