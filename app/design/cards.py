"""The pieces that screens are laid out with: words of each weight, cards, lines about people."""

from collections.abc import Sequence

import flet as ft

from app.design import theme
from app.design.session import here, look_now
from app.design.tokens import CARD_RADIUS, ICON_SMALL, PHOTO, ROOM, SNUG, TARGET, TIGHT, WIDE


def Heading(text: str, *, level: int = 2) -> ft.Control:
    """A heading that screen readers can jump to; level 1 once on a screen."""
    style = {1: theme.DISPLAY, 2: theme.LARGE}.get(level, theme.STRONG)
    return ft.Semantics(
        heading_level=level, content=ft.Text(text, theme_style=style, color=theme.INK)
    )


def Body(text: str) -> ft.Control:
    """A sentence to read."""
    return ft.Text(text, theme_style=theme.BODY, color=theme.INK)


def Quiet(text: str) -> ft.Control:
    """A sentence that may be skipped."""
    return ft.Text(text, theme_style=theme.BODY, color=theme.MUTED)


def Card(children: Sequence[ft.Control]) -> ft.Control:
    """Things that belong together, on a sheet of their own."""
    return ft.Container(
        content=ft.Column(
            list(children),
            spacing=ROOM,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ROOM,
        bgcolor=theme.SURFACE,
        border=edge(),
        border_radius=CARD_RADIUS,
    )


def Pressing(children: Sequence[ft.Control]) -> ft.Control:
    """A card that stands before all others on the first screen, or is not there at all."""
    return ft.Container(content=Card(children), padding=ft.Padding.only(bottom=WIDE))


def IconLine(icon: ft.IconData, text: str, *, color: str = theme.MUTED) -> ft.Control:
    """A sentence led by an icon that says the same without words."""
    return ft.Row(
        [
            ft.Icon(icon, color=color, size=look_now().scaled(ICON_SMALL)),
            ft.Text(text, theme_style=theme.BODY, color=color, expand=True),
        ],
        spacing=TIGHT,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def WhoReads(text: str) -> ft.Control:
    """Says who can see what stands here. Belongs above every box and on every personal card."""
    return IconLine(ft.Icons.VISIBILITY_ROUNDED, text)


def PersonLine(
    name: str, meta: Sequence[str], *, photo: str | None = None, large: bool = False
) -> ft.Control:
    """A person as picture or initials, name and what is worth knowing about them, one line each.

    `photo` is the address of their picture on this site, shown `large` where it is about them.
    """
    face = _Photo(name, photo, PHOTO if large else TARGET) if photo else _Initials(name)
    words: list[ft.Control] = [
        ft.Text(name, theme_style=theme.LARGE, color=theme.INK),
        *(ft.Text(line, theme_style=theme.BODY, color=theme.MUTED) for line in meta),
    ]
    if look_now().large:
        return ft.Column([face, *words], spacing=0, tight=True)
    return ft.Row(
        [
            face,
            ft.Column(words, spacing=0, tight=True, expand=True),
        ],
        spacing=ROOM,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def initials(name: str) -> str:
    """One or two letters that stand for a name: of its first and its last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "·"
    first, last = words[0][0], words[-1][0] if len(words) > 1 else ""
    return (first + last).upper()


def edge(*, chosen: bool = False) -> ft.Border:
    """The line around a card or a choice, as thick as the reader's look wants it."""
    look = look_now()
    # Black and white have no tint to tell what was chosen.
    thick = look.line * 2 if chosen and look.contrast else look.line
    return ft.Border.all(thick, theme.PRIMARY if chosen else theme.LINE)


def _Photo(name: str, photo: str, side: float) -> ft.Control:
    """The picture; the initials stay where it cannot be fetched."""
    side = look_now().scaled(side)
    picture = ft.Image(
        src=here(photo),
        width=side,
        height=side,
        fit=ft.BoxFit.COVER,
        semantics_label=name,
        error_content=_letters(name),
    )
    return _Round(picture, side)


def _Initials(name: str) -> ft.Control:
    return ft.Semantics(
        exclude_semantics=True, content=_Round(_letters(name), look_now().scaled(TARGET))
    )


def _letters(name: str) -> ft.Control:
    words = ft.Text(initials(name), theme_style=theme.LARGE, color=theme.PRIMARY)
    return ft.Container(content=words, alignment=ft.Alignment.CENTER)


def _Round(content: ft.Control, side: float) -> ft.Control:
    return ft.Container(
        content=content,
        width=side,
        height=side,
        bgcolor=theme.PRIMARY_TINT,
        border=edge() if look_now().contrast else None,
        shape=ft.BoxShape.CIRCLE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        margin=ft.Margin.only(top=SNUG // 4),
    )
