"""A screen that nobody comes back to is let go, also by us."""

import asyncio

from tests.web.wiring import registered, running


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
