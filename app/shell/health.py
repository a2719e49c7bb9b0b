"""Two questions of whoever runs the app: is the process alive, and can it serve people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.clock import Clock

Check = Callable[[], Awaitable[object]]
"""Looks whether one thing works; a false answer or any error means that it does not."""

_NO_STORE = {"cache-control": "no-store"}


class Health:
    """`/healthz` and `/readyz`. The checks run at most once a second while all is well, and
    all together, so that asking costs the database nothing."""

    def __init__(
        self, checks: Mapping[str, Check], clock: Clock, *, check_seconds: float = 3.0
    ) -> None:
        self._checks = dict(checks)
        self._clock = clock
        self._check_seconds = check_seconds
        self._leaving = False
        self._looked_at = float("-inf")
        self._found: dict[str, bool] = {}
        self._lock = asyncio.Lock()

    def leave(self) -> None:
        """From now on not ready: the process is about to end and wants no new visitors."""
        self._leaving = True

    async def ready(self) -> dict[str, bool]:
        """Each check's name and whether it passed, at most a second old."""
        async with self._lock:
            # Good news keeps for a second; a start should not wait that long for it.
            keeps = 1.0 if self._found and all(self._found.values()) else 0.1
            if self._clock.monotonic() - self._looked_at >= keeps:
                results = await asyncio.gather(*map(self._passes, self._checks.values()))
                self._found = dict(zip(self._checks, results, strict=True))
                self._looked_at = self._clock.monotonic()
            return self._found

    def routes(self) -> list[BaseRoute]:
        """Both addresses; neither tells more than names of checks and whether they passed."""

        async def alive(request: Request) -> Response:
            return PlainTextResponse("ok", headers=_NO_STORE)

        async def readiness(request: Request) -> Response:
            found = await self.ready()
            ready = all(found.values()) and not self._leaving
            body = {"ready": ready, "leaving": self._leaving, "checks": found}
            return JSONResponse(body, 200 if ready else 503, headers=_NO_STORE)

        return [Route("/healthz", alive), Route("/readyz", readiness)]

    async def _passes(self, check: Check) -> bool:
        try:
            return bool(await asyncio.wait_for(check(), self._check_seconds))
        except Exception:
            return False


def heard_within(heard_at: Callable[[], datetime | None], seconds: float, clock: Clock) -> Check:
    """A check that something was heard not longer than `seconds` ago (hints: 90)."""

    async def check() -> bool:
        last = heard_at()
        return last is not None and clock.now() - last <= timedelta(seconds=seconds)

    return check
