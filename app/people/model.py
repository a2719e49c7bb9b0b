"""People, the organisations they belong to, and the roles in which they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; `more` come after the last of them."""

    rows: tuple[T, ...]
    more: bool

    def __len__(self) -> int:
        return len(self.rows)


class Role(StrEnum):
    """In which way a person belongs to an organisation. What each may do, the database says."""

    YOUNG_PERSON = "young_person"
    KEY_WORKER = "key_worker"
    MENTOR = "mentor"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    PROFESSIONAL = "professional"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    ADMINISTRATOR = "administrator"


class Part(StrEnum):
    """What somebody is in the team around one young person."""

    KEY_WORKER = "key_worker"
    STAND_IN = "stand_in"
    MENTOR = "mentor"
    PROFESSIONAL = "professional"


class LifeArea(StrEnum):
    """The parts of a life that a plan speaks of."""

    HOUSING = "housing"
    HEALTH = "health"
    MIND = "mind"
    MONEY = "money"
    LAW_PAPERS = "law_papers"
    FAMILY_CARE = "family_care"
    LEARNING = "learning"
    WORK = "work"
    GETTING_AROUND = "getting_around"
    STAYING_SAFE = "staying_safe"
    RELATIONSHIPS = "relationships"


@dataclass(frozen=True, slots=True)
class Person:
    """`name` is what they want to be called; `version` goes up with every change."""

    id: UUID
    name: str
    language: str
    time_zone: str
    version: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs Handrail here. `country` is an ISO 3166 code of two letters.

    `key_worker_title` is what people here call a key worker; None: as everywhere.
    """

    id: UUID
    name: str
    town: str
    country: str
    time_zone: str
    version: int
    key_worker_title: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """One of the places where a person belongs."""

    id: UUID
    role: Role
    organisation_name: str


@dataclass(frozen=True, slots=True)
class Active:
    """The membership that this device works in; screens show this one."""

    membership_id: UUID
    role: Role
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Home:
    """What a signed-in person may know about themselves. Without a membership nothing is active."""

    person: Person
    active: Active | None
    memberships: tuple[Membership, ...]

    @property
    def role(self) -> Role | None:
        """The role this device works in."""
        return self.active.role if self.active else None

    @property
    def may_switch(self) -> bool:
        """Whether there is another place to work in."""
        return len(self.memberships) > 1


@dataclass(frozen=True, slots=True)
class SignedInDevice:
    """A browser that is signed in as this person; `this` is the one that asks.

    It locks after `lock_minutes` without use: a `shared` one always after 1, and it is signed out
    after 15. A `returned` one came in with a code to get back in.
    """

    ref: str
    label: str
    created_at: datetime
    last_seen_at: datetime
    this: bool
    shared: bool
    lock_minutes: int
    returned: bool


@dataclass(frozen=True, slots=True)
class YoungPerson:
    """A young person in whose team the reader is: with which `part`, and since when.

    A mentor gets the first word of the name; `language` and `joined` (has a sign-in) are None.
    """

    id: UUID
    name: str
    language: str | None
    joined: bool | None
    part: Part
    since: datetime
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class UnownedYoungPerson:
    """A young person who has no key worker that may act; `since` they belong to the place."""

    id: UUID
    name: str
    joined: bool
    since: datetime
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given a part in a team."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When somebody is there on one day of the week (Monday is 1), e.g. `09:00` to `17:00`."""

    day: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody around one young person. `life_areas` are those a professional may see.

    `id` is the part's own: another one when the same person comes back or changes their part.
    `title` is what the organisation calls a key worker, for that part alone. Somebody with
    `back_on` is away until that day, and `away_words` are for those who wait. `office_hours` count
    by the clock of `time_zone`. `photo` is the address of their picture on this site, `phone` the
    number of their work.
    """

    id: UUID
    person_id: UUID
    name: str
    part: Part
    since: datetime
    life_areas: tuple[LifeArea, ...]
    organisation_id: UUID
    title: str | None = None
    pronouns: str | None = None
    office_hours: tuple[OfficeHours, ...] = ()
    time_zone: str = "UTC"
    back_on: date | None = None
    photo: str | None = None
    away_words: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedPerson:
    """A young person's page as its reader may see it; `team` names the key worker first."""

    id: UUID
    name: str
    language: str | None
    joined: bool | None
    team: tuple[TeamMember, ...]

    @property
    def key_worker(self) -> TeamMember | None:
        """Who is there for them, if anybody is."""
        return next((each for each in self.team if each.part is Part.KEY_WORKER), None)


@dataclass(frozen=True, slots=True)
class JoinCode:
    """With `code` a person comes in once, within 48 hours. It is shown now and kept nowhere."""

    person_id: UUID
    code: str


def language_clashes(seen: Person, now: Person, wanted: str) -> bool:
    """Whether changing the language to `wanted` would undo a choice made elsewhere meanwhile.

    Another change of the same person (a new name) is no clash: it is kept.
    """
    return now.language not in (seen.language, wanted)


def who_stands_in(team: Sequence[TeamMember]) -> TeamMember | None:
    """Who answers while the key worker is away: a stand-in who is there."""
    return next((each for each in team if each.part is Part.STAND_IN and not each.back_on), None)
