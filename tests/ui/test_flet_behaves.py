"""Each way in which bare Flet 1.0 would hurt people, shown on bare Flet.

When one of these turns red after an upgrade, Flet no longer does it, and the guard it names can go.
"""

import asyncio
import contextlib
from collections.abc import Callable

import flet as ft
import pytest

from tests.ui.harness import Visitor


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")


@pytest.fixture(autouse=True)
def flet_spared() -> None:
    """Bare Flet, with its own walks."""


def _update_loop(visitor: Visitor) -> asyncio.Task[None]:
    task: asyncio.Task[None] = vars(visitor.session)["_Session__updates_task"]
    return task


async def test_a_mistake_while_drawing_ends_the_session_without_a_word() -> None:
    """guard.screen, guard.keep_drawing"""

    @ft.component
    def Counter() -> ft.Control:
        count, set_count = ft.use_state(0)
        if count == 1:
            raise ValueError("a mistake")
        return ft.Button(f"count {count}", on_click=lambda: set_count(count + 1))

    anna = await Visitor.open(lambda page: page.render(Counter))
    await anna.tap("count 0")

    assert _update_loop(anna).done()
    with contextlib.suppress(ValueError):
        await _update_loop(anna)
    assert anna.sees("count 0")
    assert anna.browser.crash is None


async def test_a_callback_from_outside_sends_one_persons_screen_to_another() -> None:
    """guard.in_page"""
    setters: list[Callable[[str], None]] = []

    @ft.component
    def Inbox() -> ft.Control:
        text, set_text = ft.use_state("empty")
        setters.append(set_text)
        return ft.Text(text)

    anna = await Visitor.open(lambda page: page.render(Inbox))
    ben = await Visitor.open(lambda page: page.render(Inbox))

    @ft.component
    def Sender() -> ft.Control:
        return ft.Button("send", on_click=lambda: setters[1]("for Ben alone"))

    cleo = await Visitor.open(lambda page: page.render(Sender))
    await cleo.tap("send")

    assert any(b"for Ben alone" in frame for frame in cleo.heard)
    assert not ben.sees("for Ben alone")
    assert anna.sees("empty")


async def test_a_mistake_in_a_handler_shows_the_traceback_to_people() -> None:
    """guard.action, guard.hide_tracebacks"""

    @ft.component
    def Form() -> ft.Control:
        def save() -> None:
            raise KeyError("a secret of the server")

        return ft.Button("save", on_click=save)

    anna = await Visitor.open(lambda page: page.render(Form))
    await anna.tap("save")

    assert anna.browser.crash is not None
    assert "a secret of the server" in anna.browser.crash
    assert "Traceback" in anna.browser.crash


async def test_what_changes_while_the_phone_is_away_is_not_shown_afterwards() -> None:
    """guard.heal"""
    setters: list[Callable[[int], None]] = []

    @ft.component
    def Counter() -> ft.Control:
        count, set_count = ft.use_state(0)
        setters.append(set_count)
        return ft.Text(f"count {count}")

    anna = await Visitor.open(lambda page: page.render(Counter))
    await anna.lose_network()
    setters[-1](1)
    await anna.return_()

    assert anna.sees("count 0")


async def test_a_session_that_expires_does_not_take_its_screens_down() -> None:
    """session.Lifetime.at_end"""
    ended: list[str] = []

    @ft.component
    def Listening() -> ft.Control:
        ft.use_effect(lambda: None, [], cleanup=lambda: ended.append("ended"))
        return ft.Text("listening")

    anna = await Visitor.open(lambda page: page.render(Listening))
    await anna.lose_network()
    anna.session.close()
    await anna.settle()

    assert ended == []


async def test_a_mistake_in_an_effect_is_told_to_nobody() -> None:
    """guard.action around every effect that waits for something"""

    @ft.component
    def Reading() -> ft.Control:
        async def read() -> None:
            raise ValueError("a mistake")

        ft.use_effect(read, [])
        return ft.Text("reading")

    problems: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: problems.append(context))
    anna = await Visitor.open(lambda page: page.render(Reading))

    assert anna.sees("reading")
    assert anna.browser.crash is None
    assert problems == []
