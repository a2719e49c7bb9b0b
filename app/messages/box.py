"""Where messages are written."""

from collections.abc import Callable
from typing import Final

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import IconButton, RoundButton
from app.design.forms import Field
from app.design.guard import keyed
from app.design.session import look_now
from app.design.tokens import BROAD_FROM, SNUG, TABLET_FROM, TIGHT
from app.messages.model import Message
from app.messages.words import author_words, short

_MOST_LINES: Final = 5
_MOST_LARGE_LINES: Final = 3
_NARROW: Final = 350
_PHONES: Final = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
_TAP: Final = "click"
Handler = Callable[..., object]


class Keyboard:
    """Whether what is typed goes into the box; only phones tell. `number` is as in `Box`."""

    def __init__(self) -> None:
        self.number = 0
        self._there = False

    def tell(self, there: bool) -> None:
        self._there = there

    def after(self, event: object) -> None:
        """The box was emptied. A tap takes the keyboard from it, and Flutter tells screen readers
        of a new text only where the keyboard is: they get a new box instead."""
        if isinstance(event, ft.Event) and event.name == _TAP and not self._there:
            self.number += 1


def Box(
    t: Translator,
    on_typed: Callable[[str], None],
    on_send: Handler,
    on_quick: Handler,
    on_keyboard: Callable[[bool], None],
    pick: ft.ClientAction,
    *,
    value: str,
    turn: int,
    editing: bool,
    number: int,
) -> ft.Control:
    """The box, the button that sends, the one with quick answers and the one that picks a file.

    `value` and `turn` are as in `Field`; another `number` is a new one. Where there is a keyboard,
    Enter sends.
    """
    below = look_now().large or _is_narrow(ft.context.page.width or 0)
    keys = ft.context.page.platform not in _PHONES
    field = keyed(
        f"message {number}",
        Field,
        t("Message"),
        on_typed,
        on_submit=on_send if keys else None,
        value=value,
        turn=turn,
        grows_to=_MOST_LARGE_LINES if below else _MOST_LINES,
        enter_sends=keys,
        # A phone's keyboard would go and come again with each message.
        keeps_keyboard=not keys,
        on_keyboard=None if keys else on_keyboard,
    )
    icon = ft.Icons.CHECK_ROUNDED if editing else ft.Icons.SEND_ROUNDED
    send = RoundButton(t("Save") if editing else t("Send"), icon, on_send, keeps_keyboard=not keys)
    # Another number of parts would make a new field, and the keyboard would go.
    quick = ft.Container(
        content=IconButton(t("Quick answers"), _QUICK, on_quick), visible=not editing
    )
    attach = ft.Container(
        content=IconButton(t("Photo or file"), ft.Icons.ATTACH_FILE_ROUNDED, None, action=pick),
        visible=not editing,
    )
    if below:
        more = ft.Row([attach, quick], spacing=TIGHT)
        buttons = ft.Row([more, send], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        return ft.Column(
            [field, buttons],
            spacing=TIGHT,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.Row(
        [ft.Row([attach, quick], spacing=0), ft.Container(content=field, expand=True), send],
        spacing=TIGHT,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )


_QUICK: Final = ft.Icons.ADD_REACTION_ROUNDED


def _is_narrow(width: float) -> bool:
    """On the narrowest phones, and beside the list on a tablet held upright."""
    return 0 < width < _NARROW or TABLET_FROM <= width < BROAD_FROM


def About(t: Translator, message: Message, on_stop: Handler, *, editing: bool) -> ft.Control:
    """What the box is about, where it is not just the next message."""
    words = (
        t("You edit your message")
        if editing
        else t("Reply to {name}", name=author_words(t, message))
    )
    return ft.Row(
        [
            ft.Icon(
                ft.Icons.EDIT_ROUNDED if editing else ft.Icons.REPLY_ROUNDED, color=theme.PRIMARY
            ),
            ft.Column(
                [
                    ft.Text(words, theme_style=theme.STRONG, color=theme.INK),
                    ft.Text(
                        short(message.text),
                        theme_style=theme.BODY,
                        color=theme.MUTED,
                        max_lines=1,
                        overflow=ft.TextOverflow.ELLIPSIS,
                    ),
                ],
                spacing=0,
                tight=True,
                expand=True,
            ),
            IconButton(t("Leave this"), ft.Icons.CLOSE_ROUNDED, on_stop),
        ],
        spacing=SNUG,
    )
