"""How a young person and their key worker stay in touch. The rhythm is what we owe, never they."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.people.model import OfficeHours


class Way(StrEnum):
    """How they reach each other."""

    CHAT = "chat"
    CALL = "call"
    VIDEO = "video"
    VISIT = "visit"
    MEETING = "meeting"


class Place(StrEnum):
    """Where they meet."""

    OFFICE = "office"
    HOME = "home"
    OUTSIDE = "outside"
    CAFE = "cafe"
    SCHOOL = "school"
    ONLINE = "online"


class LoggedKind(StrEnum):
    """What somebody did outside the app to be in touch."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody calls or writes, like `21:00` to `08:00`; they may span midnight."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both agreed. `version` 0: nothing yet, and the rest is where to begin.

    `every_days`: there is a contact at least that often. `answer_days`: a message is answered
    within so many working days. `quiet` counts in the young person's time zone. `written_by` is a
    name; `own_words` says whether it is the young person's.
    """

    ways: frozenset[Way] = frozenset({Way.CHAT, Way.MEETING})
    every_days: int = 7
    places: frozenset[Place] = frozenset({Place.OFFICE})
    quiet: Quiet | None = Quiet("21:00", "08:00")
    answer_days: int = 2
    version: int = 0
    written_by: str | None = None
    own_words: bool = False
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the agreement: by whom (`own`: the young person), when, and which fields."""

    at: datetime
    name: str | None
    own: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """Something we did. Not `met`: we tried; that says nothing about the young person."""

    id: UUID
    kind: LoggedKind
    met: bool
    at: datetime
    name: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class InTouch:
    """The agreement with its last changes, and what we did, the latest first.

    `last_at` is when somebody last met them, spoke with them or wrote to them; `time_zone` is the
    young person's.
    """

    agreement: Agreement
    time_zone: str
    changes: tuple[Change, ...] = ()
    made: tuple[Logged, ...] = ()
    last_at: datetime | None = None


def days_since(then: datetime, now: datetime, time_zone: str) -> int:
    """How many midnights lie between two moments, by the clocks of a place; never negative."""
    zone = ZoneInfo(time_zone)
    return max(0, (now.astimezone(zone).date() - then.astimezone(zone).date()).days)


def owed_since(touch: InTouch, now: datetime) -> int:
    """By how many days we are late with a contact; 0 while we are not.

    Before the first contact it counts from the day when the rhythm was agreed.
    """
    start = touch.last_at or touch.agreement.written_at
    if start is None or touch.agreement.version == 0:
        return 0
    return max(0, days_since(start, now, touch.time_zone) - touch.agreement.every_days)


def is_quiet(quiet: Quiet | None, now: datetime, time_zone: str) -> bool:
    """Whether this moment lies in somebody's quiet hours; their end is not quiet any more."""
    if quiet is None:
        return False
    clock = f"{now.astimezone(ZoneInfo(time_zone)):%H:%M}"
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


# Who has not said when they are there is expected on the usual days.
USUAL_HOURS: Final = tuple(OfficeHours(day, "09:00", "17:00") for day in range(1, 6))


@dataclass(frozen=True, slots=True)
class Office:
    """The hours in which somebody works, at most one row a day, by the clocks of `time_zone`."""

    hours: Sequence[OfficeHours]
    time_zone: str


def answer_due(
    sent_at: datetime, agreement: Agreement, office: Office, closed_days: frozenset[date]
) -> datetime:
    """Until when a message is to be answered, in UTC.

    It counts from the working day on which it can be read: one that comes after the hours of a
    day, or on a day that is none, counts from the next. Due is the end of the hours of the working
    day `agreement.answer_days` later. Working days are those with office hours, without the
    `closed_days` of the organisation.
    """
    zone = ZoneInfo(office.time_zone)
    ends = {each.day: time.fromisoformat(each.end) for each in office.hours or USUAL_HOURS}
    sent = sent_at.astimezone(zone)
    day, left = sent.date(), agreement.answer_days + 1
    while True:
        end = ends.get(day.isoweekday())
        too_late = day == sent.date() and end is not None and sent.time() >= end
        if end is not None and day not in closed_days and not too_late:
            left -= 1
            if left == 0:
                return datetime.combine(day, end, zone).astimezone(UTC)
        day += timedelta(days=1)


def hand_on_at(
    sent_at: datetime,
    agreement: Agreement,
    office: Office,
    closed_days: frozenset[date],
    back_on: date | None,
) -> datetime:
    """When somebody else is told of a message, in UTC: when its answer is due.

    Who is away until `back_on` and comes back too late for that is not waited for at all.
    """
    due = answer_due(sent_at, agreement, office, closed_days)
    if back_on and due.astimezone(ZoneInfo(office.time_zone)).date() < back_on:
        return sent_at
    return due
