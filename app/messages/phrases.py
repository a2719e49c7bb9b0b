"""Messages with gaps that stand in every language of the app: each side reads them in its own.

Their sentences are a catalogue of their own. What fills a gap is a day, a time, a number or a name,
never words that would have to be translated.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import flet as ft

from app.core.clock import clock_time
from app.core.i18n import SOURCE, Translator, reviewed
from app.messages.model import Picked, tidy_text

DOMAIN: Final = "phrases"
_LONGEST_NAME: Final = 80
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{2,30}")


class Gap(StrEnum):
    """What is missing in a phrase until somebody says it; the names stand in the sentences."""

    DAY = "day"
    TIME = "time"
    NUMBER = "number"
    PLACE = "place"


@dataclass(frozen=True)
class Phrase:
    """One sentence. `key` is kept in messages and never changes; `words` takes a translator of
    `DOMAIN` and a text for each gap."""

    key: str
    icon: ft.IconData
    words: Callable[..., str]
    gaps: tuple[Gap, ...] = ()


_DAY_AND_TIME = (Gap.DAY, Gap.TIME)
PHRASES: Final = (
    Phrase(
        "meet",
        ft.Icons.EVENT_ROUNDED,
        lambda t, **gap: t("Can we meet on {day} at {time}?", **gap),
        _DAY_AND_TIME,
    ),
    Phrase(
        "meet_place",
        ft.Icons.PLACE_ROUNDED,
        lambda t, **gap: t("We meet on {day} at {time}. Place: {place}", **gap),
        (*_DAY_AND_TIME, Gap.PLACE),
    ),
    Phrase(
        "appointment",
        ft.Icons.EVENT_AVAILABLE_ROUNDED,
        lambda t, **gap: t("Your appointment is on {day} at {time}. Place: {place}", **gap),
        (*_DAY_AND_TIME, Gap.PLACE),
    ),
    Phrase(
        "good",
        ft.Icons.THUMB_UP_ROUNDED,
        lambda t, **gap: t("Yes, {day} at {time} is good for me.", **gap),
        _DAY_AND_TIME,
    ),
    Phrase(
        "cannot",
        ft.Icons.EVENT_BUSY_ROUNDED,
        lambda t, **gap: t("I cannot come on {day}. Can we find another day?", **gap),
        (Gap.DAY,),
    ),
    Phrase(
        "later",
        ft.Icons.SCHEDULE_ROUNDED,
        lambda t, **gap: t("I will come later, at {time}.", **gap),
        (Gap.TIME,),
    ),
    Phrase(
        "i_call",
        ft.Icons.CALL_ROUNDED,
        lambda t, **gap: t("I will call you on {day} at {time}.", **gap),
        _DAY_AND_TIME,
    ),
    Phrase(
        "call_me",
        ft.Icons.PHONE_CALLBACK_ROUNDED,
        lambda t, **gap: t("Please call me at this number: {number}", **gap),
        (Gap.NUMBER,),
    ),
    Phrase(
        "when_call", ft.Icons.PHONE_FORWARDED_ROUNDED, lambda t: t("When may I call you?")
    ),
    Phrase("bring_papers", ft.Icons.BADGE_ROUNDED, lambda t: t("Please bring your papers.")),
    Phrase(
        "letter", ft.Icons.MAIL_ROUNDED, lambda t: t("I got a letter. Can you help me with it?")
    ),
    Phrase(
        "bring_letter", ft.Icons.DRAFTS_ROUNDED, lambda t: t("Please bring the letter with you.")
    ),
    Phrase("go_with_you", ft.Icons.GROUP_ROUNDED, lambda t: t("I can go there with you.")),
    Phrase(
        "go_with_me", ft.Icons.GROUP_ADD_ROUNDED, lambda t: t("Can you go there with me?")
    ),
    Phrase(
        "simpler",
        ft.Icons.HELP_ROUNDED,
        lambda t: t("I do not understand. Please write it in simpler words."),
    ),
    Phrase(
        "interpreter",
        ft.Icons.RECORD_VOICE_OVER_ROUNDED,
        lambda t: t("I would like to talk with an interpreter."),
    ),
    Phrase(
        "answer_by",
        ft.Icons.MARK_EMAIL_READ_ROUNDED,
        lambda t, **gap: t("I got your message. I will answer by {day}.", **gap),
        (Gap.DAY,),
    ),
    Phrase("how", ft.Icons.SENTIMENT_SATISFIED_ROUNDED, lambda t: t("How are you today?")),
    Phrase("thanks", ft.Icons.FAVORITE_ROUNDED, lambda t: t("Thank you. That helped me.")),
)  # fmt: skip
_BY_KEY: Final = {phrase.key: phrase for phrase in PHRASES}


def speaker(language: str, time_zone: str) -> Translator:
    """The words of the phrasebook for who reads `language`; English where it has none."""
    return Translator(language, time_zone, domain=DOMAIN)


def picked_words(t: Translator, picked: Picked) -> str | None:
    """A picked phrase in the words of a `speaker`; None for one that this app does not know."""
    phrase, gaps = _BY_KEY.get(picked.key), dict(picked.gaps)
    if phrase is None or any(filled(gap, gaps.get(gap, "")) is None for gap in phrase.gaps):
        return None
    return phrase.words(t, **{gap: _said(t, gap, gaps[gap]) for gap in phrase.gaps})


def open_words(t: Translator, phrase: Phrase, gaps: Mapping[Gap, str]) -> str:
    """A phrase in the words of a `speaker`, dots where nothing is said yet."""
    said = {gap: _said(t, gap, gaps[gap]) if gap in gaps else "…" for gap in phrase.gaps}
    return phrase.words(t, **said)


def filled(gap: Gap, typed: str) -> str | None:
    """What somebody typed, as it is kept: days as 2026-11-24, times as 15:30. None: not valid."""
    text = " ".join(tidy_text(typed).split())
    try:
        match gap:
            case Gap.DAY:
                return date.fromisoformat(text).isoformat()
            case Gap.TIME:
                return f"{found:%H:%M}" if (found := clock_time(text)) else None
            case Gap.NUMBER:
                return text if _NUMBER.fullmatch(text) else None
            case Gap.PLACE:
                return text if 0 < len(text) <= _LONGEST_NAME else None
    except ValueError:
        return None


def unchecked(language: str) -> bool:
    """Whether no person has read the phrasebook in this language yet."""
    return language != SOURCE and reviewed(language, DOMAIN) is None


def _said(t: Translator, gap: Gap, value: str) -> str:
    return t.date(date.fromisoformat(value)) if gap is Gap.DAY else value
