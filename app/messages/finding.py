"""Looking for words in a thread, and going to the place where they were said."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import IconButton, MainButton, QuietButton
from app.design.cards import Quiet
from app.design.forms import Field
from app.design.guard import action, screen
from app.design.rows import Row
from app.design.session import AppSession, look_now, use_session
from app.design.tokens import SNUG, TIGHT
from app.messages.actions import Messages
from app.messages.bubbles import Open
from app.messages.history import History
from app.messages.model import OpenThread, Spoken
from app.messages.phrases import picked_words, speaker
from app.messages.place import Place, drawn
from app.messages.search import Found, Hit, Search, excerpt
from app.messages.use import use_messages
from app.messages.words import author_words, moment_words, plain

_PAGE: Final = 30
_FIRST_SEQ: Final = 1
# Nothing in an old place is news.
_ALL_READ: Final = 2**53
Handler = Callable[..., Any]


class Finder:
    """What somebody looks for in one thread, and where they went from there.

    `found` is None before the first look, `there` while they look at the list of what was found.
    """

    def __init__(self, opened: OpenThread, messages: Messages, search: Search) -> None:
        self.typed = ""
        self.found: Found | None = None
        self.words = ""
        self.there: History | None = None
        self.running = False
        self.redraw: Callable[[], None] = lambda: None
        self._thread = opened.thread_id
        self._messages = messages
        self._search = search

    def type(self, text: str) -> None:
        """Keep what stands in the field."""
        self.typed = text

    @action
    async def look(self, event: object = None) -> None:
        """For the words in the field, from the newest message on."""
        words = self.typed.strip()
        if words and not self.running:
            self.words, self.found = words, None
            await self._look(None)

    @action
    async def look_on(self, event: object = None) -> None:
        """For the same, further back."""
        if self.found and not self.running:
            await self._look(self.found.before)

    @action
    async def go(self, hit: Hit, event: object = None) -> None:
        """To where it was said, with what came after."""
        page = await self._messages.older(self._thread, hit.seq + _PAGE)
        after = tuple(each for each in page if each.seq >= hit.seq)
        self.there = History(after, more=hit.seq > _FIRST_SEQ)
        self.redraw()

    @action
    async def older(self, event: object = None) -> None:
        """What came before that."""
        if self.there and self.there.messages:
            page = await self._messages.older(self._thread, self.there.messages[0].seq)
            self.there = self.there.with_older(page)
            self.redraw()

    @action
    def to_list(self, event: object = None) -> None:
        """Back to what was found."""
        self.there = None
        self.redraw()

    async def _look(self, before: int | None) -> None:
        self.running = True
        self.redraw()
        try:
            further = await self._search.find(self._thread, self.words, before)
            self.found = self.found.and_then(further) if self.found else further
        finally:
            self.running = False
            self.redraw()


@screen
def Finding(
    opened: OpenThread, hidden: frozenset[Any], on_open: Open, on_back: Handler
) -> ft.Control:
    """Stands in place of the thread until `on_back`; hidden messages are not found.

    `on_open` gets a message that was tapped where it was said.
    """
    session, messages = use_session(), use_messages()

    def begin() -> Finder:
        own = speaker(session.language, session.t.time_zone)
        search = Search(session.db, session.seal, partial(_beneath, own))
        return Finder(opened, messages, search)

    finder = cast(Finder, ft.use_ref(cast(Any, begin)).current)
    _, set_drawing = ft.use_state(0)
    finder.redraw = lambda: set_drawing(lambda number: number + 1)
    t, there = session.t, finder.there
    if there:
        head = _Head(t("Where it was said"), t("Back to what was found"), finder.to_list)
        rows = _There(session, opened, there, hidden, on_open, finder.older)
    else:
        head = _Head(t("Search in this chat"), t("Back to the chat"), on_back)
        rows = _List(t, finder, hidden)
    return ft.Column(
        [head, rows],
        spacing=TIGHT,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _Head(title: str, back: str, on_back: Handler) -> ft.Control:
    style = theme.STRONG if look_now().large else theme.TITLE
    words = ft.Text(title, theme_style=style, color=theme.INK)
    head = ft.Container(content=ft.Semantics(heading_level=1, content=words), expand=True)
    return ft.Row([IconButton(back, ft.Icons.ARROW_BACK_ROUNDED, on_back), head])


def _beneath(own: Translator, spoken: Spoken) -> str:
    return (picked_words(own, spoken.picked) if spoken.picked else None) or ""


def _List(t: Translator, finder: Finder, hidden: frozenset[Any]) -> ft.Control:
    hits = [each for each in finder.found.hits if each.id not in hidden] if finder.found else []
    rows = [
        Row(
            ft.Icons.CHAT_BUBBLE_ROUNDED,
            excerpt(plain(each.text), finder.words),
            partial(finder.go, each),
            meta=f"{author_words(t, each)} · {moment_words(t, each.sent_at)}",
        )
        for each in hits
    ]
    return _Scrolling(
        "list",
        [*_Asking(t, finder), *_said(t, finder.found, len(hits)), *rows, *_further(t, finder)],
    )


def _Asking(t: Translator, finder: Finder) -> list[ft.Control]:
    field = Field(t("Words to look for"), finder.type, on_submit=finder.look, value=finder.words)
    icon = ft.Icons.SEARCH_ROUNDED
    button = MainButton(t("Search"), finder.look, icon=icon, running=finder.running)
    return [field, ft.Row([button], wrap=True)]


def _said(t: Translator, found: Found | None, count: int) -> list[ft.Control]:
    """How it went; read aloud."""
    if found is None:
        return []
    words = t.n("{n} message found", "{n} messages found", count) if count else t("Nothing found.")
    lines = [Quiet(words)]
    if found.unreadable:
        lines.append(Quiet(t("Some messages cannot be read right now.")))
    return [ft.Semantics(live_region=True, container=True, content=ft.Column(lines, tight=True))]


def _further(t: Translator, finder: Finder) -> list[ft.Control]:
    if finder.found is None:
        return []
    if finder.found.before is None:
        return [Quiet(t("All messages were searched."))]
    on = QuietButton(t("Search further back"), finder.look_on, running=finder.running)
    return [ft.Row([on], wrap=True)]


def _There(
    session: AppSession,
    opened: OpenThread,
    there: History,
    hidden: frozenset[Any],
    on_open: Open,
    on_older: Handler,
) -> ft.Control:
    """The message at the top, what came after it below."""
    t = session.t
    place = Place(replace(opened, messages=there.messages, read_seq=_ALL_READ))
    place.hidden = hidden
    said = list(reversed(drawn(t, session.look, place, on_open)))
    older = QuietButton(t("Show older messages"), on_older, icon=ft.Icons.EXPAND_LESS_ROUNDED)
    above = [ft.Row([older], wrap=True, alignment=ft.MainAxisAlignment.CENTER)]
    return _Scrolling("there", [*(above if there.more else []), *said])


def _Scrolling(key: str, rows: Sequence[ft.Control]) -> ft.Control:
    return ft.ListView(
        list(rows),
        key=key,
        spacing=SNUG,
        padding=ft.Padding.symmetric(vertical=SNUG),
        expand=True,
    )
