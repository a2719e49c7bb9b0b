"""Threads in lists: on the first screen, in the inbox, on the page of a young person."""

from collections.abc import Callable, Sequence

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Pressing, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.messages.model import ThreadKind, ThreadRow
from app.messages.use import use_messages
from app.messages.words import by_waiting, moment_words, short
from app.people.list_screen import going
from app.people.model import YoungPerson
from app.people.team_cards import PersonRow

PATH = "/chat"
MENTOR = "mentor"
# The first screen leads on; all of them are one tap away.
_SHOWN = 5


@screen
def WroteCard() -> ft.Control:
    """Who wrote to this young person and was not read yet; nothing else."""
    session, messages = use_session(), use_messages()
    t = session.t
    loaded, _ = use_load(messages.threads, live="messages")
    unread = [each for each in loaded.data or () if each.unread]
    if not unread:
        return ft.Container(visible=False)
    return ft.Column(
        [_Wrote(t, each, going(session, path_of(each, own=True))) for each in unread],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _Wrote(t: Translator, row: ThreadRow, on_read: Callable[..., object]) -> ft.Control:
    lines: list[ft.Control] = [Heading(t("{name} wrote", name=row.name))]
    if row.last_text and not row.last_is_mine:
        lines.append(Body(short(row.last_text)))
    if row.last_at:
        lines.append(IconLine(ft.Icons.SCHEDULE_ROUNDED, moment_words(t, row.last_at)))
    read = MainButton(t("Read and answer"), on_read, icon=ft.Icons.CHAT_BUBBLE_ROUNDED)
    return Pressing([*lines, ft.Row([read], wrap=True)])


@screen
def WaitingMessagesCard() -> ft.Control:
    """Who waits for an answer of this key worker or mentor, the longest first."""
    session, messages = use_session(), use_messages()
    t = session.t
    loaded, reload = use_load(messages.threads, live="messages")

    def ready(rows: Sequence[ThreadRow]) -> ft.Control:
        waiting = [each for each in by_waiting(rows) if each.waiting_since or each.unread]
        if not waiting:
            return Quiet(t("Everybody has an answer."))
        lines = [
            PersonRow(each.name, about_thread(t, each), going(session, path_of(each)))
            for each in waiting[:_SHOWN]
        ]
        if len(waiting) <= _SHOWN:
            return Rows(lines)
        more = QuietButton(t("Show all"), going(session, PATH))
        return Stack([Rows(lines), ft.Row([more], wrap=True)])

    return Card([Heading(t("Waiting for an answer")), show(t, loaded, reload, ready=ready)])


@screen
def TalkCard(person: YoungPerson) -> ft.Control:
    """The way from a young person's page to the thread with them."""
    session = use_session()
    t = session.t
    write = MainButton(
        t("Open the chat"),
        going(session, f"{PATH}/{person.id}"),
        icon=ft.Icons.CHAT_BUBBLE_ROUNDED,
    )
    return Card([Heading(t("Chat")), ft.Row([write], wrap=True)])


def about_thread(t: Translator, row: ThreadRow) -> list[str | None]:
    """What matters of a thread in a list: who waits, what is new, when it was."""
    waits = (
        t("Waiting since {moment}", moment=moment_words(t, row.waiting_since))
        if row.waiting_since
        else None
    )
    last: str | None = None
    if row.last_at is None:
        last = t("Nothing is written yet.")
    elif row.last_is_mine:
        last = t("You wrote: {moment}", moment=moment_words(t, row.last_at))
    elif not waits:
        last = t("Wrote: {moment}", moment=moment_words(t, row.last_at))
    news = t.n("{n} new message", "{n} new messages", row.unread) if row.unread else None
    mentor = t("Mentor: {name}", name=row.mentor) if row.mentor else None
    return [mentor, news, waits, last]


def path_of(row: ThreadRow, *, own: bool = False) -> str:
    """Where a thread stands: for the young person by its kind, for others by the young person."""
    if not own:
        return f"{PATH}/{row.young_person}"
    return f"{PATH}/{MENTOR}" if row.kind is ThreadKind.MENTOR else PATH
