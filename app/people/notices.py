"""What we must tell a person, until they have seen it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.db import Db


class NoticeKind(StrEnum):
    """What happened."""

    RETURN_CODE_MADE = "return_code_made"
    RETURN_CODE_USED = "return_code_used"
    RETURN_CODE_OBJECTED = "return_code_objected"
    PAGE_OPENED = "page_opened"
    CONTACT_ADDED = "contact_added"
    AGREEMENT_CHANGED = "agreement_changed"
    HANDED_ON = "handed_on"
    HANDED_TO_YOU = "handed_to_you"
    NOBODY_ANSWERS = "nobody_answers"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing this person has not seen yet.

    `made_by` is the name of who did it and `about` of who else it speaks of, as far as they are
    known, `about_id` that one's id; `reason` is a code word; `ref` is the id of what it speaks of.
    """

    id: UUID
    kind: NoticeKind
    ref: UUID | None
    made_by: str | None
    about: str | None
    reason: str | None
    at: datetime
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a person has to be told now.

    `waits_until` is None but for somebody who got back in by a code: from then on they see
    everything again, notices too.
    """

    unseen: tuple[Notice, ...]
    waits_until: datetime | None


class Notices:
    """The verbs, for one signed-in device. Every method may raise `AppError`."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def told(self) -> Told:
        """What this person has not seen yet, the newest first."""
        row = await self._db.read("my_notices")
        # While a new version starts, an older one may meet kinds it has no words for.
        unseen = tuple(_notice(each) for each in row["notices"] if each["kind"] in _KINDS)
        full_from = row["full_from"]
        return Told(unseen, datetime.fromisoformat(full_from) if full_from else None)

    async def see(self, notice: UUID) -> None:
        """Take a notice away, on every device; harmless twice."""
        await self._db.rpc("see_notice", notice=str(notice))


_KINDS = frozenset(NoticeKind)


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        id=UUID(row["id"]),
        kind=NoticeKind(row["kind"]),
        ref=UUID(row["ref"]) if row["ref"] else None,
        made_by=row["made_by"],
        about=row["about"],
        reason=row["words"].get("reason"),
        at=datetime.fromisoformat(row["created_at"]),
        about_id=UUID(row["words"]["about"]) if row["words"].get("about") else None,
    )
