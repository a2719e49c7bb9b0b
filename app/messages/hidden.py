"""Messages that somebody does not want to see on this device; it alone knows which ones."""

import asyncio
from collections.abc import Awaitable, Mapping
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design.guard import action, offer
from app.design.memory import Memory
from app.design.rows import Row
from app.messages.desk import Desk

_KEPT: Final = "handrail.hidden"
_STORE: Final = "messages.hidden"
_OF_THREAD, _AND = "=", ","
_NONE: Final = frozenset[UUID]()
T = TypeVar("T")
Known = Mapping[UUID, frozenset[UUID]]


class Hidden:
    """Ids of messages by thread, kept in the browser until somebody signs out there.

    The server is never told of them; only the session that draws for this browser knows them.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: Known | None = None

    @staticmethod
    def of_page(page: ft.Page, memory: Memory) -> "Hidden":
        """The one of this session."""
        found = page.session.store.get(_STORE)
        if not isinstance(found, Hidden):
            found = Hidden(memory)
            page.session.store.set(_STORE, found)
        return found

    async def beside(self, loading: Awaitable[T]) -> T:
        """What is loaded, once it is known what of it not to show."""
        if self._known is not None:
            return await loading
        loaded, kept = await asyncio.gather(loading, self._memory.get(_KEPT))
        self._known = self._known or _read(kept)
        return loaded

    def here(self, thread: UUID) -> frozenset[UUID]:
        """The messages of a thread that are not shown."""
        return (self._known or {}).get(thread, _NONE)

    def set(self, thread: UUID, messages: frozenset[UUID]) -> None:
        """From now on these messages of a thread are not shown, and no others."""
        self._known = {**(self._known or {}), thread: messages}

    async def keep(self) -> None:
        """Have the browser remember it."""
        await self._memory.set(_KEPT, _written(self._known or {}))


class Hiding:
    """What is hidden in one open thread, and the taps that change it."""

    def __init__(self, page: ft.Page, hidden: Hidden, desk: Desk) -> None:
        self._page = page
        self._hidden = hidden
        self._desk = desk

    @property
    def here(self) -> frozenset[UUID]:
        """The ids of what is not shown."""
        return self._hidden.here(self._thread)

    @action
    async def hide(self, event: object = None) -> None:
        """The message of the sheet goes from this device; for some seconds a tap brings it back."""
        message = self._desk.asked.message
        if message is None:
            return
        self._hidden.set(self._thread, self.here | {message.id})
        self._desk.ask_nothing()
        t = self._desk.t
        back = partial(self.show, frozenset({message.id}))
        offer(self._page, t("Hidden on this device"), t("Undo"), back)
        await self._hidden.keep()

    @action
    async def show(self, messages: frozenset[UUID], event: object = None) -> None:
        """These stand in the thread again."""
        self._hidden.set(self._thread, self.here - messages)
        self._desk.ask_nothing()
        await self._hidden.keep()

    def row(self, t: Translator) -> ft.Control:
        """The line that hides the message of the sheet."""
        only_here = t("Everybody else still sees it.")
        words = t("Hide on this device")
        return Row(ft.Icons.VISIBILITY_OFF_ROUNDED, words, self.hide, meta=only_here)

    def rows(self, t: Translator) -> list[ft.Control]:
        """The line that brings everything back; none where nothing is hidden."""
        hidden = self.here
        if not hidden:
            return []
        words = t.n("Show {n} hidden message", "Show {n} hidden messages", len(hidden))
        return [Row(ft.Icons.VISIBILITY_ROUNDED, words, partial(self.show, hidden))]

    @property
    def _thread(self) -> UUID:
        return self._desk.opened.thread_id


def _written(known: Known) -> str:
    return " ".join(
        f"{thread}{_OF_THREAD}{_AND.join(sorted(map(str, hidden)))}"
        for thread, hidden in known.items()
        if hidden
    )


def _read(kept: object) -> Known:
    """What `_written` wrote; whatever else stands there hides nothing."""
    known: dict[UUID, frozenset[UUID]] = {}
    for part in kept.split() if isinstance(kept, str) else ():
        thread, _, hidden = part.partition(_OF_THREAD)
        try:
            known[UUID(thread)] = frozenset(map(UUID, hidden.split(_AND)))
        except ValueError:
            continue
    return known
