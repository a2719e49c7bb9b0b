"""What threads say about themselves, in the reader's words."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from app.core.clock import utc_now
from app.core.errors import AppError, Unreachable
from app.core.i18n import Translator
from app.design.states import explain
from app.messages.model import OpenThread, Reader, ThreadKind, ThreadRow
from app.people.model import Role

# Signs that turn the writing of whatever stands around them.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_STRONG: Final = _RIGHT_TO_LEFT | {"L"}


def plain(text: str) -> str:
    """A text as it is shown: it cannot turn the writing around it."""
    return _TURNING.sub("", text)


def reads_rtl(text: str, *, otherwise: bool) -> bool:
    """Whether a text begins from the right, by its first letter; `otherwise` without letters."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in kinds if kind in _STRONG), None)
    return otherwise if first is None else first in _RIGHT_TO_LEFT


def day_words(t: Translator, when: datetime) -> str:
    """The day of a message, as people say it."""
    now, day = utc_now(), t.date(when)
    if day == t.date(now):
        return t("Today")
    if day == t.date(now - timedelta(days=1)):
        return t("Yesterday")
    return day


def moment_words(t: Translator, when: datetime) -> str:
    """When something was written, short: the time today, else the day too."""
    day, time = t.date(when), t.time(when)
    return time if day == t.date(utc_now()) else f"{day}, {time}"


def who_reads(t: Translator, thread: OpenThread, me: UUID) -> str:
    """Everybody who can read a thread, by name."""
    others = [_reader(t, each) for each in thread.readers if each.person_id != me]
    if not thread.own and thread.name:
        others.insert(0, thread.name)
    words = t("{people} can read this.", people=t.listed([t("You"), *others]))
    told = any(each.role is Role.COORDINATOR for each in thread.readers)
    if thread.kind is ThreadKind.MENTOR and not told:
        words += " " + t("A coordinator can read it too.")
    if thread.translating:
        words += " " + t("Translated texts go to {place}.", place=thread.translating)
    return words


def _reader(t: Translator, reader: Reader) -> str:
    if reader.stand_in:
        return t("{name} (stand-in)", name=reader.name)
    if reader.role is Role.COORDINATOR:
        return t("{name} (coordinator)", name=reader.name)
    return reader.name


class Authored(Protocol):
    """What a message says about who wrote it."""

    @property
    def mine(self) -> bool: ...
    @property
    def by_stand_in(self) -> bool: ...
    @property
    def author_name(self) -> str: ...


def author_words(t: Translator, message: Authored) -> str:
    """Who wrote a message."""
    if message.mine:
        return t("You")
    if message.by_stand_in:
        return t("{name} (stand-in)", name=message.author_name)
    return message.author_name


def refusal_words(t: Translator, error: AppError) -> str:
    """Why a message was not taken, and what to do."""
    match error.code:
        case "text_not_valid" if error.fields.get("problem") == "too_long":
            most = error.fields.get("longest", "")
            return t("It is too long: at most {most} letters. Send it in parts.", most=most)
        case "too_many_messages":
            return t("That was a lot at once. Please wait a minute.")
        case "thread_closed" | "read_only":
            return t("Nobody can write here any more. Help is at the top.")
        case "too_late":
            return t("It is too late to change this message.")
        case "attachment_gone":
            return t("The file is gone. Please choose it again.")
        case "taken_back":
            return t("This message was taken back meanwhile.")
    if isinstance(error, Unreachable):
        return t("No answer right now. It stays here until it is sent.")
    return explain(t, error).text


def short(text: str, most: int = 80) -> str:
    """The beginning of a text on one line."""
    line = " ".join(plain(text[: 2 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def by_waiting(rows: Sequence[ThreadRow]) -> list[ThreadRow]:
    """Who waits longest stands first; then what was written last."""
    waiting = [each for each in rows if each.waiting_since]
    rest = [each for each in rows if not each.waiting_since]
    waiting.sort(key=lambda each: (each.waiting_since, each.name))
    rest.sort(key=lambda each: each.name)
    rest.sort(key=lambda each: each.last_at.timestamp() if each.last_at else 0, reverse=True)
    return [*waiting, *rest]
