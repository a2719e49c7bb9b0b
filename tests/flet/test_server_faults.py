"""What Flet's own web server does and ours must not: each shown on Flet as it comes.

When one of these turns red after an upgrade, Flet no longer does it, and the guard it names in
app/shell can go. The test that the guard works stands in tests/web under the name it gives.
"""

import asyncio
import gc
import logging
import re
from pathlib import Path

import flet as ft
import flet_web
import flet_web.fastapi as flet_fastapi
import httpx
import pytest
from flet.messaging.protocol import Message, MessageAction, SessionCrashedBody
from flet_web.fastapi.flet_app import FletApp
from websockets.asyncio.client import ClientConnection

from tests.flet.bare import Bare, bare
from tests.web.wiring import WrittenOut, closed_with, event, heard, hello, registered, say, update

WEB = Path(flet_web.__file__).parent / "web"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL + 1)


def greeting(page: ft.Page) -> None:
    page.add(ft.Text("Hi Amber"))


async def session_of(browser: ClientConnection, session_id: str = "") -> str:
    return (await registered(browser, session_id))[0]


async def detached(server: Bare) -> None:
    """Waits until Flet noticed that the last socket is gone."""
    await asyncio.wait({server.handling[-1]}, timeout=3)
    assert server.pages[-1].session.connection is None


async def test_flet_takes_sockets_from_any_page_in_the_world() -> None:
    """gate: test_foreign_origin_is_refused_before_the_socket_opens"""
    async with bare(greeting) as server, server.browser(origin="https://evil.example") as browser:
        assert "Hi Amber" in (await registered(browser))[1]


async def test_flet_gives_the_next_person_behind_an_address_the_session_of_the_one_before() -> None:
    """visit, gate: test_next_person_in_the_same_tab_never_meets_the_session_of_the_one_before"""
    async with bare(greeting) as server:
        async with server.browser() as browser:
            before = await session_of(browser)
        await detached(server)
        async with server.browser() as browser:
            after, drawn = await registered(browser, before)
    assert after == before
    assert "Hi Amber" in drawn


async def test_flet_loses_the_session_when_the_network_changes() -> None:
    """gate: test_session_survives_a_change_of_network"""
    async with bare(greeting) as server:
        server.client = ("198.51.100.7", 1)
        async with server.browser() as browser:
            before = await session_of(browser)
        await detached(server)
        server.client = ("203.0.113.9", 1)
        async with server.browser() as browser:
            assert await session_of(browser, before) != before


async def test_flet_gives_a_new_session_while_the_dead_socket_is_not_noticed() -> None:
    """socket: test_tab_that_lost_its_network_silently_takes_its_session_over"""
    async with bare(greeting) as server, server.browser() as dead:
        before = await session_of(dead)
        async with server.browser() as browser:
            assert await session_of(browser, before) != before


async def test_flet_sends_the_traceback_of_a_handler_to_the_browser() -> None:
    """socket: test_failing_handler_sends_words_and_no_traceback"""

    def fill(page: ft.Page) -> None:
        def fail() -> None:
            raise ValueError("the diary of Amber")

        page.add(ft.Button("fail", on_click=fail))

    async with bare(fill) as server, server.browser() as browser:
        await registered(browser)
        await browser.send(event(server.pages[0].controls[0]._i, "click"))
        action, body = await heard(browser)
    assert action == MessageAction.SESSION_CRASHED.value
    assert "the diary of Amber" in body["message"]
    assert "Traceback" in body["message"]


async def test_flet_waits_forever_for_a_socket_that_closed_before_its_first_frame() -> None:
    """guarded: test_half_open_sockets_leave_no_task_behind"""
    async with bare(greeting) as server:
        async with server.browser():
            pass
        await asyncio.wait({server.handling[0]}, timeout=1)
        assert not server.handling[0].done()


