"""What "I do not feel safe" is: what is said before, what was sent, what staff see of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.protect.model import Named

LONGEST_TEXT: Final = 500
MISTAKE_SECONDS: Final = 30


class Reach(StrEnum):
    """How somebody wants to be reached."""

    CALL = "call"
    WRITE = "write"
    NO = "no"


class AlertState(StrEnum):
    """How far it has come; `FALLBACK`: everybody was told and nobody has taken it."""

    WAITING = "waiting"
    FALLBACK = "fallback"
    TAKEN = "taken"
    REACHED = "reached"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"


OPEN: Final = frozenset(
    {AlertState.WAITING, AlertState.FALLBACK, AlertState.TAKEN, AlertState.REACHED}
)
UNTAKEN: Final = frozenset({AlertState.WAITING, AlertState.FALLBACK})


class Outcome(StrEnum):
    """The word an alert is closed with."""

    SAFE_NOW = "safe_now"
    HELP_CAME = "help_came"
    PASSED_ON = "passed_on"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, by the database's clock."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class UnsafePage:
    """What is said before anything is sent.

    `now` is the database's clock when this was read, `read_at` our own in seconds at that moment.
    Without a `rota` nothing can be sent. `there` have duty now, `also` can read it too;
    `next_at` is when the next duty begins. After `minutes` the next one is told; `fallback` is
    what the organisation does when nobody takes it. `staff` can be named. `sent` is what was sent
    within the last half minute.
    """

    now: datetime
    read_at: float
    rota: bool
    there: tuple[str, ...]
    also: tuple[str, ...]
    next_at: datetime | None
    minutes: int
    fallback: str | None
    staff: tuple[Named, ...]
    sent: Sent | None

    @property
    def somebody(self) -> bool:
        """Whether anybody would read it."""
        return self.rota and bool(self.there or self.also or self.next_at)

    def clock(self, now: float) -> datetime:
        """The database's clock at the moment that ours, in seconds, says `now`."""
        return self.now + timedelta(seconds=now - self.read_at)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be sent. `about` is somebody who works here, None where nobody is named."""

    about_staff: bool
    about: UUID | None
    reach: Reach
    text: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of it, for who sent it. `taken_by` is a name."""

    state: AlertState
    at: datetime
    reach: Reach
    taken_by: str | None
    fallback: str | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert in a list of staff. `mine`: I have taken it. `told`: it was brought before me."""

    id: UUID
    name: str
    at: datetime
    state: AlertState
    about_staff: bool
    mine: bool
    told: bool
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who has duty now, until when I have, when the next one begins, and what was sent."""

    there: tuple[str, ...]
    mine_until: datetime | None
    next_at: datetime | None
    alerts: tuple[AlertRow, ...]

    @property
    def pressing(self) -> tuple[AlertRow, ...]:
        """Those that I was told of and nobody has taken, the oldest first."""
        waiting = (each for each in self.alerts if each.told and each.state in UNTAKEN)
        return tuple(sorted(waiting, key=lambda each: each.at))


@dataclass(frozen=True, slots=True)
class Telling:
    """Who was told, when and why: `duty`, `next` or `fallback`."""

    name: str
    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """All of one alert, as staff who may read it. `leads`: I may go on with what others took."""

    id: UUID
    name: str
    language: str
    at: datetime
    state: AlertState
    reach: Reach
    about_staff: bool
    about: str | None
    text: str | None
    taken_by: str | None
    mine: bool
    leads: bool
    closed_by: str | None
    closed_at: datetime | None
    outcome: Outcome | None
    fallback: str | None
    told: tuple[Telling, ...]

    @property
    def in_my_hands(self) -> bool:
        """Whether I may say what became of it."""
        taken = self.state in (AlertState.TAKEN, AlertState.REACHED)
        return taken and (self.mine or self.leads)
