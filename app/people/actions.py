"""What people can do about themselves, their place and their teams."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from app.core.clock import utc_now
from app.core.db import Db
from app.people import rows
from app.people.model import (
    Colleague,
    Home,
    JoinCode,
    LifeArea,
    OpenedPerson,
    Organisation,
    Page,
    Part,
    Person,
    Role,
    SignedInDevice,
    TeamMember,
    UnownedYoungPerson,
    YoungPerson,
)

MOST_KEY_WORKERS = 100


class People:
    """The verbs, for one signed-in device. Every method may raise `AppError`."""

    def __init__(self, db: Db, device_hash: str) -> None:
        self._db = db
        self._device = device_hash

    async def home(self) -> Home:
        """Who is signed in on this device, where they belong, and in which place they work."""
        return rows.home(await self._db.read("my_home", cookie_hash=self._device))

    async def choose_membership(self, membership: UUID) -> None:
        """Work in another of the own places, on this device."""
        await self._db.rpc(
            "choose_membership", cookie_hash=self._device, membership=str(membership)
        )

    async def update_me(self, person: Person) -> int:
        """Store name, language and time zone; returns the new version.

        Raises `Conflict("changed_meanwhile")` when `person.version` is not the stored one.
        """
        version: int = await self._db.rpc(
            "update_me",
            name=person.name,
            language=person.language,
            time_zone=person.time_zone,
            version=person.version,
        )
        return version

    async def rename_organisation(self, organisation: Organisation) -> int:
        """Give the organisation the name that `organisation` carries; returns the new version.

        Raises `Conflict("changed_meanwhile")` like `update_me`.
        """
        version: int = await self._db.rpc(
            "rename_organisation",
            organisation=str(organisation.id),
            name=organisation.name,
            version=organisation.version,
        )
        return version

    async def my_devices(self) -> list[SignedInDevice]:
        """Where this person is signed in: here, then elsewhere, the latest first."""
        found = await self._db.rpc("my_devices", cookie_hash=self._device)
        return [rows.device(row) for row in found]

    async def close_device(self, ref: str) -> None:
        """Sign out the device with this `SignedInDevice.ref`; `NotFound` when it is gone."""
        await self._db.rpc("close_one_device", cookie_hash=self._device, ref=ref)

    async def close_other_devices(self) -> None:
        """Sign out every device of this person but the one that asks."""
        await self._db.rpc("close_devices", cookie_hash=self._device, keep_this=True)

    async def my_young_people(self) -> list[YoungPerson]:
        """The young people in whose team this person is, by name. Reading it is not logged."""
        return [rows.young_person(row) for row in await self._db.read("my_young_people")]

    async def my_team(self) -> list[TeamMember]:
        """The people around this young person, the key worker first."""
        return [rows.team_member(row) for row in await self._db.read("my_team")]

    async def unowned_young_people(
        self, organisation: UUID, after: UnownedYoungPerson | None = None
    ) -> Page[UnownedYoungPerson]:
        """Young people there without a key worker, the longest waiting first; for coordinators."""
        found = await self._db.read(
            "unowned_young_people",
            organisation=str(organisation),
            after=after.since.isoformat() if after else None,
            after_person=str(after.id) if after else None,
        )
        return rows.page(found, rows.unowned)

    async def possible_key_workers(self, organisation: UUID) -> list[Colleague]:
        """Who may become a key worker there today, by name; for coordinators."""
        today = utc_now().date()
        members = await self._db.view(
            "memberships",
            columns="person_id",
            where={
                "organisation_id": organisation,
                "role": Role.KEY_WORKER,
                "until": None,
                "cleared_until >=": today,
            },
            limit=MOST_KEY_WORKERS,
        )
        if not members:
            return []
        found = await self._db.view(
            "people",
            columns="id,name",
            where={"id": [each["person_id"] for each in members]},
            order="name",
            limit=MOST_KEY_WORKERS,
        )
        return [Colleague(UUID(row["id"]), row["name"]) for row in found]

    async def open_person(self, young_person: UUID) -> OpenedPerson:
        """A young person's page. Opening it is a row of the access log; reading it again within ten
        minutes is the same opening."""
        return rows.opened(await self._db.rpc("open_person", person=str(young_person)))

    async def add_young_person(self, organisation: UUID, name: str, language: str) -> JoinCode:
        """Add somebody by the name they want to be called; a key worker becomes theirs at once.

        Raises `Invalid("name_not_valid")`, and `NotAllowed("not_cleared")` without a clearance.
        """
        row = await self._db.rpc(
            "add_person",
            organisation=str(organisation),
            name=name,
            role=Role.YOUNG_PERSON,
            language=language,
        )
        return rows.join_code(row)

    async def new_code(self, young_person: UUID) -> JoinCode:
        """A fresh code to join with; earlier ones stop working.

        Raises `Conflict("already_joined")` when none is needed any more.
        """
        return rows.join_code(await self._db.rpc("new_code", person=str(young_person)))

    async def set_key_worker(
        self, organisation: UUID, young_person: UUID, person: UUID, *, seen: UUID | None
    ) -> UUID:
        """Make `person` their key worker instead of `seen`, the `TeamMember.id` shown until now.

        Returns the new one's. Raises `Conflict("changed_meanwhile")` when it is not `seen` (None:
        nobody), `Invalid("person_not_fitting")` without a role and clearance for it.
        """
        return UUID(
            await self._db.rpc(
                "set_key_worker",
                organisation=str(organisation),
                young_person=str(young_person),
                person=str(person),
                seen=str(seen) if seen else None,
            )
        )

    async def add_to_team(
        self,
        organisation: UUID,
        young_person: UUID,
        person: UUID,
        part: Part,
        life_areas: Collection[LifeArea] = (),
    ) -> UUID:
        """Bring somebody in as stand-in, mentor or professional; `life_areas` only for the last.

        Returns their `TeamMember.id`. Raises `Conflict("already_there")`, and `Invalid` with
        `person_not_fitting`, `part_not_valid` or `life_areas_not_valid`.
        """
        return UUID(
            await self._db.rpc(
                "add_to_team",
                organisation=str(organisation),
                young_person=str(young_person),
                person=str(person),
                part=part,
                life_areas=list(life_areas) or None,
            )
        )

    async def leave_team(self, member: UUID, reason: str) -> None:
        """End the part with this `TeamMember.id`. `reason` is a snake_case code, never a text."""
        await self._db.rpc("leave_team", team_member=str(member), reason=reason)

    async def set_clearance(self, membership: UUID, until: date | None, version: int) -> int:
        """Say until which day somebody is trained and checked, None for not at all.

        Returns the membership's new version; raises `Conflict("changed_meanwhile")`.
        """
        number: int = await self._db.rpc(
            "set_clearance",
            membership=str(membership),
            until=until.isoformat() if until else None,
            version=version,
        )
        return number
