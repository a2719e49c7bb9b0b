"""What one screen knows of a thread: the newest messages and the older ones it asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.messages.model import Message, OpenThread, beginning

_FIRST_SEQ: Final = 1


@dataclass(frozen=True, slots=True)
class History:
    """Messages without a hole, oldest first; `more` came before the first of them."""

    messages: tuple[Message, ...] = ()
    more: bool = False

    def refreshed(self, opened: OpenThread) -> "History":
        """With the newest as they are now. Older ones stay, unless some are missing between."""
        newest = opened.messages
        if not newest:
            return History((), opened.has_older)
        first = newest[0].seq
        older = tuple(each for each in self.messages if each.seq < first)
        overlaps = any(each.seq >= first for each in self.messages)
        if not older or not (overlaps or older[-1].seq + 1 == first):
            return History(newest, opened.has_older)
        # A receipt is for everything before it.
        read = any(each.mine and each.read for each in newest)
        older = _as_now(tuple(_seen(each, read) for each in older), opened.changed)
        return History((*older, *newest), self.more)

    def with_older(self, page: Sequence[Message]) -> "History":
        """With the page of messages before the first one; an empty page was the beginning."""
        first = self.messages[0].seq if self.messages else None
        older = tuple(each for each in page if first is None or each.seq < first)
        return History((*older, *self.messages), bool(older) and older[0].seq > _FIRST_SEQ)

    def with_stored(self, message: Message) -> "History":
        """With one message as the database has it now: a new one, or another version."""
        others = [each for each in self.messages if each.id != message.id]
        known = sorted([*others, message], key=lambda each: each.seq)
        return History(tuple(known), self.more)


def _as_now(older: tuple[Message, ...], changed: Sequence[Message]) -> tuple[Message, ...]:
    """With the versions of now, also where another message repeats their beginning."""
    now = {each.id: each for each in changed}
    if not now:
        return older
    whole = (now.get(each.id, each) for each in older)
    return tuple(
        replace(each, reply_text=beginning(now[each.reply_to].text))
        if each.reply_to in now
        else each
        for each in whole
    )


def _seen(message: Message, read: bool) -> Message:
    if not read or not message.mine or message.read:
        return message
    return replace(message, delivered=True, read=True)
