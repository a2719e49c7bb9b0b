"""Answers for people who write little: a picture and a few words, sent with one tap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Heading, Quiet
from app.design.rows import BottomSheet, Row, Rows


@dataclass(frozen=True)
class Answer:
    """Something that is often said."""

    icon: ft.IconData
    words: Callable[[Translator], str]


ANSWERS: Sequence[Answer] = (
    Answer(ft.Icons.THUMB_UP_ROUNDED, lambda t: t("Yes")),
    Answer(ft.Icons.THUMB_DOWN_ROUNDED, lambda t: t("No")),
    Answer(ft.Icons.FAVORITE_ROUNDED, lambda t: t("Thank you")),
    Answer(ft.Icons.DIRECTIONS_WALK_ROUNDED, lambda t: t("I am on my way")),
    Answer(ft.Icons.SCHEDULE_ROUNDED, lambda t: t("I will be late")),
    Answer(ft.Icons.EVENT_BUSY_ROUNDED, lambda t: t("I cannot come")),
    Answer(ft.Icons.CALL_ROUNDED, lambda t: t("Please call me")),
    Answer(ft.Icons.PAN_TOOL_ROUNDED, lambda t: t("I need help with this")),
    Answer(ft.Icons.HELP_ROUNDED, lambda t: t("I do not understand")),
    Answer(ft.Icons.FORUM_ROUNDED, lambda t: t("Can we talk about it?")),
)


def QuickSheet(
    t: Translator,
    on_chosen: Callable[[str], object],
    on_phrases: Callable[..., object],
    on_close: Callable[..., object],
    first: Sequence[ft.Control] = (),
) -> ft.BottomSheet:
    """All of them below each other, and the way to the phrasebook; `on_chosen` gets the words.
    `first` are lines to other ways of writing little."""
    phrases = Row(
        ft.Icons.TRANSLATE_ROUNDED,
        t("Phrasebook"),
        on_phrases,
        meta=t("Each of you reads it in your own language."),
    )
    rows = [Row(each.icon, each.words(t), partial(on_chosen, each.words(t))) for each in ANSWERS]
    answers = [Heading(t("Quick answers")), Quiet(t("One tap sends it.")), Rows(rows)]
    return BottomSheet([Rows([*first, phrases]), *answers], on_close)
