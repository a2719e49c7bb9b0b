"""Where people type."""

from collections.abc import Callable

import flet as ft

from app.design import theme
from app.design.cards import IconLine
from app.design.guard import action
from app.design.session import look_now
from app.design.tokens import FIELD_RADIUS


def Field(
    label: str,
    on_typed: Callable[[str], None],
    *,
    on_submit: Callable[..., object] | None = None,
    hint: str | None = None,
    wrong: str | None = None,
    value: str = "",
    lines: int = 1,
) -> ft.Control:
    """One line of text, or room for several; `wrong` says what to mend.

    `on_typed` hears all of it at each change.

    `value` is what stands there at first. The browser keeps what is typed then: a screen gives the
    same `value` at each drawing, and another `key` to begin anew.

    It never takes the keyboard by itself: before Flutter has its tree for screen readers, such a
    field would stay out of it, and every later one too.
    """

    @action
    def typed(event: ft.Event[ft.TextField]) -> None:
        on_typed(event.control.value or "")

    look = look_now()
    return ft.TextField(
        label=label,
        value=value,
        helper=_beside(hint, theme.MUTED),
        error=_spoken(_beside(wrong, theme.DANGER)),
        multiline=lines > 1,
        min_lines=lines,
        max_lines=2 * lines if lines > 1 else 1,
        on_change=typed,
        on_submit=on_submit,
        # Lines and their colours come from the theme, for each state its own.
        border=ft.OutlineInputBorder(
            side=ft.BorderSide(look.line, theme.LINE) if look.contrast else None,
            border_radius=FIELD_RADIUS,
        ),
        bgcolor=theme.SURFACE,
        filled=True,
    )


def Wrong(text: str) -> ft.Control:
    """What keeps a form from being taken, where it is about no single field. Read aloud."""
    return ft.Semantics(
        live_region=True,
        container=True,
        content=IconLine(ft.Icons.ERROR_ROUNDED, text, color=theme.DANGER),
    )


def _spoken(words: ft.Control | None) -> ft.Control | None:
    """Read aloud when it appears: whoever cannot see it would send the same again."""
    return ft.Semantics(live_region=True, container=True, content=words) if words else None


def _beside(text: str | None, color: str) -> ft.Control | None:
    # Given as a mere string it would be set in letters too small to read.
    return ft.Text(text, theme_style=theme.BODY, color=color) if text else None
