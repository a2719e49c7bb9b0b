"""What a message can become without being typed again: a place for what other rooms bring."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, cast

import flet as ft

from app.contact.actions import Contact
from app.contact.model import LoggedKind
from app.contact.words import kind_words
from app.core.clock import utc_now
from app.core.i18n import Translator
from app.design.buttons import QuietButton
from app.design.cards import Heading, IconLine, Quiet
from app.design.rows import BottomSheet, Row
from app.design.session import AppSession
from app.messages.model import Message, OpenThread, ThreadKind
from app.messages.words import moment_words, short

# What is older is not taken as a contact.
_LOGGED_WITHIN: Final = timedelta(days=60)


@dataclass(frozen=True)
class Turn:
    """Something that a message becomes. `offered` says for which ones.

    `ways` are asked first: what `do` gets, and its words. `reads` says who will see what comes of
    it, `done` that it is there. `do` may raise `AppError`.
    """

    icon: ft.IconData
    label: Callable[[Translator], str]
    offered: Callable[[OpenThread, Message], bool]
    ways: Callable[[Translator], Sequence[tuple[str, str]]]
    reads: Callable[[Translator], str]
    do: Callable[[AppSession, OpenThread, Message, str], Awaitable[None]]
    done: Callable[[Translator], str]


TurnsContext = ft.create_context(cast("tuple[Turn, ...]", ()))


def use_turns() -> tuple[Turn, ...]:
    """What messages can become in this app. A hook."""
    return ft.use_context(TurnsContext)


def turn_rows(
    t: Translator,
    turns: Sequence[Turn],
    opened: OpenThread,
    message: Message,
    on_turn: Callable[[Turn], Callable[..., object]],
) -> list[ft.Control]:
    """One line for each that fits this message."""
    return [
        Row(each.icon, each.label(t), on_turn(each))
        for each in turns
        if each.offered(opened, message)
    ]


def TurnSheet(
    t: Translator,
    turn: Turn,
    message: Message,
    on_way: Callable[[str], object],
    on_close: Callable[..., object],
    *,
    running: bool,
) -> ft.BottomSheet:
    """Asks how the message becomes something else."""
    ways = [
        QuietButton(words, partial(on_way, way), running=running) for way, words in turn.ways(t)
    ]
    return BottomSheet(
        [
            Heading(turn.label(t)),
            Quiet(short(message.text)),
            IconLine(ft.Icons.SCHEDULE_ROUNDED, moment_words(t, message.sent_at)),
            IconLine(ft.Icons.VISIBILITY_ROUNDED, turn.reads(t)),
            ft.Row([*ways, QuietButton(t("Back"), on_close)], wrap=True),
        ],
        on_close,
    )


def _tells_of_contact(opened: OpenThread, message: Message) -> bool:
    helps = opened.kind is ThreadKind.KEY_WORKER and opened.can_write and not opened.own
    return helps and utc_now() - message.sent_at < _LOGGED_WITHIN


async def _log(session: AppSession, opened: OpenThread, message: Message, way: str) -> None:
    contact = Contact(session.db, opened.organisation_id, opened.young_person)
    await contact.log(LoggedKind(way), message.sent_at)


LOG_CONTACT: Final = Turn(
    ft.Icons.ADD_CALL,
    label=lambda t: t("Log a contact of this day"),
    offered=_tells_of_contact,
    ways=lambda t: [(kind.value, kind_words(t, kind)) for kind in LoggedKind],
    reads=lambda t: t("They see this too."),
    do=_log,
    done=lambda t: t("It stands under Staying in touch."),
)
