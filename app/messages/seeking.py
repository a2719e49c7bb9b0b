"""Between a thread and looking for words in it."""

import flet as ft

from app.core.i18n import Translator
from app.design.guard import action
from app.design.rows import Row
from app.messages.desk import Desk
from app.messages.model import Message


class Seeking:
    """Whether somebody looks for words in place of a thread."""

    def __init__(self, desk: Desk) -> None:
        self.on = False
        self._desk = desk
        self._about: Message | None = None

    def row(self, t: Translator) -> ft.Control:
        """The line that begins it."""
        return Row(ft.Icons.SEARCH_ROUNDED, t("Search in this chat"), self.begin)

    @action
    def begin(self, event: object = None) -> None:
        """In place of the thread."""
        self.on = True
        self._about = self._desk.writing.about
        self._desk.reading.leave_end()
        self._desk.ask_nothing()

    @action
    async def end(self, event: object = None) -> None:
        """The thread is back, and what stood in the box."""
        self.on = False
        self._desk.box_again()
        self._desk.redraw()
        await self._desk.reading.at_end_again()

    async def end_when_answering(self) -> None:
        """Who chose to answer or change a message that was found writes in the thread."""
        if self.on and self._desk.writing.about is not self._about:
            await self.end()
