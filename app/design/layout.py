"""Where a screen sits: a bottom bar on phones, a rail on tablets, both from the same routes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.guard import action
from app.design.session import AppSession
from app.design.tokens import COLUMN, ROOM, WIDE


@dataclass(frozen=True)
class ScreenRoute:
    """One screen of a room, as its `routes.py` lists it: a line of its own in the bar.

    `screen` is a component without arguments. `label` gives its name in the reader's words. An
    empty `roles` means every role; screens of other roles are not mounted at all.
    """

    path: str
    screen: Callable[[], ft.Control]
    label: Callable[[Translator], str]
    icon: ft.IconData
    roles: frozenset[str] = frozenset()

    def is_for(self, role: str | None) -> bool:
        """Whether somebody working in this role has the screen."""
        return not self.roles or role in self.roles


def Frame(
    session: AppSession, routes: Sequence[ScreenRoute], here: str, body: ft.Control
) -> ft.View:
    """The view of a main screen: `body` with the way to the other main screens."""
    places = [route.path for route in routes]
    at = places.index(here) if here in places else 0

    @action
    def go(event: ft.Event[Any]) -> None:
        session.navigate(places[int(str(event.data))])

    if len(routes) < 2:
        return _view([_Sheet(body, session.wide)])
    if session.wide:
        rail = ft.NavigationRail(
            destinations=[
                ft.NavigationRailDestination(icon=route.icon, label=route.label(session.t))
                for route in routes
            ],
            selected_index=at,
            label_type=ft.NavigationRailLabelType.ALL,
            on_change=go,
        )
        side = ft.Row(
            [rail, ft.VerticalDivider(width=1, color=theme.LINE), _Sheet(body, wide=True)],
            spacing=0,
            expand=True,
        )
        return _view([side])
    bar = ft.NavigationBar(
        destinations=[
            ft.NavigationBarDestination(icon=route.icon, label=route.label(session.t))
            for route in routes
        ],
        selected_index=at,
        border=ft.Border.only(top=ft.BorderSide(1, theme.LINE)),
        on_change=go,
    )
    return _view([_Sheet(body, wide=False)], bar)


def Bare(body: ft.Control, *, wide: bool) -> ft.View:
    """A view without ways to anywhere, for before anything is known."""
    return _view([_Sheet(body, wide)])


def Stack(children: Sequence[ft.Control]) -> ft.Control:
    """The parts of a screen from top to bottom."""
    return ft.Column(
        list(children),
        spacing=WIDE,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _view(controls: list[ft.BaseControl], bar: ft.NavigationBar | None = None) -> ft.View:
    # One route name for all main screens: going from one to another is no journey and slides in
    # from nowhere, and "back" leaves the app instead of walking through the bar.
    return ft.View(
        route="/",
        can_pop=False,
        controls=controls,
        navigation_bar=bar,
        padding=0,
        spacing=0,
        bgcolor=theme.PAPER,
    )


def _Sheet(body: ft.Control, wide: bool) -> ft.Control:
    """The scrolling part, never wider than lines can be read."""
    space = ft.Padding.symmetric(horizontal=0 if wide else ROOM, vertical=WIDE)
    column = ft.Column(
        [ft.Container(content=body, width=COLUMN if wide else None, padding=space)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=(
            ft.CrossAxisAlignment.CENTER if wide else ft.CrossAxisAlignment.STRETCH
        ),
    )
    return ft.SafeArea(content=column, expand=True)
