"""The ways to the other main screens: a bar or a menu on phones, a rail on tablets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import flet as ft

from app.design import theme
from app.design.cards import Heading
from app.design.guard import action, screen
from app.design.look import Look
from app.design.rows import BottomSheet, Row, Rows
from app.design.session import look_now, use_session
from app.design.tokens import BODY, ICON, ROOM, SNUG

_MARK = 32
_MOST = 99
# A letter of a bold name, as a part of its size; about the mean of our languages.
_LETTER = 0.55


@dataclass(frozen=True)
class Place:
    """A main screen as the bar names it; `news` is how many new things wait there."""

    icon: ft.IconData
    name: str
    news: int = 0


Go = Callable[[int], None]


def fits(places: Sequence[Place], width: float, look: Look) -> bool:
    """Whether a bar so wide has room for every name in one piece."""
    longest = max(len(place.name) for place in places)
    return longest * look.scaled(BODY) * _LETTER <= width / len(places)


def Bar(places: Sequence[Place], at: int, go: Go) -> ft.NavigationBar:
    """All main screens side by side, with the one where the reader is marked."""
    look = look_now()
    return ft.NavigationBar(
        destinations=[
            ft.NavigationBarDestination(_icon(place), label=place.name) for place in places
        ],
        selected_index=at,
        border=_line_above(look),
        animation_duration=0 if look.still else None,
        on_change=_on_change(go),
    )


def Rail(places: Sequence[Place], at: int, go: Go) -> ft.NavigationRail:
    """The same for a tablet, below each other at the side."""
    return ft.NavigationRail(
        destinations=[
            ft.NavigationRailDestination(icon=_icon(place), label=place.name) for place in places
        ],
        selected_index=at,
        label_type=ft.NavigationRailLabelType.ALL,
        on_change=_on_change(go),
    )


@screen
def Menu(places: Sequence[Place], at: int, go: Go) -> ft.Control:
    """The same where a bar has no room for the names: one button, and the places when asked."""
    t = use_session().t
    asked, set_asked = ft.use_state(False)

    @action
    def ask() -> None:
        set_asked(True)

    @action
    def close() -> None:
        set_asked(False)

    @action
    def leave(number: int) -> None:
        set_asked(False)
        go(number)

    rows = [
        Row(
            place.icon,
            place.name,
            partial(leave, number),
            meta=t.n("{n} new", "{n} new", place.news) if place.news else "",
            chosen=number == at,
        )
        for number, place in enumerate(places)
    ]
    ft.use_dialog(BottomSheet([Heading(t("Menu")), Rows(rows)], close) if asked else None)
    button = ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.MENU_ROUNDED, color=theme.PRIMARY),
                ft.Text(t("Menu"), theme_style=theme.STRONG, color=theme.INK),
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=SNUG,
        ),
        padding=ROOM,
        bgcolor=theme.SURFACE,
        border=_line_above(look_now()),
        ink=True,
        on_click=ask,
    )
    return ft.MergeSemantics(content=ft.Semantics(button=True, content=button))


def _icon(place: Place) -> ft.Control:
    # Bars have a size of their own for icons, however large the names below them are; and where one
    # is, the icon must stay within the mark behind it.
    return ft.Icon(
        place.icon,
        size=min(look_now().scaled(ICON), _MARK),
        badge=_badge(place.news) if place.news else None,
    )


def _badge(news: int) -> ft.Badge:
    return ft.Badge(
        label=str(news) if news <= _MOST else f"{_MOST}+",
        bgcolor=theme.PRIMARY,
        text_color=theme.ON_PRIMARY,
    )


def _line_above(look: Look) -> ft.Border:
    return ft.Border.only(top=ft.BorderSide(look.line, theme.LINE))


def _on_change(go: Go) -> Callable[..., Any]:
    @action
    def change(event: ft.Event[Any]) -> None:
        go(int(str(event.data)))

    return change
