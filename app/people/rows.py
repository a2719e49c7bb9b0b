"""Rows of the database become the dataclasses of this room here, and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from app.people.model import (
    Active,
    Home,
    JoinCode,
    LifeArea,
    Membership,
    OfficeHours,
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

Row = Mapping[str, Any]
T = TypeVar("T")


def page(row: Row, read: Callable[[Row], T]) -> Page[T]:
    return Page(tuple(read(each) for each in row["people"]), row["more"])


def home(row: Row) -> Home:
    place = row["active"]
    return Home(
        person=person(row["person"]),
        active=active(place) if place else None,
        memberships=tuple(membership(each) for each in row["memberships"]),
    )


def person(row: Row) -> Person:
    return Person(
        id=UUID(row["id"]),
        name=row["name"],
        language=row["language"],
        time_zone=row["time_zone"],
        version=row["version"],
    )


def active(row: Row) -> Active:
    return Active(
        membership_id=UUID(row["membership_id"]),
        role=Role(row["role"]),
        organisation=organisation(row["organisation"]),
    )


def organisation(row: Row) -> Organisation:
    return Organisation(
        id=UUID(row["id"]),
        name=row["name"],
        town=row["town"],
        country=row["country"],
        time_zone=row["time_zone"],
        version=row["version"],
        key_worker_title=row["key_worker_title"],
    )


def membership(row: Row) -> Membership:
    return Membership(
        id=UUID(row["id"]), role=Role(row["role"]), organisation_name=row["organisation_name"]
    )


def device(row: Row) -> SignedInDevice:
    return SignedInDevice(
        ref=str(row["ref"]),
        label=row["label"],
        created_at=datetime.fromisoformat(row["created_at"]),
        last_seen_at=datetime.fromisoformat(row["last_seen_at"]),
        this=row["this"],
        shared=row["shared"],
        lock_minutes=row["lock_minutes"],
        returned=row["returned"],
    )


def young_person(row: Row) -> YoungPerson:
    return YoungPerson(
        id=UUID(row["person_id"]),
        name=row["name"],
        language=row["language"],
        joined=row["joined"],
        part=Part(row["part"]),
        since=datetime.fromisoformat(row["since"]),
        organisation_id=UUID(row["organisation_id"]),
    )


def unowned(row: Row) -> UnownedYoungPerson:
    return UnownedYoungPerson(
        id=UUID(row["person_id"]),
        name=row["name"],
        joined=row["joined"],
        since=datetime.fromisoformat(row["since"]),
        organisation_id=UUID(row["organisation_id"]),
    )


def team_member(row: Row) -> TeamMember:
    return TeamMember(
        id=UUID(row["id"]),
        person_id=UUID(row["person_id"]),
        name=row["name"],
        part=Part(row["part"]),
        since=datetime.fromisoformat(row["since"]),
        life_areas=tuple(LifeArea(each) for each in row["life_areas"] or ()),
        organisation_id=UUID(row["organisation_id"]),
        title=row["title"],
        pronouns=row["pronouns"],
        office_hours=office_hours(row["office_hours"]),
        time_zone=row["time_zone"],
        back_on=date.fromisoformat(row["back_on"]) if row["back_on"] else None,
        photo=photo_address(row["photo"]) if row["photo"] else None,
        away_words=row["away_words"],
        phone=row["phone"],
    )


def office_hours(rows: Sequence[Row]) -> tuple[OfficeHours, ...]:
    return tuple(OfficeHours(each["day"], each["from"], each["to"]) for each in rows)


def opened(row: Row) -> OpenedPerson:
    return OpenedPerson(
        id=UUID(row["person_id"]),
        name=row["name"],
        language=row["language"],
        joined=row["joined"],
        team=tuple(team_member(each) for each in row["team"]),
    )


def photo_address(name: str) -> str:
    """Where this site shows an object of the bucket photos; another picture has another address."""
    return f"/photo/{name.removesuffix('.jpg')}"


def join_code(row: Row) -> JoinCode:
    return JoinCode(UUID(row["person_id"]), row["code"])
