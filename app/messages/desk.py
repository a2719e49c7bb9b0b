"""What one person does in one open thread."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

import flet as ft

from app.core.errors import Conflict, Invalid
from app.core.i18n import Translator
from app.design.guard import action, in_page, toast
from app.design.session import AppSession
from app.messages.actions import Messages
from app.messages.asked import Asked
from app.messages.attached import waiting_words
from app.messages.attachments import Uploads
from app.messages.box import Keyboard
from app.messages.late import KeptHere, overtakes
from app.messages.model import Message, OpenThread, Picked
from app.messages.place import Place
from app.messages.reading import Reading
from app.messages.unsent import Outgoing, Waiting, Writing
from app.messages.use import attaching_of, unsent_of
from app.messages.words import refusal_words

_REFUSED: Final = (Conflict, Invalid)


class Desk:
    """Everything behind the screen of a thread; the screen draws it and hands taps on.

    `redraw` is set by the screen at each drawing, as is `t`.
    """

    def __init__(
        self,
        page: ft.Page,
        messages: Messages,
        uploads: Uploads,
        opened: OpenThread,
        me: UUID,
    ) -> None:
        self.messages = messages
        self.me = me
        self.opened = opened
        self.place = Place(opened)
        self.outgoing: Outgoing = unsent_of(page, messages, me).of(opened.thread_id, opened.draft)
        self.writing = Writing(self.outgoing.text)
        self.asked = Asked()
        self.busy = False
        self.t = Translator()
        self.keyboard = Keyboard()
        self.redraw: Callable[[], None] = lambda: None
        self.reload: Callable[[], None] = lambda: None
        self.reading = Reading(page, messages, self.place, lambda: self.redraw())
        self.kept = KeptHere(messages.late, self)
        self.attaching = attaching_of(page, uploads, self.outgoing, opened.thread_id)
        self._page = page
        self._edited = ""
        self._sent = ""

    def take(self, opened: OpenThread) -> None:
        """Go on with what was loaded now."""
        if opened is not self.opened:
            if overtakes(self, opened):
                self._put("")
                self.outgoing.typed("")
            self.opened = opened
            self.place.take(opened)

    def begin(self) -> None:
        """The thread is on the screen."""
        self.outgoing.heard = lambda stored: in_page(self._page, self._hear, stored)
        self.outgoing.try_again_if_unreachable()

    def end(self) -> None:
        """It is no longer."""
        self.outgoing.heard = lambda stored: None

    def typed(self, text: str) -> None:
        """Keep every letter."""
        if self.writing.editing:
            self._edited = text
            return
        if self._sent and text.startswith(self._sent) and text != self._sent:
            # Written while the message before was on its way out of the box.
            text = text[len(self._sent) :]
            self._put(text)
            self.redraw()
        self._sent = ""
        self.outgoing.typed(text)

    @action
    async def send(self, event: object = None) -> None:
        """What stands in the box, as a new message or the new text of an old one."""
        writing = self.writing
        if writing.editing and writing.about:
            await self._edit(writing.about)
            return
        text, file = self.outgoing.text, self.attaching.chosen
        if file and not file.ready:
            toast(self._page, waiting_words(self.t, file))
        elif text.strip() or file:
            self._sent = text
            self.keyboard.after(event)
            self._send(text.strip())

    @action
    def send_quick(self, text: str) -> None:
        """One of the quick answers; what stands in the box stays there."""
        self.asked = Asked()
        self.outgoing.send(text)
        self.redraw()

    @action
    def send_phrase(self, text: str, picked: Picked) -> None:
        """The same with a phrase, which others read in their own language."""
        self.asked = Asked()
        self.outgoing.send(text, picked=picked)
        self.redraw()

    @action
    def put_into_box(self, text: str, event: object = None) -> None:
        """Words that were chosen, behind what stands there."""
        joined = "\n".join(part for part in (self.outgoing.text.rstrip(), text) if part)
        self.outgoing.typed(joined)
        self.writing = replace(self.writing, value=joined, turn=self.writing.turn + 1)
        self.ask_nothing()

    @action
    def try_again(self) -> None:
        self.outgoing.try_again()

    @action
    def back_into_box(self, waiting: Waiting) -> None:
        """Stop trying to send this, and let it be written anew."""
        if waiting.file:
            self.attaching.put_back(waiting.file)
        self.into_box(self.outgoing.take_out(waiting.client_id))

    def into_box(self, text: str) -> None:
        """Put a text in front of what stands in the box."""
        self._put("\n".join(part for part in (text, self.outgoing.text) if part))
        self.outgoing.typed(self.writing.value)
        self.redraw()

    @action
    def ask(self, asked: Asked, event: object = None) -> None:
        """Open a sheet."""
        self.asked = asked
        self.redraw()

    @action
    def close(self, event: object = None) -> None:
        """Close whatever sheet is open."""
        if self.asked.what:
            self.ask_nothing()

    def ask_nothing(self) -> None:
        self.asked = Asked()
        self.redraw()

    @action
    def open_message(self, message: Message) -> None:
        self.asked = Asked("message", message)
        self.redraw()

    @action
    def open_picture(self, message: Message, event: object = None) -> None:
        self.asked = Asked("picture", message)
        self.redraw()

    @action
    def reply(self, event: object = None) -> None:
        """Write an answer to the message of the sheet."""
        self.writing = replace(self.writing, about=self.asked.message, editing=False)
        self.ask_nothing()

    @action
    def edit(self, event: object = None) -> None:
        """Put the message of the sheet into the box; a draft waits until that is done."""
        message = self.asked.message
        if message:
            self._edited = message.text
            self.writing = Writing(message.text, self.writing.turn + 1, message, editing=True)
        self.ask_nothing()

    @action
    def stop_about(self, event: object = None) -> None:
        """The next message is about nothing again; the draft stands in the box."""
        self._put(self.outgoing.text)
        self.redraw()

    def box_again(self) -> None:
        """The box was away from the screen: what stood in it is there again."""
        text = self._edited if self.writing.editing else self.outgoing.text
        self.writing = replace(self.writing, value=text, turn=self.writing.turn + 1)

    @action
    async def take_back(self, event: object = None) -> None:
        """The message of the sheet goes from both screens."""
        message = self.asked.message
        if message is None or self.busy:
            return
        await self._told(self.messages.take_back, message)
        self.ask_nothing()
        self.reload()

    @action
    async def turn_into(self, session: AppSession, way: str, event: object = None) -> None:
        """The message of the sheet becomes something else, in the way that was chosen."""
        message, turn = self.asked.message, self.asked.turn
        if message is None or turn is None or self.busy:
            return

        async def become() -> None:
            await turn.do(session, self.opened, message, way)
            toast(self._page, turn.done(self.t))

        await self._told(become)
        self.ask_nothing()

    @action
    async def switch_receipts(self, event: object = None) -> None:
        """Whether the others see what was read here, and the other way round."""
        await self.messages.set_receipts(not self.opened.receipts)
        self.reload()

    async def _edit(self, message: Message) -> None:
        text = self._edited.strip()
        if not text or self.busy:
            return

        async def store() -> None:
            stored = await self.messages.edit(message, text)
            self.place.history = self.place.history.with_stored(stored)
            self._put(self.outgoing.text)

        await self._told(store)
        self.redraw()

    async def _told(self, act: Callable[..., Awaitable[object]], *about: object) -> None:
        """Do something once at a time; what the database refuses is told in words of this room."""
        self.busy = True
        self.redraw()
        try:
            await act(*about)
        except _REFUSED as error:
            toast(self._page, refusal_words(self.t, error))
        finally:
            self.busy = False

    def _send(self, text: str) -> None:
        about = self.writing.about
        self._put("")
        self.outgoing.text = ""
        self.place.at_end = True
        self.outgoing.send(text, about.id if about else None, file=self.attaching.take())
        self.redraw()

    def _put(self, text: str) -> None:
        self.writing = Writing(text, self.writing.turn + 1)

    def _hear(self, stored: Message | None) -> None:
        if stored:
            self.place.history = self.place.history.with_stored(stored)
        self.redraw()
