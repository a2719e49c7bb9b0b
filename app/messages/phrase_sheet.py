"""Choosing a phrase, filling its gaps one after the other, and sending it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import flet as ft

from app.core.clock import utc_now
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Card, Heading, IconLine, Quiet
from app.design.forms import Field
from app.design.guard import action, keyed, screen
from app.design.layout import Stack
from app.design.rows import BottomSheet, Row, Rows
from app.messages.beside import Words
from app.messages.model import Picked
from app.messages.phrases import (
    PHRASES,
    Gap,
    Phrase,
    filled,
    open_words,
    picked_words,
    speaker,
    unchecked,
)
from app.messages.words import plain

Send = Callable[[str, Picked], object]
Filled = Callable[[str], Awaitable[None]]
Gaps = tuple[tuple[Gap, str], ...]
_DAYS: Final = 14


def PhraseSheet(
    t: Translator, language: str, on_send: Send, on_close: Callable[..., object]
) -> ft.BottomSheet:
    """The phrasebook; `on_send` gets the words in the sender's `language`, and what was picked."""
    return BottomSheet([keyed("phrases", PhraseBook, t, language, on_send)], on_close)


@screen
def PhraseBook(t: Translator, language: str, on_send: Send) -> ft.Control:
    """One step at a time: the sentence, each of its gaps, the whole of it."""
    chosen, set_chosen = ft.use_state(cast("Phrase | None", None))
    gaps, set_gaps = ft.use_state(cast(Gaps, ()))
    own = speaker(language, t.time_zone)

    @action
    def choose(phrase: Phrase | None, event: object = None) -> None:
        set_chosen(phrase)
        set_gaps(())

    @action
    def fill(gap: Gap, value: str, event: object = None) -> None:
        set_gaps((*gaps, (gap, value)))

    @action
    def back(event: object = None) -> None:
        if gaps:
            set_gaps(gaps[:-1])
        else:
            set_chosen(None)

    if chosen is None:
        return _Choosing(t, own, choose)
    words = _shown(own, chosen, dict(gaps))
    shown = Card([Words(t, words)])
    if len(gaps) < len(chosen.gaps):
        gap = chosen.gaps[len(gaps)]
        step = keyed(gap, Filling, t, own, gap, partial(fill, gap))
        return Stack([shown, step, _Back(t, back)])
    picked = Picked(chosen.key, tuple((str(gap), value) for gap, value in gaps))
    send = MainButton(
        t("Send"),
        partial(on_send, picked_words(own, picked) or words, picked),
        icon=ft.Icons.SEND_ROUNDED,
    )
    return Stack(
        [
            shown,
            Quiet(t("They read it in their own language too.")),
            ft.Row([send], wrap=True),
            _Back(t, back),
        ]
    )


def _Choosing(t: Translator, own: Translator, choose: Callable[[Phrase], object]) -> ft.Control:
    rows = [
        Row(phrase.icon, _shown(own, phrase, {}), partial(choose, phrase)) for phrase in PHRASES
    ]
    told: list[ft.Control] = [Quiet(t("They read it in their own language too."))]
    if unchecked(own.language):
        told.append(
            IconLine(ft.Icons.INFO_ROUNDED, t("Nobody has checked these translations yet."))
        )
    return Stack([Heading(t("Phrasebook")), *told, Rows(rows)])


def _shown(own: Translator, phrase: Phrase, gaps: Mapping[Gap, str]) -> str:
    # What is left open ends in dots already.
    return plain(open_words(own, phrase, gaps)).replace("….", "…")


def _Back(t: Translator, back: Callable[..., object]) -> ft.Control:
    return ft.Row([QuietButton(t("Back"), back, icon=ft.Icons.ARROW_BACK_ROUNDED)], wrap=True)


@screen
def Filling(t: Translator, own: Translator, gap: Gap, on_filled: Filled) -> ft.Control:
    """One gap."""
    typed = cast(list[str], ft.use_ref(cast(Any, lambda: [""])).current)
    wrong, set_wrong = ft.use_state(cast("str | None", None))

    @action
    async def go_on(event: object = None) -> None:
        value = filled(gap, typed[0])
        if value is None:
            set_wrong(_missing(t, gap))
        else:
            await on_filled(value)

    def keep(text: str) -> None:
        typed[0] = text

    if gap is Gap.DAY:
        return _Days(t, own, on_filled)
    return Stack(
        [
            Field(_label(t, gap), keep, on_submit=go_on, hint=_example(t, gap), wrong=wrong),
            ft.Row([MainButton(t("Next"), go_on)], wrap=True),
        ]
    )


def _Days(t: Translator, own: Translator, on_filled: Filled) -> ft.Control:
    today = utc_now().astimezone(ZoneInfo(t.time_zone)).date()
    days = [today + timedelta(days=each) for each in range(_DAYS)]
    rows = [
        Row(
            ft.Icons.EVENT_ROUNDED,
            own.date(day),
            partial(on_filled, day.isoformat()),
            meta=t("Today") if day == today else "",
        )
        for day in days
    ]
    return Stack([Heading(t("On which day?"), level=3), Rows(rows)])


def _label(t: Translator, gap: Gap) -> str:
    match gap:
        case Gap.DAY:
            return t("Day")
        case Gap.TIME:
            return t("Time")
        case Gap.NUMBER:
            return t("Phone number")
        case Gap.PLACE:
            return t("Place")


def _example(t: Translator, gap: Gap) -> str | None:
    return t("Like 15:30") if gap is Gap.TIME else None


def _missing(t: Translator, gap: Gap) -> str:
    match gap:
        case Gap.TIME:
            return t("Please write a time like 15:30.")
        case Gap.NUMBER:
            return t("Please write a phone number.")
        case _:
            return t("Please write a name or an address, at most 80 letters.")
