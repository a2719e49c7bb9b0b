"""Where somebody is in a thread: what they have on the screen, and what is drawn of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import QuietButton
from app.design.cards import Quiet
from app.design.guard import keyed
from app.design.look import Look
from app.messages.bubbles import Day, NotYet, Open, SaidOnce, Shown
from app.messages.history import History
from app.messages.model import Message, OpenThread
from app.messages.unsent import Waiting
from app.messages.words import day_words


class Place:
    """What a thread's screen remembers between two drawings.

    `thread` is its id. `marked` is the last message that the others know to be read. `below` came
    while the reader was further up. `hidden` are the ids of what this device does not show.
    """

    def __init__(self, opened: OpenThread) -> None:
        self.history = History().refreshed(opened)
        self.marked = opened.read_seq
        self.at_end = True
        self.below = 0
        self.hidden: frozenset[UUID] = frozenset()
        self.thread = opened.thread_id
        self._opened = opened
        self._read_at_first = opened.read_seq
        self._newest_at_first = self.newest()
        self._days: dict[object, str] = {}

    def take(self, opened: OpenThread) -> None:
        """Go on with what was loaded now."""
        if opened is self._opened:
            return
        before = self.newest()
        self._opened = opened
        self.history = self.history.refreshed(opened)
        if not self.at_end:
            self.below += sum(
                1 for each in self.history.messages if each.seq > before and not each.mine
            )

    def shown(self) -> tuple[Message, ...]:
        """All that is on the screen: no hidden message, and no reply that repeats one."""
        if not self.hidden:
            return self.history.messages
        return tuple(
            replace(each, reply_to=None) if each.reply_to in self.hidden else each
            for each in self.history.messages
            if each.id not in self.hidden
        )

    def newest(self) -> int:
        """The number of the last message of the others, 0 when there is none."""
        return next((each.seq for each in reversed(self.history.messages) if not each.mine), 0)

    def is_new(self, message: Message) -> bool:
        """Whether it came while the reader was looking, from somebody else."""
        return not message.mine and message.seq > self._newest_at_first

    def first_unread(self) -> Message | None:
        """Where the reader had stopped when they came; None when they had read everything."""
        unread = (
            each
            for each in self.history.messages
            if not each.mine and self._read_at_first < each.seq <= self._newest_at_first
        )
        return next(unread, None)

    def day(self, t: Translator, message: Message) -> str:
        """The day of a message; asked for each at every drawing, so it is kept."""
        key = (t.language, t.time_zone, message.id)
        if key not in self._days:
            self._days[key] = t.date(message.sent_at)
        return self._days[key]


def drawn(
    t: Translator, look: Look, place: Place, on_open: Open, on_picture: Open | None = None
) -> list[ft.Control]:
    """The messages with what stands between them, the newest first; without `on_picture` a picture
    opens like its message."""
    messages, rows = place.shown(), list[ft.Control]()
    unread = place.first_unread()
    last = next((each for each in reversed(messages) if each.mine and not each.taken_back), None)
    before: Message | None = None
    for message in messages:
        day = place.day(t, message)
        new_day = before is None or place.day(t, before) != day
        if new_day:
            words = day_words(t, message.sent_at)
            rows.append(ft.Container(content=Day(words), key=f"day {day}"))
        if unread and unread.id == message.id:
            rows.append(ft.Container(content=Day(t("New")), key="new"))
        other = before is None or before.author != message.author or new_day
        shown = Shown(message, other and not message.mine, message is last, place.is_new(message))
        rows.append(SaidOnce(t, look, shown, on_open, on_picture or on_open))
        before = message
    rows.reverse()
    return rows


def drawn_waiting(
    place: Place,
    waiting: Sequence[Waiting],
    on_again: Callable[[], object],
    on_back: Callable[[Waiting], object],
) -> list[ft.Control]:
    """What is on its way, the newest first, without what has arrived already."""
    known = {each.client_id for each in place.history.messages}
    return [
        keyed(str(each.client_id), NotYet, each, on_again, on_back)
        for each in reversed(waiting)
        if each.client_id not in known
    ]


def Beginning(t: Translator, place: Place, on_older: Callable[..., object]) -> ft.Control:
    """What stands above the first message: the way to older ones, or that there are none."""
    if place.history.more:
        older = QuietButton(t("Show older messages"), on_older, icon=ft.Icons.EXPAND_LESS_ROUNDED)
        content: ft.Control = ft.Row([older], wrap=True, alignment=ft.MainAxisAlignment.CENTER)
    elif place.history.messages:
        content = ft.Row(
            [Quiet(t("The chat begins here."))], wrap=True, alignment=ft.MainAxisAlignment.CENTER
        )
    else:
        content = Quiet(t("Nothing is written yet. Say hello."))
    return ft.Container(content=content, key="beginning")
