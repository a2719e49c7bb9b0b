"""Lines that lead somewhere, and what is asked before something cannot be taken back."""

import math
from collections.abc import Sequence

import flet as ft

from app.design import theme
from app.design.buttons import Handler, MainButton, QuietButton
from app.design.cards import Body, Heading, edge
from app.design.session import look_now
from app.design.tokens import CARD_RADIUS, COLUMN, CORNER, ROOM, SNUG, TIGHT, WIDE


def Row(
    icon: ft.IconData, title: str, on_click: Handler, *, meta: str = "", chosen: bool = False
) -> ft.Control:
    """A line that a tap opens; `meta` says how things stand there now."""
    words: list[ft.Control] = [ft.Text(title, theme_style=theme.BODY, color=theme.INK)]
    if meta:
        words.append(ft.Text(meta, theme_style=theme.BODY, color=theme.MUTED))
    picture = ft.Icon(icon, color=theme.PRIMARY)
    onward = ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=theme.MUTED)
    content: ft.Control
    if look_now().large:
        top = ft.Row([picture, onward], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        content = ft.Column([top, *words], spacing=0, tight=True)
    else:
        text = ft.Column(words, spacing=0, tight=True, expand=True)
        content = ft.Row([picture, text, onward], spacing=SNUG)
    return Line(content, on_click, chosen=chosen)


def Line(content: ft.Control, on_click: Handler, *, chosen: bool = False) -> ft.Control:
    """Anything that a tap opens as a whole; screen readers read it as one button."""
    line = ft.Container(
        content=content,
        padding=ROOM,
        bgcolor=theme.PRIMARY_TINT if chosen else theme.SURFACE,
        border=edge(chosen=chosen),
        border_radius=CARD_RADIUS,
        ink=True,
        on_click=on_click,
    )
    return ft.MergeSemantics(content=ft.Semantics(button=True, selected=chosen, content=line))


def Rows(rows: Sequence[ft.Control]) -> ft.Control:
    """Lines below each other."""
    return ft.Column(
        list(rows),
        spacing=TIGHT,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def Sheet(
    title: str,
    text: str,
    *,
    yes: str,
    no: str,
    on_yes: Handler,
    on_no: Handler,
    running: bool = False,
) -> ft.BottomSheet:
    """One decision, asked at the bottom edge; give it to `ft.use_dialog` while it is open."""
    return BottomSheet(
        [
            Heading(title),
            Body(text),
            MainButton(yes, on_yes, running=running),
            QuietButton(no, on_no),
        ],
        on_no,
    )


def BottomSheet(children: Sequence[ft.Control], on_dismiss: Handler) -> ft.BottomSheet:
    """Things at the bottom edge, above the screen; give it to `ft.use_dialog` while it is open."""
    look, height = look_now(), ft.context.page.height
    column = ft.Column(
        list(children),
        spacing=ROOM,
        tight=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.BottomSheet(
        # What scrolls takes all the height it can get, unless something asks how much it needs.
        content=ft.Row(
            [ft.Container(content=column, padding=WIDE, expand=True)], intrinsic_height=True
        ),
        scrollable=True,
        # Help and the quick exit stay free.
        size_constraints=ft.BoxConstraints(
            max_width=COLUMN, max_height=height - CORNER if height else math.inf
        ),
        on_dismiss=on_dismiss,
        bgcolor=theme.SURFACE,
        animation_style=ft.AnimationStyle.no_animation() if look.still else None,
    )
