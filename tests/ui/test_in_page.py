"""Callbacks from outside a session: hints, timers, threads. They reach one page and no other."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.design.guard import action, in_page, screen
from tests.ui.bare import root_of
from tests.ui.harness import Visitor


@screen
def Still() -> ft.Control:
    return ft.Text("still")


async def test_a_callback_from_outside_reaches_its_own_page_and_no_other() -> None:
    setters: dict[str, Callable[[str], None]] = {}

    def inbox(name: str) -> Callable[[], ft.Control]:
        @screen
        def Inbox() -> ft.Control:
            text, set_text = ft.use_state("empty")
            setters[name] = set_text
            return ft.Text(text)

        return Inbox

    anna = await Visitor.open(root_of(inbox("anna")))
    ben = await Visitor.open(root_of(inbox("ben")))

    @screen
    def Sender() -> ft.Control:
        @action
        def send() -> None:
            in_page(ben.session.page, setters["ben"], "for Ben alone")

        return ft.Button("send", on_click=send)

    cleo = await Visitor.open(root_of(Sender))
    await cleo.tap("send")
    await ben.until_sees("for Ben alone")

    assert not any(b"for Ben alone" in frame for frame in [*cleo.heard, *anna.heard])


async def test_a_callback_from_a_thread_reaches_its_page() -> None:
    setters: list[Callable[[int], None]] = []

    @screen
    def Root() -> ft.Control:
        count, set_count = ft.use_state(0)
        setters.append(set_count)
        return ft.Text(f"count {count}")

    anna = await Visitor.open(root_of(Root))
    await asyncio.to_thread(in_page, anna.session.page, setters[-1], 7)
    await anna.until_sees("count 7")


async def test_a_callback_for_an_ended_session_is_dropped() -> None:
    called: list[int] = []
    anna = await Visitor.open(root_of(Still))
    await anna.lose_network()
    anna.session.close()
    await anna.settle()

    in_page(anna.session.page, called.append, 1)
    await anna.settle()

    assert called == []