async def test_flet_makes_a_second_session_on_a_second_introduction_and_never_ends_the_first() -> (
    None
):
    """guarded: test_bad_later_frame_ends_the_socket_but_not_the_session"""
    async with bare(greeting) as server:
        async with server.browser() as browser:
            first = await session_of(browser)
            await browser.send(hello("unknown"))
            action, body = await heard(browser)
            await heard(browser)
        await asyncio.wait({server.handling[0]}, timeout=2)
        assert (action, body["session_id"] != first) == (1, True)
        assert [page.session.connection is None for page in server.pages] == [False, True]


async def test_flet_lets_the_browser_set_any_property_of_the_page() -> None:
    """frames: test_browser_cannot_set_what_is_not_its_own"""
    async with bare(greeting) as server, server.browser() as browser:
        await registered(browser, title="Owned", _made_up=1)
        page = server.pages[0]
        text = page.controls[0]
        await browser.send(update(text._i, color="red"))
        await asyncio.sleep(0.1)
    assert page.title == "Owned"
    assert vars(page)["_made_up"] == 1
    assert isinstance(text, ft.Text)
    assert text.color == "red"


async def test_flet_takes_events_on_hidden_and_disabled_controls() -> None:
    """socket: test_hidden_and_disabled_controls_take_no_events"""
    taps: list[str] = []

    def fill(page: ft.Page) -> None:
        page.add(
            ft.Button("locked", disabled=True, on_click=lambda: taps.append("locked")),
            ft.Button("hidden", visible=False, on_click=lambda: taps.append("hidden")),
        )

    async with bare(fill) as server, server.browser() as browser:
        await registered(browser)
        for button in server.pages[0].controls:
            await browser.send(event(button._i, "click"))
        await asyncio.sleep(0.1)
    assert taps == ["locked", "hidden"]


async def test_flet_lets_the_browser_say_that_its_page_is_closed() -> None:
    """frames: test_bad_later_frame_ends_the_socket_but_not_the_session"""
    closings: list[str] = []

    def fill(page: ft.Page) -> None:
        page.on_close = lambda: closings.append("closed")

    async with bare(fill) as server, server.browser() as browser:
        await browser.send(hello())
        await heard(browser)
        await browser.send(event(1, "close"))
        await asyncio.sleep(0.1)
        assert closings == ["closed"]
        assert browser.close_code is None


async def test_flet_ends_a_socket_without_a_code_on_a_frame_it_does_not_know() -> None:
    """frames: test_bad_first_frame_is_closed_with_a_code_and_harms_nobody"""
    async with bare(greeting) as server, server.browser() as browser:
        await registered(browser)
        await browser.send(say(99, {}))
        assert await closed_with(browser) == 1006


async def test_flet_keeps_a_session_connected_whose_socket_cannot_send_any_more() -> None:
    """guarded: test_reader_that_never_reads_is_ended_and_its_session_can_be_taken_up"""
    async with bare(greeting) as server:
        async with server.browser() as browser:
            await registered(browser)
            app = server.apps[0]
            vars(app)["_FletApp__websocket"].send_bytes = _refuses
            server.pages[0].title = "changed"
            server.pages[0].update()
            await asyncio.sleep(0.05)
        await asyncio.wait({server.handling[0]}, timeout=2)
        assert isinstance(server.handling[0].exception(), OSError)
        assert server.pages[0].session.connection is app


async def _refuses(data: bytes) -> None:
    raise OSError


async def test_flet_queues_without_end_for_a_browser_that_does_not_read() -> None:
    """guarded.expect: test_reader_that_never_reads_is_ended_and_its_session_can_be_taken_up"""
    async with bare(greeting) as server, server.browser() as browser:
        await registered(browser)
        browser.transport.pause_reading()
        crash = Message(MessageAction.SESSION_CRASHED, SessionCrashedBody("x" * 500_000))
        for _ in range(300):
            server.apps[0].send_message(crash)
        await asyncio.sleep(0.2)
        queue = vars(server.apps[0])["_FletApp__send_queue"]
        assert queue.qsize() > 256
        assert browser.close_code is None
        browser.transport.abort()


async def test_flet_writes_out_every_message_for_a_log_that_nobody_reads() -> None:
    """link._Unwritten: test_no_message_is_written_out_on_its_way"""
    async with bare(greeting) as server, server.browser() as browser:
        await registered(browser)
        body = WrittenOut("anything")
        server.apps[0].send_message(Message(MessageAction.SESSION_CRASHED, body))
        assert body.times > 0


