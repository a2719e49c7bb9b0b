"""Pieces of the coordinator's screens: searching, choosing one of several, steps of two taps."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import flet as ft

from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Card, Heading
from app.design.forms import Field
from app.design.guard import action, screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.session import use_session
from app.design.tokens import TIGHT
from app.people.staff import Staff

T = TypeVar("T")


def use_staff() -> Staff:
    """The verbs of coordinators for this session. A hook."""
    return Staff(use_session().db)


@screen
def SearchField(search: str, on_search: Callable[[str], None]) -> ft.Control:
    """Finds people by a part of their name; `search` is what the list shows now."""
    t, typed = use_session().t, ft.use_ref("")

    def keep(text: str) -> None:
        typed.current = text

    @action
    def find() -> None:
        on_search((typed.current or "").strip()[:80])

    @action
    def everybody() -> None:
        on_search("")

    buttons = [QuietButton(t("Search"), find, icon=ft.Icons.SEARCH_ROUNDED)]
    if search:
        buttons.append(QuietButton(t("Show everybody"), everybody))
    return Stack(
        [
            Field(t("A part of the name"), keep, on_submit=find),
            ft.Row(buttons, wrap=True),
        ]
    )


def Choices(
    answers: Sequence[tuple[T, str]],
    chosen: Callable[[T], bool],
    choose: Callable[[T], Awaitable[None] | None],
    *,
    disabled: bool = False,
) -> ft.Control:
    """One line for each answer; `chosen` says which ones count now."""
    return ft.Column(
        [
            Choice(text, action(partial(choose, value)), chosen=chosen(value), disabled=disabled)
            for value, text in answers
        ],
        spacing=TIGHT,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@screen
def TwoTaps(label: str, question: str, yes: str, do: Callable[[], Awaitable[None]]) -> ft.Control:
    """A step that should not happen by mistake: the first tap asks, the second one does it."""
    t = use_session().t
    asked, set_asked = ft.use_state(False)
    run, running = use_action(do)

    @action
    def ask() -> None:
        set_asked(True)

    @action
    def keep() -> None:
        set_asked(False)

    if not asked:
        return ft.Row([QuietButton(label, ask)], wrap=True)
    return Card(
        [
            Body(question),
            ft.Row(
                [MainButton(yes, run, running=running), QuietButton(t("No, leave it"), keep)],
                wrap=True,
            ),
        ]
    )


def Opened(title: str, children: Sequence[ft.Control]) -> ft.Control:
    """A step that was opened: its name, and what it needs."""
    return Card([Heading(title), *children])
