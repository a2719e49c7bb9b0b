"""A young person and those who help them, each with their own verbs."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest_asyncio

from app.config import Account
from app.core.auth import Device
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.files import Files
from app.core.http import Backend
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.messages.actions import Messages
from app.messages.attachments import BUCKET, Attachments
from tests.fixtures.people import PASSWORD, MakeInviter

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Talker:
    """Somebody signed in, and what they can do in threads. `files` are the sealed ones."""

    id: UUID
    db: Db
    messages: Messages
    email: str
    files: Files
    attachments: Attachments


@dataclass(frozen=True)
class House:
    """An organisation: `kim` has `amina` as key worker, `sam` as stand-in and `kofi` as mentor.

    Amina coordinates it too.
    """

    organisation: UUID
    amina: Talker
    sam: Talker
    kofi: Talker
    kim: Talker


@pytest_asyncio.fixture
async def house(
    inviter: MakeInviter, enrolment: Enrolment, backend: Backend, seal: Seal
) -> AsyncIterator[House]:
    boss = await inviter("Amina Okafor")
    db, place = boss.device.db, boss.organisation
    clients: list[MachineClient] = []

    async def clear(membership: object) -> None:
        today = datetime.now(UTC).date().isoformat()
        await db.rpc("set_clearance", membership=membership, until=today, version=1)

    async def join(name: str, role: str) -> Talker:
        added = await db.rpc("add_person", organisation=place, name=name, role=role, language="en")
        account = Account(f"talker{next(_numbers)}@example.org", PASSWORD)
        await enrolment.create_user(account.email, account.password, {})
        clients.append(MachineClient(backend, account))
        own = clients[-1].db
        await own.rpc("claim_person", code=added["code"])
        if role != "young_person":
            await clear(added["membership_id"])
        return _talker(UUID(added["person_id"]), clients[-1], account.email, seal)

    me = str(boss.device.person_id)
    await clear(await db.rpc("add_role", organisation=place, person=me, role="key_worker"))
    sam, kofi = await join("Sam Reed", "key_worker"), await join("Kofi Mensah", "mentor")
    kim = await join("Kim Lee", "young_person")
    for helper, part in ((sam, "stand_in"), (kofi, "mentor")):
        await db.rpc(
            "add_to_team",
            organisation=place,
            young_person=str(kim.id),
            person=str(helper.id),
            part=part,
            life_areas=None,
        )
    amina = _talker(boss.device.person_id, boss.device, boss.device.email, seal)
    yield House(UUID(place), amina, sam, kofi, kim)
    for client in clients:
        await client.close()


def _talker(id_: UUID, signed_in: MachineClient | Device, email: str, seal: Seal) -> Talker:
    db, files = signed_in.db, Files(signed_in.client, BUCKET)
    return Talker(id_, db, Messages(db, seal), email, files, Attachments(db, files, seal))
