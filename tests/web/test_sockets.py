"""Sockets on a real port: whose session it is, when it ends, and what a hostile one can do."""

import asyncio
import socket as sockets
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import flet as ft
import msgpack
import pytest
from flet.messaging.protocol import Message, MessageAction
from starlette.types import Message as AsgiMessage
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.cli import web
from app.core.clock import utc_now
from app.shell.codes import Close
from app.shell.frames import PING, PONG
from app.shell.guarded import GuardedSocket
from app.shell.limits import Limits
from tests.web.wiring import (
    Running,
    WrittenOut,
    closed_with,
    cookie_hash,
    event,
    heard,
    hello,
    registered,
    running,
    say,
    update,
)


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


def control(app: Running, session_id: str, text: str) -> int:
    """The number of the button with that text."""
    page = app.pages[session_id]
    pending = list(page.controls)
    while pending:
        each = pending.pop()
        if getattr(each, "content", None) == text:
            return int(each._i)
        pending.extend(getattr(each, "controls", []) or [])
    raise LookupError(text)


async def until(wanted: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def first_text(page: ft.Page) -> ft.Text:
    """The greeting at the top."""
    text = page.controls[0]
    assert isinstance(text, ft.Text)
    return text


async def test_person_sees_own_page(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, drawn = await registered(browser)
        assert "Hi Amber" in drawn
        await browser.send(event(control(app, session_id, "tap"), "click"))
        await until(lambda: app.events == ["Amber tapped"])


async def test_socket_without_valid_cookie_is_accepted_then_closed_as_signed_out(
    app: Running,
) -> None:
    for cookie in (None, "nobody", "x" * 43):
        async with app.browser(cookie) as browser:
            assert await closed_with(browser) == Close.SIGNED_OUT


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_foreign_origin_is_refused_before_the_socket_opens(app: Running, origin: str) -> None:
    amber = app.people.sign_in("Amber")
    with pytest.raises(InvalidStatus) as refused:
        async with app.browser(amber, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_next_person_in_the_same_tab_never_meets_the_session_of_the_one_before(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    yusuf = app.people.sign_in("Yusuf")
    async with app.browser(yusuf) as browser:
        other, drawn = await registered(browser, session_id)
    assert other != session_id
    assert "Hi Yusuf" in drawn
    assert "Amber" not in drawn


async def test_session_comes_back_in_the_same_tab(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    async with app.browser(amber) as browser:
        again, drawn = await registered(browser, session_id)
        await until(lambda: app.events == ["reattached"])
    assert again == session_id
    assert "Hi Amber" in drawn


async def test_session_survives_a_change_of_network() -> None:
    async with running(proxies=("127.0.0.1",)) as app:
        amber = app.people.sign_in("Amber")
        async with app.browser(amber, **{"x-forwarded-for": "198.51.100.7"}) as browser:
            session_id, _ = await registered(browser)
        async with app.browser(amber, **{"x-forwarded-for": "203.0.113.9"}) as browser:
            again, _ = await registered(browser, session_id)
        assert again == session_id


async def test_cookie_that_now_belongs_to_another_person_gets_a_fresh_session(
    app: Running,
) -> None:
    cookie = app.people.sign_in("Amber")
    async with app.browser(cookie) as browser:
        session_id, _ = await registered(browser)
    yusuf = app.people.by_cookie.pop(app.people.sign_in("Yusuf")).person_id
    app.people.by_cookie[cookie] = type(app.people.by_cookie[cookie])(cookie_hash(cookie), yusuf)
    async with app.browser(cookie) as browser:
        other, drawn = await registered(browser, session_id)
    assert other != session_id
    assert "Amber" not in drawn


async def test_tab_that_lost_its_network_silently_takes_its_session_over(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as dead:
        session_id, _ = await registered(dead)
        async with app.browser(amber) as browser:
            again, _ = await registered(browser, session_id)
            assert again == session_id
            assert await closed_with(dead) == Close.GONE


async def test_duplicated_tab_gets_a_session_of_its_own_while_the_first_lives(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as first:
        session_id, _ = await registered(first)

        async def answer() -> None:
            async for data in first:
                if data == bytes([PING]):
                    await first.send(bytes([PONG]))

        answering = asyncio.create_task(answer())
        async with app.browser(amber) as second:
            other, _ = await registered(second, session_id)
        answering.cancel()
        assert other != session_id
        assert first.close_code is None


async def test_closing_a_device_closes_all_its_sockets_and_no_other(app: Running) -> None:
    amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
    async with (
        app.browser(amber) as one,
        app.browser(amber) as two,
        app.browser(yusuf) as other,
    ):
        session_id, _ = await registered(one)
        await registered(two)
        other_id, _ = await registered(other)
        await app.sockets.close_device(cookie_hash(amber))
        assert await closed_with(one) == Close.SIGNED_OUT
        assert await closed_with(two) == Close.SIGNED_OUT
        await other.send(event(control(app, other_id, "tap"), "click"))
        await until(lambda: app.events == ["Yusuf tapped"])
        assert app.sockets.counts().sessions == 1
        assert app.sockets.devices() == [cookie_hash(yusuf)]
    async with app.browser(amber) as late:
        await late.send(hello(session_id))
        assert await closed_with(late) == Close.SIGNED_OUT


async def test_closing_a_device_ends_its_sessions_that_wait_for_their_browser(
    app: Running,
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
    await until(lambda: app.sockets.counts().sockets == 0)
    ended = app.pages[session_id]
    ended.on_close = lambda: app.events.append("closed")
    await app.sockets.close_device(cookie_hash(amber))
    await until(lambda: "closed" in app.events)
    assert app.sockets.counts().sessions == 0


async def test_devices_of_a_person_are_known_as_long_as_they_have_a_session(app: Running) -> None:
    amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
    async with app.browser(amber) as one, app.browser(yusuf) as two:
        await registered(one)
        await registered(two)
        person = app.people.by_cookie[amber].person_id
        assert app.sockets.devices(person) == [cookie_hash(amber)]
        assert sorted(app.sockets.devices()) == sorted([cookie_hash(amber), cookie_hash(yusuf)])
    assert app.sockets.devices(person) == [cookie_hash(amber)]


async def test_socket_ends_when_its_sign_in_expires(app: Running) -> None:
    amber = app.people.sign_in("Amber", expires_at=utc_now() + timedelta(seconds=0.3))
    async with app.browser(amber) as browser:
        await registered(browser)
        assert await closed_with(browser) == Close.SIGNED_OUT
    await until(lambda: app.sockets.counts().sessions == 0)


async def test_draining_closes_everybody_as_restarting_and_takes_nobody_new(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        await registered(browser)
        await app.sockets.drain(0.2)
        assert await closed_with(browser) == Close.RESTARTING
    async with app.browser(amber) as late:
        await late.send(hello())
        assert await closed_with(late) == Close.RESTARTING


async def test_failing_handler_sends_words_and_no_traceback(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        await browser.send(event(control(app, session_id, "fail"), "click"))
        action, body = await heard(browser)
    assert action == 6
    assert body == {"message": "Something went wrong."}


async def test_no_message_is_written_out_on_its_way(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        body = WrittenOut("anything")
        link = app.pages[session_id].session.connection
        link.send_message(Message(MessageAction.PATCH_CONTROL, body))
        assert (await heard(browser))[1] == {"message": "anything"}
        assert body.times == 0


async def test_hidden_and_disabled_controls_take_no_events(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        for text in ("locked", "hidden", "tap"):
            await browser.send(event(control(app, session_id, text), "click"))
        await until(lambda: len(app.events) > 0)
    assert app.events == ["Amber tapped"]


async def test_browser_cannot_set_what_is_not_its_own(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser, title="Owned", on_close="x", width=390)
        page = app.pages[session_id]
        text = first_text(page)
        await browser.send(update(text._i, value="typed", color="red", _values={}))
        await until(lambda: text.value == "typed")
    assert page.title != "Owned"
    assert page.width == 390
    assert (text.value, text.color) == ("typed", None)


BAD_FIRST = {
    "nothing of ours": (b"\x07hello", Close.NOT_UNDERSTOOD),
    "not msgpack": (b"\x00\xc1\xc1", Close.NOT_UNDERSTOOD),
    "no list": (b"\x00" + msgpack.packb({"a": 1}), Close.NOT_UNDERSTOOD),
    "unknown action": (say(99, {}), Close.NOT_UNDERSTOOD),
    "action as text": (say("register", {}), Close.NOT_UNDERSTOOD),
    "event before register": (event(1, "resize"), Close.NOT_ACCEPTABLE),
    "missing fields": (say(1, {"session_id": ""}), Close.NOT_UNDERSTOOD),
    "session id with a path": (hello("../../x"), Close.NOT_UNDERSTOOD),
    "route elsewhere": (hello(route="https://evil.example"), Close.NOT_ACCEPTABLE),
    "deeply nested": (b"\x00" + b"\x91" * 900 + b"\x01", Close.NOT_ACCEPTABLE),
    "nested beyond the parser": (b"\x00" + b"\x91" * 200_000 + b"\x01", Close.NOT_UNDERSTOOD),
    "too big": (b"\x00" + b"a" * 300_000, Close.TOO_BIG),
    "text": ("hello", Close.NOT_UNDERSTOOD),
    "broken date": (hello(route=msgpack.ExtType(1, b"soon")), Close.NOT_UNDERSTOOD),
}


@pytest.mark.parametrize(("frame", "code"), BAD_FIRST.values(), ids=BAD_FIRST.keys())
async def test_bad_first_frame_is_closed_with_a_code_and_harms_nobody(
    app: Running, frame: bytes | str, code: Close
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as good, app.browser(amber) as bad:
        await registered(good)
        await bad.send(frame)
        assert await closed_with(bad) == code
        assert good.close_code is None
    assert not app.events


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (hello(), Close.NOT_ACCEPTABLE),
        (event(1, "close"), Close.NOT_ACCEPTABLE),
        (event(1, "disconnect"), Close.NOT_ACCEPTABLE),
        (event(1, "resize", {"control": 1}), Close.NOT_ACCEPTABLE),
        (event(1, "__init__"), Close.NOT_UNDERSTOOD),
        (
            say(5, {"control_id": 999, "call_id": "x", "result": None, "error": None}),
            Close.NOT_ACCEPTABLE,
        ),
        (update(1, platform_brightness="purple"), Close.NOT_ACCEPTABLE),
    ],
)
async def test_bad_later_frame_ends_the_socket_but_not_the_session(
    app: Running, frame: bytes, code: Close
) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, _ = await registered(browser)
        await browser.send(frame)
        assert await closed_with(browser) == code
    async with app.browser(amber) as browser:
        again, _ = await registered(browser, session_id)
        assert again == session_id


async def test_flood_ends_only_the_socket_that_floods() -> None:
    limits = Limits(frames_per_second=5, frames_burst=20)
    async with (
        running(limits) as app,
        app.browser(app.people.sign_in("Amber")) as flooding,
        app.browser(app.people.sign_in("Yusuf")) as other,
    ):
        await registered(flooding)
        other_id, _ = await registered(other)

        async def flood() -> None:
            while True:
                await flooding.send(event(1, "resize", {"width": 1, "height": 1}))

        flooded = asyncio.create_task(flood())
        assert await closed_with(flooding, 15) == Close.NOT_ACCEPTABLE
        await asyncio.wait({flooded}, timeout=15)
        assert isinstance(flooded.exception(), ConnectionClosed)
        await other.send(event(control(app, other_id, "tap"), "click"))
        await until(lambda: app.events == ["Yusuf tapped"])


@pytest.mark.parametrize(
    "limits",
    [
        Limits(send_seconds=0.5, frames_waiting=10_000),
        Limits(send_seconds=60, frames_waiting=40),
    ],
    ids=["by time", "by number"],
)
async def test_reader_that_never_reads_is_ended_and_its_session_can_be_taken_up(
    limits: Limits,
) -> None:
    async with running(limits) as app:
        amber = app.people.sign_in("Amber")
        async with app.browser(amber) as browser:
            session_id, _ = await registered(browser)
            page = app.pages[session_id]
            browser.transport.pause_reading()
            for turn in range(60):
                first_text(page).value = str(turn) + "x" * 500_000
                page.update()
                await asyncio.sleep(0.01)
            await until(lambda: app.sockets.counts().sockets == 0)
            assert app.sockets.counts().closed == {"too_slow": 1}
            browser.transport.abort()
        first_text(page).value = "short"
        async with app.browser(amber) as browser:
            again, _ = await registered(browser, session_id)
            assert again == session_id


async def test_trouble_in_sending_ends_the_socket_and_is_no_error_for_flet() -> None:
    async def receive() -> AsgiMessage:
        await asyncio.sleep(0)
        return {"type": "websocket.connect"}

    async def send(message: AsgiMessage) -> None:
        if message["type"] == "websocket.send":
            raise OSError

    guarded = GuardedSocket({"type": "websocket", "headers": []}, receive, send, Limits())
    await WebSocket.accept(guarded)
    await guarded.send_bytes(b"first")
    await guarded.send_bytes(b"second")
    assert guarded.closed is Close.GONE


async def test_silent_socket_is_closed_as_too_slow() -> None:
    async with running(Limits(first_frame_seconds=0.2)) as app:
        amber = app.people.sign_in("Amber")
        async with app.browser(amber) as browser:
            assert await closed_with(browser) == Close.TOO_SLOW


async def test_ping_of_the_host_page_is_answered(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        await registered(browser)
        await browser.send(bytes([PING]))
        async with asyncio.timeout(10):
            assert await browser.recv() == bytes([PONG])


async def test_phone_that_is_gone_without_a_word_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 2 * web._PING_SECONDS <= 16
    monkeypatch.setattr(web, "_PING_SECONDS", 0.2)
    async with running() as app:
        amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
        async with app.browser(amber) as gone, app.browser(yusuf) as there:
            await registered(gone)
            await registered(there)
            gone.transport.pause_reading()
            await until(lambda: app.sockets.counts().sockets == 1)
            assert there.close_code is None
            gone.transport.abort()


async def test_session_of_another_process_begins_anew(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with app.browser(amber) as browser:
        session_id, drawn = await registered(browser, "sessionElsewhere")
    assert session_id != "sessionElsewhere"
    assert "Hi Amber" in drawn


async def test_device_has_limited_sockets_and_others_still_get_in() -> None:
    async with running(Limits(sockets_per_device=2)) as app:
        amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
        async with (
            app.browser(amber) as one,
            app.browser(amber) as two,
            app.browser(amber) as three,
        ):
            await registered(one)
            await registered(two)
            assert await closed_with(three) == Close.TOO_MANY
            async with app.browser(yusuf) as other:
                await registered(other)


async def test_device_that_reconnects_again_and_again_keeps_a_bounded_number_of_sessions() -> None:
    async with running(Limits(sessions_per_device=3)) as app:
        amber = app.people.sign_in("Amber")
        made = []
        for _ in range(6):
            async with app.browser(amber) as browser:
                made.append((await registered(browser))[0])
            await asyncio.sleep(0.02)
        assert app.sockets.counts().sessions == 3
        async with app.browser(amber) as browser:
            assert (await registered(browser, made[-1]))[0] == made[-1]


async def test_address_has_limited_sockets() -> None:
    async with running(Limits(sockets_per_address=1)) as app:
        amber, yusuf = app.people.sign_in("Amber"), app.people.sign_in("Yusuf")
        async with app.browser(amber) as one, app.browser(yusuf) as two:
            await registered(one)
            assert await closed_with(two) == Close.TOO_MANY


async def test_half_open_sockets_leave_no_task_behind(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    before = len(asyncio.all_tasks())
    for _ in range(20):
        raw = sockets.create_connection(("127.0.0.1", app.port))
        raw.close()
        async with app.browser(amber):
            pass
    await until(lambda: len(asyncio.all_tasks()) <= before + 1)
