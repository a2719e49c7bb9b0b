"""What coordinators can do about everybody who works with them, and about whom they look after."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.db import Db
from app.core.errors import Conflict
from app.people import rows
from app.people.model import Colleague, Page, Part, Role
from app.people.staff_model import (
    Invitation,
    ListedPerson,
    NewStaff,
    Reason,
    Sent,
    StaffMember,
    StaffRole,
)

Row = Mapping[str, Any]


class Post(Protocol):
    """The part of a session's post that is used here."""

    async def invite(self, email: str, link: str) -> None: ...

    async def withdraw(self, user_id: UUID) -> None: ...


class Staff:
    """The verbs, for one signed-in coordinator or administrator. Each may raise `AppError`."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def young_people(
        self, organisation: UUID, search: str = "", after: ListedPerson | None = None
    ) -> Page[ListedPerson]:
        """Everybody the organisation looks after, by name. Reading it is not logged."""
        found = await self._page("young_people_of", organisation, search, after)
        return rows.page(found, _listed)

    async def everybody(
        self, organisation: UUID, search: str = "", after: StaffMember | None = None
    ) -> Page[StaffMember]:
        """Everybody who works there, by name."""
        found = await self._page("staff_of", organisation, search, after)
        return rows.page(found, _member)

    async def fitting(self, organisation: UUID, young_person: UUID, part: Part) -> list[Colleague]:
        """Who could have this part in the young person's team today, by name."""
        found = await self._db.rpc(
            "fitting_people",
            organisation=str(organisation),
            young_person=str(young_person),
            part=part,
        )
        return [_colleague(row) for row in found]

    async def hand_over(
        self,
        organisation: UUID,
        young_person: UUID,
        person: UUID,
        *,
        seen: UUID | None,
        reason: Reason,
        stays: bool,
    ) -> None:
        """Make `person` the key worker instead of `seen` (`TeamMember.id`), who `stays` as stand-in
        or goes. Raises `Conflict("changed_meanwhile")`, `Invalid("person_not_fitting")`."""
        await self._db.rpc(
            "hand_over",
            organisation=str(organisation),
            young_person=str(young_person),
            person=str(person),
            seen=str(seen) if seen else None,
            reason=reason,
            stays=stays,
        )

    async def add_role(self, organisation: UUID, person: UUID, role: Role) -> None:
        """One more role; not cleared yet. Raises `Conflict`, `NotAllowed("not_yourself")`."""
        await self._db.rpc(
            "add_role", organisation=str(organisation), person=str(person), role=role
        )

    async def end_role(self, membership: UUID, reason: Reason) -> None:
        """End one role now. Raises `Conflict` (`last_administrator`, `already_ended`)."""
        await self._db.rpc("end_membership", membership=str(membership), reason=reason)

    async def remove_access(self, organisation: UUID, person: UUID, reason: Reason) -> None:
        """End every role of this person there now; their running app ends within seconds.

        Raises `NotAllowed("not_yourself")` and `Conflict("last_administrator")`.
        """
        await self._db.rpc(
            "remove_access", organisation=str(organisation), person=str(person), reason=reason
        )

    async def invite(self, organisation: UUID, new: NewStaff, post: Post, origin: str) -> Sent:
        """Add somebody to the staff and have them written to.

        Raises `Invalid` with `name_not_valid` or `email_not_valid`, `Conflict("already_invited")`,
        and `NotAllowed("not_allowed")` for a role that the caller may not give.
        """
        row = await self._db.rpc(
            "invite_staff",
            organisation=str(organisation),
            name=new.name,
            role=new.role,
            language=new.language,
            email=new.email,
        )
        return await _sent(row, post, origin)

    async def invite_again(
        self, person: UUID, post: Post, origin: str, email: str | None = None
    ) -> Sent:
        """Write once more, to another address if given; the earlier link stops working.

        Raises `Conflict("already_joined")` when they have come in meanwhile.
        """
        row = await self._db.rpc("invite_again", person=str(person), email=email)
        return await _sent(row, post, origin)

    async def _page(
        self,
        function: str,
        organisation: UUID,
        search: str,
        after: ListedPerson | StaffMember | None,
    ) -> Row:
        found: Row = await self._db.rpc(
            function,
            organisation=str(organisation),
            search=search or None,
            after=after.name if after else None,
            after_person=str(after.id) if after else None,
        )
        return found


async def _sent(row: Row, post: Post, origin: str) -> Sent:
    link = invited_address(origin, row["code"])
    mailed = True
    try:
        await post.invite(row["email"], link)
    except Conflict:
        mailed = row["stray"] is not None
        if mailed:
            await post.withdraw(UUID(row["stray"]))
            await post.invite(row["email"], link)
    return Sent(UUID(row["person_id"]), row["email"], row["code"], mailed)


def invited_address(origin: str, code: str) -> str:
    """Where an invitation leads; the mail adds the proof of its address to it."""
    return f"{origin}/invited?code={code}"


def _colleague(row: Row) -> Colleague:
    return Colleague(UUID(row["person_id"]), row["name"])


def _listed(row: Row) -> ListedPerson:
    worker = row["key_worker"]
    return ListedPerson(
        id=UUID(row["person_id"]),
        name=row["name"],
        joined=row["joined"],
        since=datetime.fromisoformat(row["since"]),
        key_worker=_colleague(worker) if worker else None,
        organisation_id=UUID(row["organisation_id"]),
    )


def _member(row: Row) -> StaffMember:
    sent = row["invitation"]
    return StaffMember(
        id=UUID(row["person_id"]),
        name=row["name"],
        joined=row["joined"],
        invitation=Invitation(sent["email"], datetime.fromisoformat(sent["made_at"]))
        if sent
        else None,
        roles=tuple(_role(each) for each in row["roles"]),
        charges=row["charges"],
    )


def _role(row: Row) -> StaffRole:
    until = row["cleared_until"]
    return StaffRole(
        membership_id=UUID(row["membership_id"]),
        role=Role(row["role"]),
        since=datetime.fromisoformat(row["since"]),
        cleared_until=date.fromisoformat(until) if until else None,
        version=row["version"],
    )
