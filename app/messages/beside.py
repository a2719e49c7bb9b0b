"""The words of a message, and beneath them the same in the reader's language."""

import flet as ft

from app.core.i18n import Translator, in_own_direction
from app.core.translation import lost_in
from app.design import theme
from app.design.cards import IconLine, edge
from app.design.tokens import HAIR, SNUG, TIGHT
from app.messages.model import Message
from app.messages.phrases import picked_words, speaker, unchecked
from app.messages.words import plain, reads_rtl


def Words(t: Translator, text: str) -> ft.Control:
    """What somebody wrote, in the direction of its own letters."""
    rtl = reads_rtl(text, otherwise=t.rtl)
    if t.rtl and not rtl:
        # Flet turns a text to the right only; its full stops must not jump to the other end.
        text = in_own_direction(text)
    return ft.Text(text, theme_style=theme.BODY, color=theme.INK, rtl=rtl and not t.rtl)


def beside(t: Translator, language: str, message: Message) -> list[ft.Control]:
    """What a message of somebody else says in `language`, where that is known and another one."""
    if message.mine or message.taken_back or not message.readable:
        return []
    words = _phrase(t, language, message)
    return [*([words] if words else []), *_machine(t, message)]


def _machine(t: Translator, message: Message) -> list[ft.Control]:
    if message.wrongly_translated:
        words = t("Somebody said that the translation was wrong.")
        return [IconLine(ft.Icons.FLAG_ROUNDED, words)]
    if not message.translation:
        return []
    made = Beneath(t, plain(message.translation), t("Translated by a machine. It may be wrong."))
    if not lost_in(message.text, message.translation):
        return [made]
    differs = t("Numbers, dates or links differ. Look at the original.")
    return [made, IconLine(ft.Icons.ERROR_ROUNDED, differs, color=theme.DANGER)]


def _phrase(t: Translator, language: str, message: Message) -> ft.Control | None:
    own = speaker(language, t.time_zone)
    if message.picked is None or own.language == message.language:
        return None
    words = picked_words(own, message.picked)
    if words is None:
        return None
    note = (
        t("From the phrasebook. Nobody has checked it yet.")
        if unchecked(own.language)
        else t("From the phrasebook")
    )
    return Beneath(t, words, note)


def Beneath(t: Translator, words: str, note: str) -> ft.Control:
    """Other words for the same, and where they come from."""
    return ft.Container(
        content=ft.Column(
            [Words(t, words), IconLine(ft.Icons.TRANSLATE_ROUNDED, note)],
            spacing=HAIR,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=SNUG, vertical=TIGHT),
        bgcolor=theme.PAPER,
        border=edge(),
        border_radius=TIGHT,
    )
