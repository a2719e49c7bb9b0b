"""Everything that can be pressed. Each has a name for people who cannot see it."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.design import theme
from app.design.cards import edge
from app.design.session import look_now
from app.design.tokens import FIELD_RADIUS, ICON, ICON_SMALL, LARGEST_ICON, ROOM, SNUG, TARGET

# Beside large letters it would take their room.
_LARGEST_ROUND = 64
Handler = Callable[..., Any]
_DOTS = (ft.Icons.RADIO_BUTTON_OFF_ROUNDED, ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED)
_TICKS = (ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED, ft.Icons.CHECK_BOX_ROUNDED)


def MainButton(
    text: str, on_click: Handler, *, icon: ft.IconData | None = None, running: bool = False
) -> ft.Control:
    """The one thing to do on this screen; `running` shows that it is being done."""
    return ft.FilledButton(
        content=text,
        icon=_ring(theme.MUTED) if running else icon,
        on_click=on_click,
        disabled=running,
    )


def QuietButton(
    text: str, on_click: Handler, *, icon: ft.IconData | None = None, running: bool = False
) -> ft.Control:
    """Something else that can be done, beside or instead of the main thing."""
    return ft.OutlinedButton(
        content=text,
        icon=_ring(theme.MUTED) if running else icon,
        on_click=on_click,
        disabled=running,
    )


def PageButton(text: str, path: str, *, icon: ft.IconData | None = None) -> ft.Control:
    """Leaves the app for one of our own plain pages, in the same tab."""
    return ft.OutlinedButton(
        content=text,
        icon=icon,
        url=ft.Url(path, target=ft.UrlTarget.SELF),
    )


def IconButton(
    label: str,
    icon: ft.IconData,
    on_click: Handler | None,
    *,
    action: ft.ClientAction | None = None,
) -> ft.Control:
    """A button that shows only an icon; `label` is its name and its tooltip.

    `action` is what the browser does by itself, while it handles the tap.

    Flet puts the name of a bare icon button on its parent, where no screen reader finds it.
    """
    return ft.MergeSemantics(
        content=ft.IconButton(
            icon=icon, icon_color=theme.INK, tooltip=label, on_click=on_click, action=action
        )
    )


def RoundButton(
    label: str, icon: ft.IconData, on_click: Handler, *, keeps_keyboard: bool = False
) -> ft.Control:
    """The main thing to do where there is room for its icon only; named like `IconButton`.

    One that `keeps_keyboard` leaves it to the field that has it (with `start.js`).
    """
    look = look_now()
    side = min(look.scaled(TARGET), _LARGEST_ROUND)
    button: ft.Control = ft.IconButton(
        icon=icon,
        icon_size=min(look.scaled(ICON), LARGEST_ICON),
        icon_color=theme.ON_PRIMARY,
        bgcolor=theme.PRIMARY,
        tooltip=label,
        width=side,
        height=side,
        on_click=on_click,
    )
    if keeps_keyboard:
        button = ft.Semantics(identifier="keeps-keyboard", content=button)
    return ft.MergeSemantics(content=button)


def Choice(
    text: str, on_click: Handler, *, chosen: bool, disabled: bool = False, several: bool = False
) -> ft.Control:
    """One of several answers as a big card; which one is chosen is seen, not only coloured.

    With `several` more than one may be chosen, and the marks are boxes to tick.
    """
    mark = _TICKS[chosen] if several else _DOTS[chosen]
    card = ft.Container(
        content=ft.Row(
            [
                ft.Icon(mark, color=theme.PRIMARY if chosen else theme.MUTED),
                ft.Text(text, theme_style=theme.BODY, color=theme.INK, expand=True),
            ],
            spacing=SNUG,
        ),
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=SNUG),
        bgcolor=theme.PRIMARY_TINT if chosen else None,
        border=edge(chosen=chosen),
        border_radius=FIELD_RADIUS,
        ink=True,
        on_click=None if disabled else on_click,
    )
    return ft.MergeSemantics(content=ft.Semantics(button=True, selected=chosen, content=card))


def _ring(color: str) -> ft.Control:
    look = look_now()
    size = look.scaled(ICON_SMALL)
    if look.still:
        return ft.Icon(ft.Icons.HOURGLASS_EMPTY_ROUNDED, size=size, color=color)
    return ft.ProgressRing(width=size, height=size, stroke_width=2, color=color)
