"""What somebody typed and the database does not have yet. Lives as long as their Flet session.

Screens come and go while a text is on its way: another tab of the bar, a tablet that is turned.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID, uuid4

from app.core.clock import utc_now
from app.core.errors import AppError, Unexpected, Unreachable
from app.core.logs import log_fault
from app.messages.model import Chosen, Message, Picked

SAVED_AFTER: Final = 1.0
_NEVER_SENT: Final = "send_failed"


class Sender(Protocol):
    """The verbs that are needed here; `Messages` has them."""

    async def send(
        self,
        thread: UUID,
        client_id: UUID,
        text: str,
        reply_to: UUID | None = None,
        picked: Picked | None = None,
        attachment: UUID | None = None,
    ) -> Message: ...

    async def save_draft(self, thread: UUID, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way. With `error` it stopped, and so did all that were typed after it."""

    client_id: UUID
    text: str
    reply_to: UUID | None
    at: datetime
    error: AppError | None = None
    picked: Picked | None = None
    file: Chosen | None = None


@dataclass(frozen=True)
class Writing:
    """What stands in the box (`value` and `turn` as in `Field`), and the message it is about."""

    value: str
    turn: int = 0
    about: Message | None = None
    editing: bool = False


class Unsent:
    """The drafts and waiting messages of one person's session, by thread."""

    def __init__(self, sender: Sender, person: UUID) -> None:
        self.person = person
        self._sender = sender
        self._threads: dict[UUID, Outgoing] = {}

    def of(self, thread: UUID, draft: str) -> "Outgoing":
        """Those of one thread; `draft` is what the database has kept, for the first time asked."""
        if thread not in self._threads:
            self._threads[thread] = Outgoing(self._sender, thread, draft)
        return self._threads[thread]

    def through(self, sender: Sender) -> None:
        """What goes from now on goes through this one: the same person, who may have chosen another
        language."""
        self._sender = sender
        for each in self._threads.values():
            each.sender = sender

    def end(self) -> None:
        """Nobody is there any more who could try again."""
        for each in self._threads.values():
            each.end()


class Outgoing:
    """What one person is writing in one thread.

    `text` stands in the box. `waiting` go one after the other, each until the database has it:
    the same client id however often it is tried, so none arrives twice. `heard` is called with each
    message that was stored, and with None when something else changed here.
    """

    def __init__(self, sender: Sender, thread: UUID, draft: str) -> None:
        self.text = draft
        self.waiting: tuple[Waiting, ...] = ()
        self.heard: Callable[[Message | None], None] = _nobody
        self.sender = sender
        self._thread = thread
        self._saved = draft
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: asyncio.Task[None] | None = None

    @property
    def stopped(self) -> bool:
        """Whether somebody has to say that it shall be tried again."""
        return bool(self.waiting) and self.waiting[0].error is not None

    def typed(self, text: str) -> None:
        """Keep what stands in the box now; the database has it a second after the last letter."""
        self.text = text
        self._save_later()

    def send(
        self,
        text: str,
        reply_to: UUID | None = None,
        picked: Picked | None = None,
        client_id: UUID | None = None,
        file: Chosen | None = None,
    ) -> None:
        """Put a message at the end of what goes; `client_id` is what it was kept back with."""
        new = Waiting(client_id or uuid4(), text, reply_to, utc_now(), picked=picked, file=file)
        self.waiting = (*self.waiting, new)
        self.heard(None)
        if not self.stopped:
            self._go()

    def try_again(self) -> None:
        """Send what stopped, and what waits behind it."""
        self.waiting = tuple(replace(each, error=None) for each in self.waiting)
        self.heard(None)
        self._go()

    def try_again_if_unreachable(self) -> None:
        """The same when only the network was missing."""
        if self.stopped and isinstance(self.waiting[0].error, Unreachable):
            self.try_again()

    def take_out(self, client_id: UUID) -> str:
        """Stop trying; returns the text, "" when it has gone meanwhile."""
        found = next((each for each in self.waiting if each.client_id == client_id), None)
        if found is None or found.error is None:
            return ""
        self.waiting = tuple(each for each in self.waiting if each is not found)
        self.heard(None)
        if self.waiting and not self.stopped:
            self._go()
        return found.text

    def end(self) -> None:
        """Stop everything."""
        self.heard = _nobody
        if self._timer:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()

    def _go(self) -> None:
        if self._sending is None or self._sending.done():
            self._sending = self._keep(self._send_all())

    async def _send_all(self) -> None:
        while self.waiting and not self.stopped:
            first = self.waiting[0]
            try:
                stored = await self.sender.send(
                    self._thread,
                    first.client_id,
                    first.text,
                    first.reply_to,
                    first.picked,
                    first.file.id if first.file else None,
                )
            except AppError as error:
                self._stop(error)
            except Exception as error:
                self._stop(Unexpected(_NEVER_SENT, {"id": log_fault(_NEVER_SENT, error).id[:8]}))
            else:
                self.waiting = self.waiting[1:]
                # Who sends has no draft there any more.
                self._saved = ""
                self.heard(stored)
        self._save_later()

    def _stop(self, error: AppError) -> None:
        self.waiting = (replace(self.waiting[0], error=error), *self.waiting[1:])
        self.heard(None)

    def _save_later(self) -> None:
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(SAVED_AFTER, lambda: self._keep(self._save()))

    async def _save(self) -> None:
        # What waits is kept too: who closes the app now finds it in the box again.
        text = "\n".join([*(each.text for each in self.waiting), self.text]).strip("\n")
        if text == self._saved:
            return
        try:
            await self.sender.save_draft(self._thread, text)
        except AppError:
            # It is still here, and the next letter saves it.
            return
        self._saved = text

    def _keep(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _nobody(message: Message | None) -> None:
    pass
