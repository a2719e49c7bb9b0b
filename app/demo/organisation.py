"""Makes the demo organisation through the doors that real people use: invited, then signed in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.clock import utc_now
from app.core.db import Db
from app.core.files import Files
from app.core.seal import Seal
from app.demo.about import tell_about
from app.demo.contact import stay_in_touch
from app.demo.duty import keep_watch
from app.demo.files import READER, SENDER, send_files
from app.demo.often import keep_often
from app.demo.people import (
    BACK_IN,
    CARDS,
    EXPECTED,
    FOUNDER,
    HAFENLICHT,
    INVITED,
    STAFF,
    TEAMS,
    YOUNG_PEOPLE,
    DemoCard,
    DemoPart,
    DemoPerson,
)
from app.demo.phrase import send_phrase
from app.demo.portraits import drawn_portrait
from app.demo.talks import tell_talks
from app.messages.attachments import BUCKET as FILES
from app.people.model import Role
from app.people.photos import BUCKET, Photos
from app.people.staff import Staff
from app.people.staff_model import NewStaff


class Doors(Protocol):
    """What the demo needs of Auth; the command line brings it, holding the secret key.

    Invitations lead to the app at `origin`.
    """

    @property
    def origin(self) -> str: ...

    async def invite(self, email: str, link: str) -> None: ...

    async def withdraw(self, user_id: UUID) -> None: ...

    async def create_user(
        self, email: str, password: str, app_metadata: Mapping[str, object]
    ) -> UUID: ...

    async def signed_in(self, email: str, password: str) -> Db: ...

    async def files(self, email: str, password: str, bucket: str) -> Files: ...

    def email_of(self, login: str) -> str: ...


@dataclass(frozen=True)
class DemoSignIn:
    """One way in, for `./dev status`: as typed on the page, and as Auth takes it."""

    role: str
    login: str
    secret: str
    language: str
    email: str
    password: str
    name: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


async def build(doors: Doors, secret: str, seal: Seal) -> list[DemoSignIn]:
    """Found the organisation and bring everybody in; all of them get the same `secret`.

    `seal` seals what they have written.

    Raises `Conflict` when a demo person already has a sign-in.
    """
    founder = await _user(doors, FOUNDER, secret, {"founds": _founds()})
    founded = await founder.rpc("found_organisation")
    house = _House(doors, secret, founded["organisation_id"], founder)
    for staff in STAFF:
        await house.employ(staff)
    for young_person in YOUNG_PEOPLE:
        await house.bring_in(young_person, await house.add_young_person(young_person))
    for expected in EXPECTED:
        await house.add_young_person(expected)
    for part in TEAMS:
        await house.add_to_team(part)
    await house.make_return_code(*BACK_IN)
    for card in CARDS:
        await house.write_card(card)
        await house.show_face(card)
    for newcomer in INVITED:
        await house.invite(newcomer)
    house.ids[FOUNDER.login] = founded["person_id"]
    await tell_about(house.organisation, house.own, house.ids, founder)
    await tell_talks(house.own, house.ids, seal)
    await send_phrase(house.own, house.ids, seal)
    await house.send_files(seal)
    await keep_often(UUID(house.organisation), founder, house.own, seal)
    await keep_watch(UUID(house.organisation), house.own, house.ids, founder, seal)
    await stay_in_touch(UUID(house.organisation), house.own, house.ids)
    return [_sign_in(doors, person, secret) for person in (FOUNDER, *STAFF, *YOUNG_PEOPLE)]


@dataclass
class _House:
    """The organisation while it fills; `own` are the doors of those who came in, by login."""

    doors: Doors
    secret: str
    organisation: str
    founder: Db
    own: dict[str, Db] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def employ(self, person: DemoPerson) -> None:
        """Add and bring in somebody of the staff; all but the not `cleared` may begin at once."""
        added = await self._add(self.founder, person)
        await self.bring_in(person, added)
        memberships = [added["membership_id"]]
        for role in person.more_roles:
            memberships.append(
                await self.founder.rpc(
                    "add_role",
                    organisation=self.organisation,
                    person=added["person_id"],
                    role=role,
                )
            )
        if person.cleared:
            until = (datetime.now(UTC).date() + timedelta(days=300)).isoformat()
            for membership in memberships:
                await self.founder.rpc(
                    "set_clearance", membership=membership, until=until, version=1
                )

    async def invite(self, person: DemoPerson) -> None:
        """Have somebody written to who has not come in yet."""
        new = NewStaff(person.name, person.login, Role(person.role), person.language)
        place = UUID(self.organisation)
        await Staff(self.founder).invite(place, new, self.doors, self.doors.origin)

    async def add_young_person(self, person: DemoPerson) -> dict[str, Any]:
        """By their key worker, who is cleared by now, or else by the coordinator."""
        return await self._add(self._key_worker(person), person)

    async def bring_in(self, person: DemoPerson, added: Mapping[str, Any]) -> None:
        """Make the sign-in and use the code."""
        self.own[person.login] = own = await _user(self.doors, person, self.secret, {})
        self.ids[person.login] = added["person_id"]
        await own.rpc("claim_person", code=added["code"])

    async def make_return_code(self, login: str, reason: str) -> None:
        (young_person,) = (each for each in YOUNG_PEOPLE if each.login == login)
        await self._key_worker(young_person).rpc(
            "new_return_code", person=self.ids[login], reason=reason
        )

    async def add_to_team(self, part: DemoPart) -> None:
        (young_person,) = (each for each in YOUNG_PEOPLE if each.login == part.young_person)
        await self._key_worker(young_person).rpc(
            "add_to_team",
            organisation=self.organisation,
            young_person=self.ids[part.young_person],
            person=self.ids[part.login],
            part=part.part,
            life_areas=list(part.life_areas) or None,
        )

    async def write_card(self, card: DemoCard) -> None:
        monday = monday_after(utc_now())
        await self.own[card.login].rpc(
            "set_my_card",
            pronouns=card.pronouns,
            office_hours=[{"day": day, "from": card.start, "to": card.end} for day in card.days],
            back_on=monday.isoformat() if card.until_monday else None,
            away_words=card.until_monday,
            phone=card.phone,
            version=0,
        )

    async def show_face(self, card: DemoCard) -> None:
        """Send the portrait that was drawn for them, as their own form would."""
        email = self.doors.email_of(card.login)
        files = await self.doors.files(email, self.secret, BUCKET)
        drawn = drawn_portrait(card.look)
        await Photos(self.own[card.login], files).keep(UUID(self.ids[card.login]), drawn)

    async def send_files(self, seal: Seal) -> None:
        """A photo and a letter in one of the threads."""
        files = await self.doors.files(self.doors.email_of(SENDER), self.secret, FILES)
        young_person = UUID(self.ids[READER])
        await send_files(self.own[SENDER], files, self.own[READER], young_person, seal)

    def _key_worker(self, person: DemoPerson) -> Db:
        return self.own[person.key_worker] if person.key_worker else self.founder

    async def _add(self, by: Db, person: DemoPerson) -> dict[str, Any]:
        added: dict[str, Any] = await by.rpc(
            "add_person",
            organisation=self.organisation,
            name=person.name,
            role=person.role,
            language=person.language,
        )
        return added


async def _user(doors: Doors, person: DemoPerson, secret: str, metadata: dict[str, object]) -> Db:
    email = doors.email_of(person.login)
    await doors.create_user(email, secret, metadata)
    return await doors.signed_in(email, secret)


def _founds() -> dict[str, object]:
    return {
        **asdict(HAFENLICHT),
        # Here, and nowhere else, messages may be of the past.
        "demo": True,
        "person_name": FOUNDER.name,
        "language": FOUNDER.language,
    }


def _sign_in(doors: Doors, person: DemoPerson, secret: str) -> DemoSignIn:
    return DemoSignIn(
        role=person.role,
        login=person.login,
        secret=secret,
        language=person.language,
        email=doors.email_of(person.login),
        password=secret,
        name=person.name,
    )


def monday_after(now: datetime) -> date:
    """The next Monday by the clocks of the demo's town; on a Monday the one after."""
    today = now.astimezone(ZoneInfo(HAFENLICHT.time_zone)).date()
    return today + timedelta(days=8 - today.isoweekday())
