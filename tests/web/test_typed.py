"""What somebody types while there is no connection stands in its field when the screen is back."""

from collections.abc import AsyncIterator

import flet as ft
import pytest
from websockets.asyncio.client import ClientConnection

from app.shell.codes import Close
from app.shell.frames import RESUME
from tests.web.test_sockets import first_text, until
from tests.web.wiring import (
    Running,
    closed_with,
    event,
    heard,
    hello,
    registered,
    running,
    update,
)

PATCH = 2


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


def note(app: Running, session_id: str) -> ft.TextField:
    """The field of the small app."""
    return next(each for each in app.pages[session_id].controls if isinstance(each, ft.TextField))


def resume(session_id: str, drawn: int) -> bytes:
    """What the host page says when it has its connection back."""
    return bytes([RESUME]) + f"{session_id}.{drawn}".encode()


async def typed(browser: ClientConnection, field: ft.TextField, text: str) -> None:
    """As the host page says it before it introduces itself."""
    await browser.send(update(field._i, value=text))
    await browser.send(event(field._i, "change", text))


async def test_field_comes_back_with_what_was_typed_and_its_handler_hears_of_it(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    async with app.browser(amber) as browser:
        await typed(browser, note(app, session_id), "see you at four")
        again, drawn = await registered(browser, session_id)
        assert again == session_id
        assert "see you at four" in drawn
        await until(lambda: "Amber wrote see you at four" in app.events)


async def test_nothing_of_it_reaches_another_session_or_another_person(app: Running) -> None:
    amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    field = note(app, session_id)
    for cookie, named in ((amber, ""), (yusuf, session_id)):
        async with app.browser(cookie) as other:
            await typed(other, field, "not for you")
            name, drawn = await registered(other, named)
            assert name != session_id
            assert "not for you" not in drawn
    assert field.value == ""
    assert not [each for each in app.events if "wrote" in each]


async def test_locked_device_takes_nothing(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        field = note(app, session_id)
    async with app.browser(amber) as browser:
        await app.people.lock(amber)
        await typed(browser, field, "anybody")
        await browser.send(hello(session_id))
        assert await closed_with(browser) == Close.LOCKED
    assert field.value == ""


async def test_only_what_fields_say_may_come_first_and_not_without_end(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    for frames in ([event(3, "click")], [update(1, route="/x")], [update(5, value="a")] * 200):
        async with app.browser(amber) as browser:
            for frame in frames:
                await browser.send(frame)
            assert await closed_with(browser) == Close.NOT_ACCEPTABLE


async def test_session_is_taken_up_without_a_word_about_the_page(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser, route="/plan", width=390)
    async with app.browser(amber) as browser:
        await browser.send(resume(session_id, 99))
        _, body = await heard(browser)
        assert body["session_id"] == session_id
        assert "Hi Amber" in repr(body)
        assert (app.pages[session_id].route, app.pages[session_id].width) == ("/plan", 390)
        await until(lambda: "reattached" in app.events)


async def test_browser_that_has_drawn_everything_gets_nothing_again_but_what_is_new(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    for drawn, words in ((1, "Hello"), (2, "Hello again")):
        async with app.browser(amber) as browser:
            await typed(browser, note(app, session_id), "still here")
            await browser.send(resume(session_id, drawn))
            await until(lambda: len(app.sockets._links) == 1)
            greeting = first_text(app.pages[session_id])
            greeting.value = words
            greeting.update()
            action, body = await heard(browser)
            assert (action, repr(body).count(words)) == (PATCH, 1)
            assert "Amber wrote still here" in app.events


async def test_session_that_is_gone_or_somebody_elses_is_not_taken_up(app: Running) -> None:
    amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    for cookie, name, code in (
        (yusuf, session_id, Close.NO_SESSION),
        (amber, "never0was", Close.NO_SESSION),
        (amber, "/../", Close.NOT_UNDERSTOOD),
        (amber, "a" * 65, Close.NOT_UNDERSTOOD),
    ):
        async with app.browser(cookie) as browser:
            await browser.send(resume(name, 0))
            assert await closed_with(browser) == code
