"""How wrong tries slow down guessing, and nobody else.

Only wrong tries count. A browser with five of them in an hour gets one more a minute. An address
with a hundred is answered a few requests at a time, each after a pause: a school shares one
address, so whoever has it right there still gets in, only a little later.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Final
from weakref import WeakValueDictionary

from starlette.requests import Request

from app.door.forms import Forms
from app.shell.limits import Places, TooMany
from app.shell.tries import WrongTries
from app.shell.visit import visit_of

_HOUR: Final = 3600.0
_WRONG_BY_BROWSER: Final = 5
_WRONG_BY_ADDRESS: Final = 100
_BROWSER_PAUSE: Final = 60.0
_ADDRESS_PAUSE: Final = 1.0
# Five a second: a room full of people is through in less than half a minute.
_AT_ONCE: Final = 5
_MOST_WAITING: Final = 200


class Pace:
    """Counts wrong tries at all pages of the door, in this process."""

    def __init__(self, forms: Forms, clock: Callable[[], float] = time.monotonic) -> None:
        self.forms = forms
        self._by_browser = WrongTries(_WRONG_BY_BROWSER, _HOUR, clock)
        self._by_address = WrongTries(_WRONG_BY_ADDRESS, _HOUR, clock)
        self._waiting = Places(_MOST_WAITING)
        self._lanes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def wrong(self, request: Request) -> None:
        """Count a wrong try of who asks."""
        self._by_address.count(visit_of(request.scope).address)
        if browser := self.forms.browser(request):
            self._by_browser.count(browser)

    def check(self, request: Request) -> None:
        """Raises `TooMany` when this browser has to wait before its next try."""
        browser = self.forms.browser(request)
        if browser and self._by_browser.spent(browser, _BROWSER_PAUSE):
            raise TooMany

    @contextlib.asynccontextmanager
    async def step(self, request: Request) -> AsyncIterator[None]:
        """Takes its time with an address from which many wrong tries came.

        Raises `TooMany` only when very many of its requests wait already.
        """
        address = visit_of(request.scope).address
        if not self._by_address.spent(address):
            yield
            return
        with self._waiting.one(address):
            lane = self._lanes.setdefault(address, asyncio.Semaphore(_AT_ONCE))
            async with lane:
                await asyncio.sleep(_ADDRESS_PAUSE)
        yield
