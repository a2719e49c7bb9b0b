"""Locks devices: when their page asks, when somebody left in a hurry, and when nobody is there."""

import asyncio
import contextlib
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Devices
from app.core.clock import Clock
from app.core.errors import AppError, NotAllowed
from app.core.logs import log_fault
from app.shell.codes import Close
from app.shell.socket import Sockets
from app.shell.visit import visit_of

SWEEP_SECONDS: Final = 5.0


class Locking:
    """The lock of this process: what is drawn for a locked device ends here at once."""

    def __init__(self, devices: Devices, sockets: Sockets, clock: Clock) -> None:
        self._devices = devices
        self._sockets = sockets
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """`POST /lock`, for our host page; the gate checks that it is ours."""
        return [Route("/lock", self._asked, methods=["POST"])]

    async def lock(self, cookie: str) -> None:
        """Locks the device of a cookie value here and everywhere; without one nothing happens.

        Here it is locked also when the database could not be told: `Unreachable` then.
        """
        try:
            device = await self._devices.open(cookie)
        except NotAllowed:
            return
        try:
            await self._devices.lock(device)
        finally:
            await self._sockets.close_device(device.cookie_hash, Close.LOCKED)

    async def keep_looking(self) -> None:
        """Looks every few seconds for devices nobody uses any more; never returns."""
        while True:
            await self._clock.sleep(SWEEP_SECONDS)
            try:
                await self.look()
            except Exception as error:
                log_fault("lock_sweep_failed", error)

    async def look(self) -> None:
        """Locks the devices whose time is over, and notes in their rows who was there."""
        await asyncio.gather(*map(self._look_at, self._sockets.devices()))

    async def _look_at(self, cookie_hash: str) -> None:
        if self._devices.seems_locked(cookie_hash):
            code = await self._verdict(cookie_hash)
            if code is not None:
                await self._sockets.close_device(cookie_hash, code)
            return
        try:
            await self._devices.note(cookie_hash)
        except AppError:
            # With the next look; nobody is locked out meanwhile.
            return

    async def _verdict(self, cookie_hash: str) -> Close | None:
        """Why a device's screens end that seems idle; the row may know that it is not."""
        try:
            if not await self._devices.locked(cookie_hash):
                return None
        except NotAllowed:
            return Close.SIGNED_OUT
        except AppError:
            # Nobody can say that somebody was there.
            return Close.LOCKED
        with contextlib.suppress(AppError):
            await self._devices.lock(self._devices.at_hand(cookie_hash))
        return Close.LOCKED

    async def _asked(self, request: Request) -> Response:
        if cookie := visit_of(request.scope).cookie:
            await self.lock(cookie)
        return Response(status_code=204, headers={"cache-control": "no-store"})
