"""Who works in an organisation and whom it looks after, as its coordinators see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.people.model import Colleague, Role

STAFF_ROLES = tuple(role for role in Role if role is not Role.YOUNG_PERSON)


class Reason(StrEnum):
    """Why somebody goes or another one comes. Only the code is kept, never a text."""

    ASKED_FOR = "asked_for"
    AWAY = "away"
    WORKLOAD = "workload"
    LEAVES = "leaves"
    SAFETY = "safety"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A young person of the organisation: no more than a coordinator's list shows."""

    id: UUID
    name: str
    joined: bool
    since: datetime
    key_worker: Colleague | None
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class StaffRole:
    """One role of somebody; `cleared_until`: the last day of training and check, None for none."""

    membership_id: UUID
    role: Role
    since: datetime
    cleared_until: date | None
    version: int

    def cleared(self, today: date) -> bool:
        """Whether somebody with this role may see young people on that day."""
        return self.cleared_until is not None and self.cleared_until >= today


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where we wrote to, and when, for somebody who has not come in yet."""

    email: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works here; for `charges` young people they are the key worker."""

    id: UUID
    name: str
    joined: bool
    invitation: Invitation | None
    roles: tuple[StaffRole, ...]
    charges: int


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Whom a coordinator wants to invite."""

    name: str
    email: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an invitation. Not `mailed`: the address has a sign-in, hand over `code`."""

    person_id: UUID
    email: str
    code: str
    mailed: bool


def reason_name(t: Callable[[str], str], reason: Reason) -> str:
    """The reason in the reader's words."""
    match reason:
        case Reason.ASKED_FOR:
            return t("The young person asked for it")
        case Reason.AWAY:
            return t("Away for some time")
        case Reason.WORKLOAD:
            return t("Has too much to do")
        case Reason.LEAVES:
            return t("Does not work here any more")
        case Reason.SAFETY:
            return t("To protect somebody")
        case Reason.FINISHED:
            return t("Their part is finished")


def given_by(role: Role | None) -> tuple[Role, ...]:
    """The roles that somebody working in this one may give to colleagues."""
    may = role is Role.ADMINISTRATOR
    return tuple(each for each in STAFF_ROLES if may or each is not Role.ADMINISTRATOR)
