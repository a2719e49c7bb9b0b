"""What is asked and told at the bottom edge of a thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from app.core.clock import utc_now
from app.core.i18n import Translator
from app.design.buttons import Choice
from app.design.cards import Body, Heading, IconLine, Quiet
from app.design.rows import BottomSheet, Row, Rows, Sheet
from app.messages.attached import file_words
from app.messages.model import Message, OpenThread
from app.messages.words import short

Handler = Callable[..., object]


@dataclass(frozen=True)
class Choices:
    """What each way out of a message's sheet does."""

    reply: Handler
    edit: Handler
    take_back: Handler
    close: Handler


def MessageSheet(
    t: Translator,
    message: Message,
    thread: OpenThread,
    choices: Choices,
    more: Sequence[ft.Control] = (),
) -> ft.BottomSheet:
    """What can be done with one message; `more` are lines for what it can become."""
    rows: list[ft.Control] = []
    if thread.can_write:
        rows.append(Row(ft.Icons.REPLY_ROUNDED, t("Reply"), choices.reply))
    now = utc_now()
    if thread.can_write and message.readable and message.may_edit(now):
        rows.append(Row(ft.Icons.EDIT_ROUNDED, t("Edit"), choices.edit))
    if thread.can_write and message.may_take_back(now):
        limit = t("For 15 minutes")
        rows.append(Row(ft.Icons.UNDO_ROUNDED, t("Take back"), choices.take_back, meta=limit))
    rows += [*more, Row(ft.Icons.CLOSE_ROUNDED, t("Close"), choices.close)]
    return BottomSheet(
        [
            Heading(t("This message")),
            Quiet(short(message.text) or file_words(t, message)),
            Rows(rows),
        ],
        choices.close,
    )


def TakeBackSheet(
    t: Translator, thread: OpenThread, on_yes: Handler, on_no: Handler, *, running: bool
) -> ft.BottomSheet:
    """Asked before a text goes from both screens."""
    gone = t("The text goes from your screen and theirs.")
    return Sheet(
        t("Take this back?"),
        f"{gone} {kept_words(t, thread, sealed=True)}",
        yes=t("Take back"),
        no=t("Keep it"),
        on_yes=on_yes,
        on_no=on_no,
        running=running,
    )


def AboutSheet(
    t: Translator,
    thread: OpenThread,
    readers: str,
    on_receipts: Handler,
    on_close: Handler,
    rows: Sequence[ft.Control] = (),
) -> ft.BottomSheet:
    """Who reads a thread, how long it is kept, and whether it says what was read; then `rows`."""
    sees = t("Off: you do not see it either.")
    return BottomSheet(
        [
            Heading(t("About this chat")),
            IconLine(ft.Icons.VISIBILITY_ROUNDED, readers),
            IconLine(
                ft.Icons.SHIELD_ROUNDED,
                t("If someone is in danger: two more people, for one hour."),
            ),
            IconLine(ft.Icons.SCHEDULE_ROUNDED, kept_words(t, thread, sealed=False)),
            Body(t("Nobody answers at once here. In danger, use Help at the top.")),
            Choice(
                t("Show when I have read something"),
                on_receipts,
                chosen=thread.receipts,
                several=True,
            ),
            Quiet(sees),
            Rows([*rows, Row(ft.Icons.CLOSE_ROUNDED, t("Close"), on_close)]),
        ],
        on_close,
    )


def kept_words(t: Translator, thread: OpenThread, *, sealed: bool) -> str:
    """How long a message is kept; `sealed` for one that was taken back."""
    days = thread.kept_days
    if sealed:
        if days is None:
            return t("We keep it sealed. Nobody on this page can read it.")
        return t.n(
            "We keep it sealed for {n} day. Nobody on this page can read it.",
            "We keep it sealed for {n} days. Nobody on this page can read it.",
            days,
        )
    if days is None:
        return t("Messages are kept until your time here ends.")
    return t.n("Messages are kept for {n} day.", "Messages are kept for {n} days.", days)
