"""What an opening to protect somebody is, and what its two people may say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

SHORTEST_REASON: Final = 20
LONGEST_REASON: Final = 1000
DELAYS: Final = (24, 48, 72)
LASTS: Final = timedelta(minutes=60)

ReasonProblem = Literal["too_short", "too_long"]


class OpeningState(StrEnum):
    """How far it has come."""

    ASKED = "asked"
    RUNNING = "running"
    ENDED = "ended"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening, as one of its two people or a safeguarding lead sees it.

    `name` is the young person's, `asked_of` who was asked to agree and `agreed_by` who did. `mine`
    is True for its two people, `may_agree` for who could agree now. `told_at` is None until the
    young person was told; `delay_hours` says by how much that waits, from the agreement on.
    """

    id: UUID
    young_person_id: UUID
    name: str
    asked_by: str
    asked_of: str
    agreed_by: str | None
    by_me: bool
    mine: bool
    may_agree: bool
    reason: str
    delay_hours: int | None
    delay_reason: str | None
    asked_at: datetime
    ends_at: datetime | None
    told_at: datetime | None
    state: OpeningState

    def minutes_left(self, now: datetime) -> int:
        """Whole minutes until it ends, never less than 0."""
        if self.state is not OpeningState.RUNNING or self.ends_at is None:
            return 0
        return max(0, -(-int((self.ends_at - now).total_seconds()) // 60))


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be chosen."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose page may be asked for, and who could agree; both by name."""

    young_people: tuple[Named, ...]
    colleagues: tuple[Named, ...]

    def found(self, typed: str, most: int) -> tuple[Named, ...]:
        """Young people whose name has what was typed in it, at most so many."""
        wanted = typed.strip().casefold()
        return tuple(each for each in self.young_people if wanted in each.name.casefold())[:most]


def reason_problem(text: str) -> ReasonProblem | None:
    """Why a reason cannot be taken; None when it can. The database decides, this says it sooner."""
    length = len(text.strip())
    if length < SHORTEST_REASON:
        return "too_short"
    return "too_long" if length > LONGEST_REASON else None


def by_name(people: Sequence[Named]) -> tuple[Named, ...]:
    """Sorted as people look for a name, whatever its case."""
    return tuple(sorted(people, key=lambda each: (each.name.casefold(), str(each.id))))
