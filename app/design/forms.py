"""Where people type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from app.design import theme
from app.design.cards import IconLine
from app.design.guard import action, screen
from app.design.session import look_now
from app.design.tokens import FIELD_RADIUS

_FOCUS = "focus"


@screen
def Field(
    label: str,
    on_typed: Callable[[str], None],
    *,
    on_submit: Callable[..., object] | None = None,
    hint: str | None = None,
    wrong: str | None = None,
    value: str = "",
    turn: int = 0,
    lines: int = 1,
    grows_to: int | None = None,
    enter_sends: bool = False,
    keeps_keyboard: bool = False,
    on_keyboard: Callable[[bool], None] | None = None,
) -> ft.Control:
    """One line of text, or room for several; `wrong` says what to mend.

    `on_typed` hears all of it at each change.

    `value` is what stands there at first, and again when a screen gives another one. What is typed
    stays while the screen gives the same `value` at each drawing; another `key` begins anew, and
    another `turn` puts `value` there again without taking the keyboard away.

    It grows with the text up to `grows_to` lines. Where `enter_sends`, the key submits it and Shift
    with it begins a line. One that `keeps_keyboard` has it until another field is touched or the
    phone's own key takes it away, and tells `on_keyboard` whether it has it.

    It never takes the keyboard by itself: before Flutter has its tree for screen readers, such a
    field would stay out of it, and every later one too.
    """

    # Flet knows what was typed, and would put the given text back in its place at each drawing.
    last, given = ft.use_ref(cast("_Shown | None", None)), (value, turn)
    text = last.current.text_now() if last.current and last.current.given == given else value

    @action
    def typed(event: ft.Event[ft.TextField]) -> None:
        if last.current:
            last.current.heard = event.control.value or ""
        on_typed(event.control.value or "")

    @action
    def focused(event: ft.Event[ft.TextField]) -> None:
        if on_keyboard:
            on_keyboard(event.name == _FOCUS)

    look, most = look_now(), grows_to or (2 * lines if lines > 1 else 1)
    field = ft.TextField(
        label=label,
        value=text,
        helper=_beside(hint, theme.MUTED),
        error=_spoken(_beside(wrong, theme.DANGER)),
        multiline=most > 1,
        min_lines=lines,
        max_lines=most,
        shift_enter=enter_sends,
        on_change=typed,
        on_submit=on_submit,
        on_focus=focused if on_keyboard else None,
        on_blur=focused if on_keyboard else None,
        # Flutter takes it away by itself unless somebody listens.
        on_tap_outside=_nothing if keeps_keyboard else None,
        # Lines and their colours come from the theme, for each state its own.
        border=ft.OutlineInputBorder(
            side=ft.BorderSide(look.line, theme.LINE) if look.contrast else None,
            border_radius=FIELD_RADIUS,
        ),
        color=theme.INK,
        bgcolor=theme.SURFACE,
        filled=True,
    )
    last.current = _Shown(given, field, text, text)
    return field


def _nothing(event: object) -> None:
    pass


@dataclass
class _Shown:
    """A field as it was drawn: what the screen gave, and the text that stood in it."""

    given: tuple[str, int]
    field: ft.TextField
    drawn: str
    heard: str

    def text_now(self) -> str:
        """What stands in the browser. The field hears of a letter before its handler does, and a
        field that was drawn for nobody hears of none."""
        said = self.field.value or ""
        return said if said != self.drawn else self.heard


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