async def test_flet_logs_what_people_send() -> None:
    """core.logs drops the text of every library's line"""
    written: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    logger, handler = logging.getLogger("flet_web.fastapi"), Keeping()
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    try:
        async with bare(greeting) as server, server.browser() as browser:
            await registered(browser)
            await browser.send(update(1, platform_brightness="the diary of Amber"))
            await asyncio.sleep(0.1)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert "the diary of Amber" in "".join(written)


async def test_flet_serves_hidden_files_and_its_api_pages(tmp_path: Path) -> None:
    """static, engine: test_engine_serves_named_files_only, test_unknown_address_is_a_real_404"""
    (tmp_path / ".secret").write_text("key")
    stock = httpx.ASGITransport(flet_fastapi.app(greeting, assets_dir=str(tmp_path)))
    async with httpx.AsyncClient(transport=stock, base_url="http://stock") as client:
        assert (await client.get("/.secret")).text == "key"
        assert (await client.get("/openapi.json")).status_code == 200
        assert (await client.get("/anything/at/all")).status_code == 200
        assert "content-security-policy" not in (await client.get("/")).headers
        script = await client.get("/python.js", headers={"accept-encoding": "gzip, br"})
        assert "cache-control" not in script.headers
        assert "content-encoding" not in script.headers


def test_flets_start_script_registers_a_service_worker_of_its_own() -> None:
    """changed.without_service_worker: test_start_script_registers_no_service_worker"""
    bootstrap = (WEB / "flutter_bootstrap.js").read_text(encoding="utf-8")
    assert re.search(r"serviceWorkerSettings:\s*\{\s*serviceWorkerVersion", bootstrap)
    assert "unregister" in (WEB / "flutter_service_worker.js").read_text(encoding="utf-8")


def test_flets_engine_is_one_whose_threads_share_a_table_of_letters() -> None:
    """changed.on_one_thread: test_engine_works_on_one_thread

    Nothing in the compiled engine tells whether the fault is mended. When this turns red, look
    whether https://github.com/flutter/flutter/pull/190048 is in Flet's new Flutter.
    """
    bootstrap = (WEB / "flutter_bootstrap.js").read_text(encoding="utf-8")
    assert '"engineRevision":"0cd610717bde95fd88343c64f81c11ba4e5c0010"' in bootstrap
    assert "skwasmSingleThreaded:" in bootstrap
    assert "forceSingleThreadedSkwasm" in bootstrap


def test_flets_font_list_loads_formulas_for_everybody_and_no_text_font() -> None:
    """changed.slim_fonts: test_font_list_has_roboto_and_no_formulas"""
    manifest = (WEB / "assets/FontManifest.json").read_text(encoding="utf-8")
    assert "KaTeX_Main" in manifest
    assert "CupertinoIcons" in manifest
    assert "Roboto" not in manifest


def test_flets_client_waits_twice_as_long_each_time_and_fetches_from_elsewhere() -> None:
    """templates/socket.js; headers.app_policy"""
    client = (WEB / "main.dart.js").read_text(encoding="utf-8")
    assert "https://cdn.jsdelivr.net/npm/@rive-app/" in client
    assert re.search(r'else \w\*=2.{0,300}"Reconnect in "', client, re.DOTALL)


def test_flets_wheel_has_no_arabic_letters() -> None:
    """assets/fonts: test_arabic_letters_have_a_font_where_the_engine_looks_for_it"""
    assert not list(WEB.rglob("*notosansarabic*"))


def test_names_of_flet_that_are_private_and_used_are_still_there() -> None:
    """link.Link"""
    assert "_FletApp__get_unique_session_id" in vars(FletApp)
    gc.collect()
    app = FletApp(asyncio.new_event_loop(), flet_fastapi.app_manager.executor, greeting, None)
    try:
        assert vars(app)["_FletApp__session"] is None
    finally:
        app.loop.close()
