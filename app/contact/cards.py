"""What was agreed and what was done, as both sides read it, and the form that changes it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import flet as ft

from app.contact.model import Agreement, InTouch, Logged, Place, Quiet, Way
from app.contact.words import (
    answer_line,
    answer_words,
    change_words,
    clock_words,
    logged_words,
    place_words,
    places_line,
    quiet_words,
    rhythm_words,
    way_words,
    ways_line,
)
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Card, Heading, IconLine
from app.design.cards import Quiet as QuietText
from app.design.layout import Stack
from app.design.rows import Rows

Handler = Callable[..., object]
Step = Callable[[Agreement], Agreement]
Wish = Callable[[Step], Handler]
# The words of an answer, whether it is chosen, and what choosing it does.
Answer = tuple[str, bool, Step]

_RHYTHMS = (3, 7, 14, 28)
_ANSWERS = (1, 2, 3, 5)
_QUIET = (
    Quiet("20:00", "08:00"),
    Quiet("21:00", "08:00"),
    Quiet("22:00", "09:00"),
    Quiet("18:00", "10:00"),
    None,
)


def AgreedLines(t: Translator, agreement: Agreement, time_zone: str) -> list[ft.Control]:
    """What was agreed, one line each. `time_zone` is the young person's."""
    places, clock = places_line(t, agreement), clock_words(t, time_zone)
    quiet = quiet_words(t, agreement.quiet)
    if clock and agreement.quiet:
        quiet = f"{quiet}\n{clock}"
    return [
        IconLine(ft.Icons.FORUM_ROUNDED, ways_line(t, agreement), color=theme.INK),
        IconLine(
            ft.Icons.EVENT_REPEAT_ROUNDED, rhythm_words(t, agreement.every_days), color=theme.INK
        ),
        *([IconLine(ft.Icons.PLACE_ROUNDED, places, color=theme.INK)] if places else []),
        IconLine(ft.Icons.BEDTIME_ROUNDED, quiet, color=theme.INK),
        IconLine(
            ft.Icons.MARK_CHAT_READ_ROUNDED,
            answer_line(t, agreement.answer_days),
            color=theme.INK,
        ),
    ]


def MadeLines(t: Translator, made: Sequence[Logged]) -> list[ft.Control]:
    """What we did, the latest first."""
    return [
        IconLine(
            ft.Icons.CHECK_CIRCLE_ROUNDED if each.met else ft.Icons.PHONE_MISSED_ROUNDED,
            logged_words(t, each),
        )
        for each in made
    ]


def ChangeLines(t: Translator, touch: InTouch, *, young: bool) -> list[ft.Control]:
    """Who changed what and when; `young`: the reader is the young person."""
    lines = [change_words(t, each, reader_is_young=young) for each in touch.changes]
    return [IconLine(ft.Icons.HISTORY_ROUNDED, each) for each in lines]


def AgreementForm(
    t: Translator,
    draft: Agreement,
    wish: Wish,
    *,
    theirs: Agreement | None,
    time_zone: str,
    wrong: str,
    save: Handler,
    take: Handler,
    back: Handler,
    running: bool,
) -> ft.Control:
    """Choices for everything that is agreed. `theirs` is what somebody else saved meanwhile."""
    return Stack(
        [
            *(
                _Asked(title, answers, wish, several=several)
                for title, answers, several in _questions(t, draft)
            ),
            *([_Theirs(t, theirs, time_zone, take)] if theirs else []),
            *([_Wrong(wrong)] if wrong else []),
            ft.Row(
                [MainButton(t("Save"), save, running=running), QuietButton(t("Back"), back)],
                wrap=True,
            ),
        ]
    )


def _Theirs(t: Translator, theirs: Agreement, time_zone: str, take: Handler) -> ft.Control:
    name = theirs.written_by or t("Somebody")
    card = Card(
        [
            IconLine(
                ft.Icons.SYNC_ROUNDED,
                t("{name} changed it meanwhile. Which one counts?", name=name),
                color=theme.WARN,
            ),
            *AgreedLines(t, theirs, time_zone),
            ft.Row([QuietButton(t("Take this one"), take)], wrap=True),
            QuietText(t("To keep yours, save again.")),
        ]
    )
    return ft.Semantics(live_region=True, container=True, content=card)


def _Wrong(text: str) -> ft.Control:
    line = IconLine(ft.Icons.ERROR_OUTLINE_ROUNDED, text, color=theme.DANGER)
    return ft.Semantics(live_region=True, container=True, content=line)


def _questions(t: Translator, draft: Agreement) -> list[tuple[str, list[Answer], bool]]:
    """What is asked, the answers, and whether several may be given."""
    quiet = dict.fromkeys([*_QUIET, draft.quiet])
    return [
        (t("How?"), [_way(t, draft, each) for each in Way], True),
        (
            t("How often, at least?"),
            [
                (rhythm_words(t, days), days == draft.every_days, partial(_rhythm, days))
                for days in sorted({*_RHYTHMS, draft.every_days})
            ],
            False,
        ),
        (t("Where?"), [_place(t, draft, each) for each in Place], True),
        (
            t("When is it quiet?"),
            [(quiet_words(t, each), each == draft.quiet, partial(_quiet, each)) for each in quiet],
            False,
        ),
        (
            t("How soon is a message answered?"),
            [
                (answer_words(t, days), days == draft.answer_days, partial(_answers, days))
                for days in sorted({*_ANSWERS, draft.answer_days})
            ],
            False,
        ),
    ]


def _way(t: Translator, draft: Agreement, way: Way) -> Answer:
    return way_words(t, way), way in draft.ways, partial(_toggled_way, way)


def _toggled_way(way: Way, now: Agreement) -> Agreement:
    return replace(now, ways=now.ways ^ {way})


def _place(t: Translator, draft: Agreement, place: Place) -> Answer:
    return place_words(t, place), place in draft.places, partial(_toggled_place, place)


def _toggled_place(place: Place, now: Agreement) -> Agreement:
    return replace(now, places=now.places ^ {place})


def _rhythm(days: int, now: Agreement) -> Agreement:
    return replace(now, every_days=days)


def _quiet(quiet: Quiet | None, now: Agreement) -> Agreement:
    return replace(now, quiet=quiet)


def _answers(days: int, now: Agreement) -> Agreement:
    return replace(now, answer_days=days)


def _Asked(title: str, answers: Sequence[Answer], wish: Wish, *, several: bool) -> ft.Control:
    choices = [
        Choice(words, wish(step), chosen=chosen, several=several) for words, chosen, step in answers
    ]
    return Card([Heading(title), Rows(choices)])
