"""What people can do about themselves and their place; rows become dataclasses here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.people.model import (
    Active,
    Home,
    Membership,
    Organisation,
    Person,
    Role,
    SignedInDevice,
)

Row = Mapping[str, Any]


class People:
    """The verbs, for one signed-in device. Every method may raise `AppError`."""

    def __init__(self, db: Db, device_hash: str) -> None:
        self._db = db
        self._device = device_hash

    async def home(self) -> Home:
        """Who is signed in on this device, where they belong, and in which place they work."""
        return _home(await self._db.rpc("my_home", cookie_hash=self._device))

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
        """Where this person is signed in, the latest first."""
        rows = await self._db.rpc("my_devices", cookie_hash=self._device)
        devices = [_device(row) for row in rows]
        return sorted(devices, key=lambda device: device.last_seen_at, reverse=True)


def _home(row: Row) -> Home:
    active = row["active"]
    return Home(
        person=_person(row["person"]),
        active=_active(active) if active else None,
        memberships=tuple(_membership(each) for each in row["memberships"]),
    )


def _person(row: Row) -> Person:
    return Person(
        id=UUID(row["id"]),
        name=row["name"],
        language=row["language"],
        time_zone=row["time_zone"],
        version=row["version"],
    )


def _active(row: Row) -> Active:
    return Active(
        membership_id=UUID(row["membership_id"]),
        role=Role(row["role"]),
        organisation=_organisation(row["organisation"]),
    )


def _organisation(row: Row) -> Organisation:
    return Organisation(
        id=UUID(row["id"]),
        name=row["name"],
        town=row["town"],
        country=row["country"],
        time_zone=row["time_zone"],
        version=row["version"],
    )


def _membership(row: Row) -> Membership:
    return Membership(
        id=UUID(row["id"]), role=Role(row["role"]), organisation_name=row["organisation_name"]
    )


def _device(row: Row) -> SignedInDevice:
    return SignedInDevice(
        ref=str(row["ref"]),
        label=row["label"],
        created_at=datetime.fromisoformat(row["created_at"]),
        last_seen_at=datetime.fromisoformat(row["last_seen_at"]),
        this=row["this"],
    )
