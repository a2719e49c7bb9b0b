"""Finding words in a thread. Texts are opened here; nothing that is stored tells about them."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.core.db import Db
from app.core.errors import Unexpected
from app.core.seal import Seal
from app.messages.model import Spoken
from app.messages.spoken import unpacked

PAGE: Final = 250
# Of one look: about a year of a lively thread, and less than half a second of one core.
_PAGES: Final = 20
ENOUGH: Final = 20
_MOST_WORDS: Final = 8
_EXCERPT: Final = 160
_BEFORE_HIT: Final = 40
# What Arabic writes in two ways, and the line that only stretches a word.
_SAME: Final = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None})
_MARKS: Final = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A message with all the words in it."""

    id: UUID
    seq: int
    author_name: str
    by_stand_in: bool
    mine: bool
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found, the newest first.

    `before` is where to look on, None when the whole thread was searched. `unreadable` messages
    could not be opened: our key for them is missing.
    """

    hits: tuple[Hit, ...] = ()
    before: int | None = None
    unreadable: int = 0

    def and_then(self, later: "Found") -> "Found":
        """Together with what the next look found."""
        return Found((*self.hits, *later.hits), later.before, self.unreadable + later.unreadable)


def _nothing(spoken: Spoken) -> str:
    return ""


class Search:
    """Looks for words in a thread, for one signed-in person who can read it.

    `also` says what else this person reads beneath a message: it is found by those words, too.
    """

    def __init__(self, db: Db, seal: Seal, also: Callable[[Spoken], str] = _nothing) -> None:
        self._db = db
        self._seal = seal
        self._also = also

    async def find(self, thread: UUID, words: str, before: int | None = None) -> Found:
        """The newest messages (before the `seq` given) with every one of these words.

        Ends after 20 of them, or 5,000 messages that it looked through. Logged as reading for
        who is not the young person; raises `NotAllowed` for who cannot read the thread.
        """
        wanted = _parts(words)
        hits: list[Hit] = []
        unreadable = 0
        for _ in range(_PAGES if wanted else 0):
            page = await self._db.rpc("search_thread", thread=str(thread), before=before)
            for row in page:
                spoken = self._said(thread, row)
                if spoken is None:
                    unreadable += 1
                elif _holds(f"{spoken.text}\n{self._also(spoken)}", wanted):
                    hits.append(_hit(row, spoken.text))
                before = int(row["seq"])
                if len(hits) == ENOUGH:
                    return Found(tuple(hits), before, unreadable)
            if len(page) < PAGE:
                return Found(tuple(hits), None, unreadable)
        return Found(tuple(hits), before, unreadable)

    def _said(self, thread: UUID, row: Mapping[str, Any]) -> Spoken | None:
        """Its words, none when it was taken back; None when they cannot be opened."""
        if row["sealed"] is None:
            return Spoken("")
        try:
            place = (thread, row["client_id"], row["version"])
            return unpacked(self._seal.open_text(row["sealed"], "message", *place))
        except Unexpected:
            return None


def folded(text: str) -> str:
    """The same for what people would call the same word: no capitals, no accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_SAME)
    return _MARKS.sub("", apart)


def excerpt(text: str, words: str) -> str:
    """A message in a list of what was found: short ones whole, else around the first word."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    at = min((line.lower().find(part) for part in words.lower().split()[:1]), default=0)
    start = max(0, at - _BEFORE_HIT)
    cut = line[start : start + _EXCERPT].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + _EXCERPT < len(line) else ''}"


def _parts(words: str) -> list[str]:
    return folded(words).split()[:_MOST_WORDS]


def _holds(text: str, parts: Sequence[str]) -> bool:
    inside = folded(text)
    return all(part in inside for part in parts)


def _hit(row: Mapping[str, Any], text: str) -> Hit:
    return Hit(
        id=UUID(row["id"]),
        seq=row["seq"],
        author_name=row["author_name"],
        by_stand_in=row["by_stand_in"],
        mine=row["mine"],
        sent_at=datetime.fromisoformat(row["sent_at"]),
        text=text,
    )
