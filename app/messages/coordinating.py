"""What coordinators and administrators look after: mentors' threads, and how long messages stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.core.errors import NotFound
from app.messages.model import ThreadKind, ThreadRow


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many `days` from the day it was sent a message is kept; `version` of the
    organisation."""

    days: int
    version: int


async def mentor_threads(db: Db, organisation: UUID) -> tuple[ThreadRow, ...]:
    """The 200 threads of mentors that matter most, without words. Not logged; opening one is.

    Raises `NotAllowed` for whoever is no cleared coordinator there.
    """
    rows = await db.rpc("mentor_threads", organisation=str(organisation))
    return tuple(_row(organisation, row) for row in rows)


async def kept(db: Db, organisation: UUID) -> Kept:
    """What counts now, for everybody who belongs to the organisation; else `NotFound`."""
    rows = await db.view(
        "organisations", columns="messages_kept_days,version", where={"id": str(organisation)}
    )
    if not rows:
        raise NotFound("not_found")
    return Kept(rows[0]["messages_kept_days"], rows[0]["version"])


async def keep_for(db: Db, organisation: UUID, days: int, seen: Kept) -> None:
    """By a cleared administrator, 30 to 3650 days. What is older is forgotten within a day and
    cannot be brought back.

    Raises `Conflict("changed_meanwhile")` and `Invalid("retention_not_valid")`.
    """
    await db.rpc(
        "set_messages_kept", organisation=str(organisation), days=days, version=seen.version
    )


def _row(organisation: UUID, row: Mapping[str, Any]) -> ThreadRow:
    return ThreadRow(
        thread_id=UUID(row["thread_id"]),
        organisation_id=organisation,
        young_person=UUID(row["young_person"]),
        kind=ThreadKind.MENTOR,
        name=row["name"],
        last_text="",
        last_at=_time(row["last_at"]),
        last_is_mine=False,
        unread=0,
        waiting_since=_time(row["waiting_since"]),
        mentor=row["mentor"] or "",
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
