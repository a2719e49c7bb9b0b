"""What a thread and its messages are, and what may be written."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from app.people.model import Role

LONGEST_TEXT: Final = 20_000
TAKE_BACK_WITHIN: Final = timedelta(minutes=15)
EDIT_WITHIN: Final = timedelta(hours=24)
PAGE: Final = 30
_REPEATED: Final = 120

TextProblem = Literal["empty", "too_long"]

# Control characters, and what turns the direction of a line round for everything after it.
_UNWANTED: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069"
    "\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
_BREAKS: Final = re.compile("\r\n?|[\u2028\u2029\u000b\u000c\u0085]")
# Flags of regions are a black flag with tags behind it; elsewhere tags are hidden writing.
_TAGS: Final = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f)|[\U000e0000-\U000e0fff]"
)
_HALVES: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = re.compile(
    "[^\u0009\u000a\u0020\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0]"
)
# More marks than any script puts on one letter; towers of them cover the lines around.
_MARK: Final = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_TOWER: Final = re.compile(f"({_MARK}{{4}}){_MARK}+")


class ThreadKind(StrEnum):
    """With whom a thread is: the key worker and their stand-ins, or the mentor."""

    KEY_WORKER = "key_worker"
    MENTOR = "mentor"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the staff who can read a thread today.

    `title` is what the organisation calls a key worker, None where it has no word of its own.
    """

    person_id: UUID
    name: str
    role: Role
    title: str | None
    stand_in: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence of the phrasebook, by its key, and what fills its gaps (a day as 2026-11-24)."""

    key: str
    gaps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words, the language of whoever wrote them ("" where nobody said), and the phrase they are."""

    text: str
    language: str = ""
    picked: Picked | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of one message. `name` is what its author called it, with the ending of what it is.

    `width` and `height` are in pixels, 0 for what is no picture.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def picture(self) -> bool:
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose, as they call it. `ready`: it is here. `wrong`: the code of why not."""

    id: UUID
    name: str
    ready: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `seq` is its place in the thread; `client_id` was made by whoever typed it.

    `text` is "" when it was `taken_back`, or when it is not `readable`: our key for it is missing,
    or somebody changed it. `reply_text` is the beginning of what `reply_to` said, `reply_file`
    whether a file came with that. `delivered` and `read` tell of the other side, and are False
    while either side does not show them. `language` and `picked` are as in `Spoken`.
    `translation` is what a machine made of it in the reader's language; "" where nobody asked, or
    where somebody said that it was wrong.
    """

    id: UUID
    thread_id: UUID
    seq: int
    client_id: UUID
    author: UUID
    author_name: str
    by_stand_in: bool
    sent_at: datetime
    text: str
    version: int
    edited: bool
    taken_back: bool
    reply_to: UUID | None
    delivered: bool
    read: bool
    mine: bool
    reply_text: str = ""
    readable: bool = True
    language: str = ""
    picked: Picked | None = None
    attachment: Attachment | None = None
    reply_file: bool = False
    translation: str = ""
    wrongly_translated: bool = False

    def may_edit(self, now: datetime) -> bool:
        """Whether I may still change its words."""
        return self._fresh(now, EDIT_WITHIN)

    def may_take_back(self, now: datetime) -> bool:
        """Whether I may still take it from both screens."""
        return self._fresh(now, TAKE_BACK_WITHIN)

    def _fresh(self, now: datetime, within: timedelta) -> bool:
        return self.mine and not self.taken_back and now - self.sent_at < within


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What I wrote without network and is not sent: others wrote meanwhile, or I never tapped Send.

    Mine alone. `client_id` is the one that it is sent with.
    """

    client_id: UUID
    text: str
    came_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One line of the list of my threads.

    `name` is the other side's, "" when nobody is there now. `last_text` is "" for staff: what a
    young person wrote is read in the thread, where reading is logged. `unread` counts at most 100.
    `waiting_since` is when the oldest message of the young person came that nobody has answered.
    `mentor` is named for who coordinates them.
    """

    thread_id: UUID
    organisation_id: UUID
    young_person: UUID
    kind: ThreadKind
    name: str
    last_text: str
    last_at: datetime | None
    last_is_mine: bool
    unread: int
    waiting_since: datetime | None
    mentor: str = ""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread as I may read it, with its newest messages, the oldest of them first.

    `own` is True for the young person, `by_opening` for who reads through an opening to protect
    somebody. `can_write` is False for who only reads, and while nobody would answer. `receipts` is
    my switch. `kept_days` is how long a message is kept from the day it was sent. `read_seq` is the
    last message that I have read. `changed` are older ones that have had another version within a
    day, as they are now. `kept_back` waits for my word. `translating` is the host that the
    organisation lets texts leave for, "" for none; `their_language` that of the other side, ""
    where I may not know it.
    """

    thread_id: UUID
    organisation_id: UUID
    young_person: UUID
    kind: ThreadKind
    name: str
    own: bool
    by_opening: bool
    readers: tuple[Reader, ...]
    can_write: bool
    receipts: bool
    kept_days: int | None
    waiting_since: datetime | None
    read_seq: int
    messages: tuple[Message, ...]
    has_older: bool
    draft: str
    changed: tuple[Message, ...] = ()
    kept_back: tuple[KeptBack, ...] = ()
    translating: str = ""
    their_language: str = ""


def tidy_text(typed: str) -> str:
    """The words as they are stored: nothing hidden, nothing that reaches out of the message.

    Line breaks become one kind, control characters and marks that turn the direction round go
    (joiners stay, Persian and emoji need them), half characters become a question mark in a box.
    """
    text = _BREAKS.sub("\n", _HALVES.sub("\ufffd", typed))
    text = _TAGS.sub(r"\1", _UNWANTED.sub("", text))
    return _TOWER.sub(r"\1", unicodedata.normalize("NFC", text)).strip()


def beginning(text: str) -> str:
    """As much of a message as a reply to it repeats."""
    return text[:_REPEATED]


def text_problem(text: str) -> TextProblem | None:
    """Why a tidy text cannot be sent; None when it can."""
    if not _SHOWN.search(text):
        return "empty"
    return "too_long" if len(text) > LONGEST_TEXT else None
