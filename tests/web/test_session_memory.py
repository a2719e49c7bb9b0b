"""A screen that nobody comes back to is let go, also by us."""

import asyncio
import gc
import weakref

import pytest

from app.core.collector import Collector
from app.shell import guarded
from app.shell.limits import Limits
from tests.core.clocks import ShiftedClock
from tests.web.test_sockets import until
from tests.web.wiring import cookie_hash, registered, running


async def test_a_session_whose_time_is_over_is_not_kept_for_a_device_that_stays_away() -> None:
    async with running(session_timeout_seconds=1) as app:
        async with app.browser(app.people.sign_in("Amina")) as browser:
            await registered(browser)
        stayed = app.sockets.devices()
        async with app.browser(app.people.sign_in("Ben")) as browser:
            await registered(browser)
            await asyncio.sleep(3)
            assert app.sockets.devices() != stayed
            assert len(app.sockets.devices()) == len(stayed) == 1


async def test_the_screens_of_who_left_are_free_after_the_next_quiet_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guarded, "_GOODBYE_SECONDS", 0.1)
    gc.disable()
    try:
        async with running(Limits(send_seconds=0.1)) as app:
            clock = ShiftedClock()
            collector = Collector(
                clock,
                heard_at=lambda: app.sockets.heard_at,
                ended=lambda: app.sockets.counts().ended,
            )
            amina = app.people.sign_in("Amina")
            async with app.browser(amina) as browser:
                session_id, _ = await registered(browser)
            await until(lambda: app.sockets.counts().sockets == 0)
            page = weakref.ref(app.pages.pop(session_id))
            await app.sockets.close_device(cookie_hash(amina))
            # The timers of its goodbye must be over: they hold the page, too.
            await asyncio.sleep(0.3)
            collector.look()
            assert page() is not None
            clock.shift = 31
            collector.look()
            assert page() is None
    finally:
        gc.enable()
