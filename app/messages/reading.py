"""How one person goes through an open thread: up, down again, and up to where they have read."""

from collections.abc import Callable
from typing import Final

import flet as ft

from app.core.errors import AppError
from app.design.guard import action
from app.design.session import Lifetime
from app.messages.actions import Messages
from app.messages.place import Place

_NEAR_TOP: Final = 600.0
_NEAR_END: Final = 80.0


class Reading:
    """Moves `place`, and tells the others what has come and was seen.

    `list` is set by the screen at each drawing; `redraw` is called when something changed.
    """

    def __init__(
        self, page: ft.Page, messages: Messages, place: Place, redraw: Callable[[], None]
    ) -> None:
        self.list: ft.ListView | None = None
        self.place = place
        self._page = page
        self._messages = messages
        self._redraw = redraw
        self._reading_older = False

    async def tell_read(self) -> None:
        """Say what has come onto this screen, and whether somebody can have seen it."""
        newest = self.place.newest()
        if newest <= self.place.marked:
            return
        life = Lifetime.of(self._page)
        seen = self.place.at_end and life is not None and life.seen
        tell = self._messages.mark_read if seen else self._messages.mark_delivered
        try:
            await tell(self.place.thread, newest)
        except AppError:
            # Told with the next one, or when the thread is opened again.
            return
        if seen:
            self.place.marked = max(self.place.marked, newest)

    @action
    async def older(self, event: object = None) -> None:
        """One more page above."""
        history = self.place.history
        if self._reading_older or not history.more or not history.messages:
            return
        self._reading_older = True
        try:
            page = await self._messages.older(self.place.thread, history.messages[0].seq)
        finally:
            self._reading_older = False
        self.place.history = self.place.history.with_older(page)
        self._redraw()

    @action
    async def scrolled(self, event: ft.OnScrollEvent) -> None:
        """Messages above come by themselves; those at the end are read when they are seen."""
        was_at_end, self.place.at_end = self.place.at_end, event.pixels < _NEAR_END
        if self.place.at_end and not was_at_end:
            await self._arrived()
        if event.max_scroll_extent - event.pixels < _NEAR_TOP:
            await self.older()

    @action
    async def to_end(self, event: object = None) -> None:
        """Down to the newest message."""
        self.place.at_end = True
        await self._arrived()
        if self.list:
            await self.list.scroll_to(offset=0)

    def leave_end(self) -> None:
        """Something else stands in place of the messages: what comes now is not seen."""
        self.place.at_end = False

    async def at_end_again(self) -> None:
        """The messages are back on the screen, the newest in view."""
        self.place.at_end = True
        await self._arrived()

    async def _arrived(self) -> None:
        if self.place.below:
            self.place.below = 0
            self._redraw()
        await self.tell_read()
