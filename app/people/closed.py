"""On which days nobody works in an organisation."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.clock import utc_now
from app.core.db import Db

_BETWEEN: Final = re.compile(r"\s*(?:-|–|—)\s*")
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)

Span = tuple[date, date]


class ClosedDays:
    """The verbs about one organisation. Every method may raise `AppError`."""

    def __init__(self, db: Db, organisation: UUID) -> None:
        self._db = db
        self._organisation = organisation

    async def coming(self) -> tuple[date, ...]:
        """Today and later, the next first, at most 300; for everybody who belongs there."""
        rows = await self._db.view(
            "closed_days",
            columns="day",
            where={"organisation_id": self._organisation, "day >=": utc_now().date()},
            order="day",
            limit=300,
        )
        return tuple(date.fromisoformat(row["day"]) for row in rows)

    async def close(self, first: date, last: date) -> None:
        """Note these days and those between, by coordinators and administrators.

        Raises `Invalid("date_not_valid")` for days that are over, and for more than 61.
        """
        await self._db.rpc("close_days", **self._span(first, last))

    async def open(self, first: date, last: date) -> None:
        """Take these days and those between off again; harmless twice."""
        await self._db.rpc("open_days", **self._span(first, last))

    def _span(self, first: date, last: date) -> dict[str, str]:
        return {
            "organisation": str(self._organisation),
            "first": first.isoformat(),
            "last": last.isoformat(),
        }


def spans(days: Iterable[date]) -> list[Span]:
    """Days in order, those that follow each other as one: its first and its last day."""
    found: list[Span] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def read_span(typed: str) -> Span | None:
    """What people type: `24.12.2026`, or `24.12.2026 – 1.1.2027`; None for anything else."""
    days = [_day(each) for each in _BETWEEN.split(typed.strip())]
    match days:
        case [date() as only]:
            return only, only
        case [date() as first, date() as last] if first <= last:
            return first, last
    return None


def _day(typed: str) -> date | None:
    found = _DAY.fullmatch(typed)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
