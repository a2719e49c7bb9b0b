"""How a file looks: beside the box, in a message, and large."""

from collections.abc import Callable
from typing import Final

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import IconButton, QuietButton
from app.design.cards import Heading, IconLine, Quiet, edge
from app.design.rows import BottomSheet
from app.design.session import here, look_now
from app.design.tokens import CARD_RADIUS, COLUMN, FIELD_RADIUS, SNUG, TARGET, WIDE
from app.messages.files_web import attachment_address
from app.messages.model import Attachment, Chosen, Message
from app.messages.words import author_words, plain

Handler = Callable[..., object]
_SHOWN: Final = 240
_HIGHEST: Final = 0.55
_KILO: Final = 1000
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".webp")


def ChosenLines(t: Translator, chosen: Chosen | None, on_leave: Handler) -> list[ft.Control]:
    """What goes with the next message, or why it cannot; nothing where nothing was chosen."""
    if chosen is None:
        return []
    if chosen.wrong:
        state: ft.Control = IconLine(
            ft.Icons.ERROR_ROUNDED, wrong_words(t, chosen.wrong), color=theme.DANGER
        )
    else:
        state = Quiet(t("Ready to send") if chosen.ready else t("On its way to us …"))
    told = ft.Semantics(live_region=True, container=True, content=state)
    large = look_now().large
    words = ft.Column([_Name(chosen.name), told], spacing=0, tight=True, expand=not large)
    leave = IconButton(t("Leave this"), ft.Icons.CLOSE_ROUNDED, on_leave)
    if large:
        ends = ft.Row([_Glance(chosen), leave], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        line: ft.Control = ft.Column([ends, words], spacing=0, tight=True)
    else:
        line = ft.Row([_Glance(chosen), words, leave], spacing=SNUG)
    return [ft.Container(content=line, key="chosen")]


def Attached(t: Translator, message: Message, on_picture: Handler) -> list[ft.Control]:
    """The file of a message: a picture opens large, everything else is saved."""
    found = message.attachment
    if found is None:
        return []
    return [_Picture(t, message, found, on_picture) if found.picture else _File(t, found)]


def PictureSheet(t: Translator, message: Message, on_close: Handler) -> ft.BottomSheet | None:
    """A picture as large as the screen, to be drawn larger with two fingers."""
    found = message.attachment
    if found is None:
        return None
    page = ft.context.page
    width = min(page.width or _SHOWN, COLUMN) - 2 * WIDE
    height = min((page.height or 2 * _SHOWN) * _HIGHEST, width * found.height / found.width)
    picture = ft.Image(
        src=here(attachment_address(found.id, "large")),
        fit=ft.BoxFit.CONTAIN,
        semantics_label=_alt(t, message),
        error_content=Quiet(t("This photo cannot be shown right now.")),
    )
    return BottomSheet(
        [
            Heading(_alt(t, message)),
            ft.Container(
                content=ft.InteractiveViewer(content=picture, min_scale=1, max_scale=6),
                height=height,
                alignment=ft.Alignment.CENTER,
            ),
            _Save(t, found),
            QuietButton(t("Close"), on_close, icon=ft.Icons.CLOSE_ROUNDED),
        ],
        on_close,
    )


def file_words(t: Translator, message: Message) -> str:
    """What stands for the file of a message where there is room for words only; "" without one."""
    found = message.attachment
    if found is None:
        return ""
    return t("Photo") if found.picture else found.name


def waiting_words(t: Translator, chosen: Chosen) -> str:
    """Why a message with this file cannot go yet."""
    if chosen.wrong:
        return wrong_words(t, chosen.wrong)
    return t("The file is still on its way. Please wait.")


def wrong_words(t: Translator, code: str) -> str:
    """Why a file cannot be sent, and what to do."""
    match code:
        case "too_large":
            return t("This file is too large. At most 10 MB, please.")
        case "type_not_allowed":
            return t("We cannot take this kind. Try a photo or a PDF.")
        case "picture_broken":
            return t("We cannot read this picture. Please choose another one.")
        case "empty":
            return t("This file is empty. Please choose another one.")
        case "too_many_files":
            return t("That was a lot at once. Please wait ten minutes.")
        case "thread_closed" | "read_only" | "not_allowed":
            return t("Nobody can write here any more. Help is at the top.")
        case _:
            return t("It did not arrive. Please choose it again.")


def _Picture(t: Translator, message: Message, found: Attachment, on_picture: Handler) -> ft.Control:
    # Its room is kept before it comes, so that nothing jumps under a finger.
    shrink = min(1.0, _SHOWN / found.width, _SHOWN / found.height)
    width, height = (max(side * shrink, TARGET) for side in (found.width, found.height))
    picture = ft.Image(
        src=here(attachment_address(found.id, "small")),
        width=width,
        height=height,
        fit=ft.BoxFit.COVER,
        exclude_from_semantics=True,
        error_content=ft.Icon(ft.Icons.IMAGE_ROUNDED, color=theme.MUTED),
    )
    return _Pressed(
        ft.Container(
            content=ft.Semantics(label=_alt(t, message), content=picture),
            width=width,
            height=height,
            bgcolor=theme.SURFACE,
            border=edge() if look_now().contrast else None,
            border_radius=CARD_RADIUS,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            ink=True,
            on_click=on_picture,
        ),
    )


def _File(t: Translator, found: Attachment) -> ft.Control:
    size = Quiet(_size(t, found.size))
    words = ft.Column([_Name(found.name), size], spacing=0, tight=True, expand=True)
    icon = ft.Icon(ft.Icons.DOWNLOAD_ROUNDED, color=theme.PRIMARY, semantics_label=t("Save"))
    return _Pressed(
        ft.Container(
            content=ft.Row([icon, words], spacing=SNUG),
            padding=SNUG,
            bgcolor=theme.SURFACE,
            border=edge(),
            border_radius=CARD_RADIUS,
            ink=True,
            url=ft.Url(attachment_address(found.id, "save"), target=ft.UrlTarget.SELF),
        ),
    )


def _Pressed(content: ft.Control) -> ft.Control:
    return ft.MergeSemantics(content=ft.Semantics(button=True, content=content))


def _Save(t: Translator, found: Attachment) -> ft.Control:
    return ft.OutlinedButton(
        content=t("Save"),
        icon=ft.Icons.DOWNLOAD_ROUNDED,
        url=ft.Url(attachment_address(found.id, "save"), target=ft.UrlTarget.SELF),
    )


def _Glance(chosen: Chosen) -> ft.Control:
    icon = ft.Icons.ATTACH_FILE_ROUNDED
    if chosen.name.lower().endswith(_PICTURES):
        icon = ft.Icons.IMAGE_ROUNDED
        if chosen.ready:
            return ft.Image(
                src=here(attachment_address(chosen.id, "small")),
                width=TARGET,
                height=TARGET,
                fit=ft.BoxFit.COVER,
                border_radius=FIELD_RADIUS,
                exclude_from_semantics=True,
                error_content=ft.Icon(icon, color=theme.PRIMARY),
            )
    return ft.Icon(icon, color=theme.PRIMARY)


def _Name(name: str) -> ft.Control:
    return ft.Text(
        plain(name),
        theme_style=theme.STRONG,
        color=theme.INK,
        max_lines=2,
        overflow=ft.TextOverflow.ELLIPSIS,
    )


def _alt(t: Translator, message: Message) -> str:
    if message.mine:
        return t("Your photo")
    return t("Photo from {name}", name=author_words(t, message))


def _size(t: Translator, size: int) -> str:
    if size < _KILO * _KILO:
        return t("{size} kB", size=t.number(max(1, round(size / _KILO))))
    return t("{size} MB", size=t.number(round(size / _KILO / _KILO, 1)))
