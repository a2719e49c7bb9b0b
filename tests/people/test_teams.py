"""Teams through the verbs, with the unmodified client against the real local Supabase."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.people.actions import People
from app.people.model import LifeArea, Part, Role
from tests.fixtures.people import Inviter, MakeInviter

TODAY = datetime.now(UTC).date()


class Place:
    """An organisation with one coordinator, who speaks through `people`."""

    def __init__(self, who: Inviter) -> None:
        self.db = who.device.db
        self.people = People(who.device.db, who.device.cookie_hash)
        self.organisation = UUID(who.organisation)
        self.me = who.device.person_id

    async def add_staff(self, name: str, role: Role) -> UUID:
        """Somebody trained and checked, who has not come in yet."""
        added = await self.db.rpc(
            "add_person", organisation=str(self.organisation), name=name, role=role, language="en"
        )
        await self.people.set_clearance(UUID(added["membership_id"]), TODAY, version=1)
        return UUID(added["person_id"])

    async def become_key_worker(self) -> None:
        membership = await self.db.rpc(
            "add_role",
            organisation=str(self.organisation),
            person=str(self.me),
            role=Role.KEY_WORKER,
        )
        until = TODAY + timedelta(days=30)
        assert await self.people.set_clearance(UUID(membership), until, version=1) == 2


@pytest.fixture
async def place(inviter: MakeInviter) -> Place:
    return Place(await inviter("Amina"))


async def test_a_key_worker_adds_somebody_and_opens_their_page(place: Place) -> None:
    await place.become_key_worker()
    code = await place.people.add_young_person(place.organisation, "Kim", "uk")

    (kim,) = await place.people.my_young_people()
    assert (kim.id, kim.name, kim.language, kim.part) == (
        code.person_id,
        "Kim",
        "uk",
        Part.KEY_WORKER,
    )
    assert (kim.joined, kim.organisation_id) == (False, place.organisation)
    page = await place.people.open_person(kim.id)
    assert (page.name, page.language, page.joined) == ("Kim", "uk", False)
    assert page.key_worker
    assert (page.key_worker.person_id, page.key_worker.name) == (place.me, "Amina")
    again = await place.people.new_code(kim.id)
    assert (again.person_id, again.code == code.code) == (kim.id, False)


async def test_somebody_without_a_key_worker_gets_one(place: Place) -> None:
    code = await place.people.add_young_person(place.organisation, "Kim", "en")
    worker = await place.add_staff("Samira", Role.KEY_WORKER)
    (unowned,) = (await place.people.unowned_young_people(place.organisation)).rows
    assert (unowned.id, unowned.name, unowned.joined) == (code.person_id, "Kim", False)

    part = await place.people.set_key_worker(place.organisation, unowned.id, worker, seen=None)

    assert (await place.people.unowned_young_people(place.organisation)).rows == ()
    page = await place.people.open_person(unowned.id)
    assert page.key_worker
    assert (page.key_worker.id, page.key_worker.person_id) == (part, worker)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        await place.people.set_key_worker(place.organisation, unowned.id, worker, seen=None)


async def test_a_professional_comes_with_life_areas_and_goes(place: Place) -> None:
    kim = (await place.people.add_young_person(place.organisation, "Kim", "en")).person_id
    nurse = await place.add_staff("Ines", Role.PROFESSIONAL)
    areas = {LifeArea.HEALTH, LifeArea.MIND}

    part = await place.people.add_to_team(place.organisation, kim, nurse, Part.PROFESSIONAL, areas)

    (ines,) = (await place.people.open_person(kim)).team
    assert (ines.id, ines.part, set(ines.life_areas)) == (part, Part.PROFESSIONAL, areas)
    with pytest.raises(Conflict, match="already_there"):
        await place.people.add_to_team(place.organisation, kim, nurse, Part.PROFESSIONAL, areas)
    await place.people.leave_team(part, "finished")
    assert (await place.people.open_person(kim)).team == ()


async def test_what_cannot_be_is_refused_in_codes(place: Place) -> None:
    kim = (await place.people.add_young_person(place.organisation, "Kim", "en")).person_id
    people, here = place.people, place.organisation
    refused: list[tuple[type[AppError], str]] = []
    for attempt in (
        people.open_person(uuid4()),
        people.open_person(place.me),
        people.unowned_young_people(uuid4()),
        people.set_key_worker(here, kim, place.me, seen=None),
        people.add_to_team(here, kim, place.me, Part.STAND_IN),
        people.add_to_team(here, kim, place.me, Part.PROFESSIONAL),
        people.add_young_person(here, "a\u202eb", "en"),
    ):
        with pytest.raises(AppError) as error:
            await attempt
        refused.append((error.type, error.value.code))

    assert refused == [
        (NotAllowed, "not_allowed"),
        (NotAllowed, "not_allowed"),
        (NotAllowed, "not_allowed"),
        (NotAllowed, "not_yourself"),
        (NotAllowed, "not_yourself"),
        (Invalid, "life_areas_not_valid"),
        (Invalid, "name_not_valid"),
    ]
    assert await people.my_young_people() == []
    assert await people.my_team() == []
