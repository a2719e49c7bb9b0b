"""Makes the demo organisation through the doors that real people use: invited, then signed in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol
from uuid import UUID

from app.core.db import Db
from app.demo.people import FOUNDER, HAFENLICHT, PEOPLE, DemoPerson


class Doors(Protocol):
    """What the demo needs of Auth; the command line brings it, holding the secret key."""

    async def create_user(
        self, email: str, password: str, app_metadata: Mapping[str, object]
    ) -> UUID: ...

    async def signed_in(self, email: str, password: str) -> Db: ...

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


async def build(doors: Doors, secret: str) -> list[DemoSignIn]:
    """Found the organisation and bring everybody in; all of them get the same `secret`.

    Raises `Conflict` when a demo person already has a sign-in.
    """
    founder = await _user(doors, FOUNDER, secret, {"founds": _founds()})
    founded = await founder.rpc("found_organisation")
    organisation = founded["organisation_id"]
    for person in PEOPLE:
        invited = await founder.rpc(
            "add_person",
            organisation=organisation,
            name=person.name,
            role=person.role,
            language=person.language,
        )
        own = await _user(doors, person, secret, {})
        await own.rpc("claim_person", code=invited["code"])
        for role in person.more_roles:
            await founder.rpc(
                "add_role", organisation=organisation, person=invited["person_id"], role=role
            )
    return [_sign_in(doors, person, secret) for person in (FOUNDER, *PEOPLE)]


async def _user(doors: Doors, person: DemoPerson, secret: str, metadata: dict[str, object]) -> Db:
    email = doors.email_of(person.login)
    await doors.create_user(email, secret, metadata)
    return await doors.signed_in(email, secret)


def _founds() -> dict[str, str]:
    return {
        **asdict(HAFENLICHT),
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
