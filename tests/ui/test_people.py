"""A key worker adds somebody, both see it; on the real stack."""

from uuid import UUID

import pytest

from app.core.clock import utc_now
from app.core.live import LiveHub
from app.people.actions import People
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor

TABLET, PHONE = 1000, 390


async def add(visitor: Visitor, name: str) -> str:
    """Add a young person through the screen; returns the code that is shown."""
    await visitor.go("People")
    await visitor.tap("Add a young person")
    await visitor.until_sees("The name they want to use")
    await visitor.type("The name they want to use", name)
    await visitor.tap("Get a code")
    await visitor.until_sees(f"A code for {name}")
    return next(text for text in visitor.texts if len(text) == 14 and text.count("-") == 2)


@pytest.mark.parametrize("width", [PHONE, TABLET])
async def test_a_key_worker_adds_somebody_and_sees_them_join_without_a_reload(
    key_worker: MakeAccount, hub: LiveHub, joins: Joins, width: float
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub), width=width)
    await visitor.until_sees("Hello Samira")
    code = await add(visitor, "Amber")
    await visitor.go("People")
    await visitor.until_sees("Waiting for them to join")

    await joins(code, f"amber-{width:.0f}")

    await visitor.until_sees("Joined")
    await visitor.until_gone("Waiting for them to join")


async def test_the_list_stands_beside_the_person_on_a_tablet_only(
    key_worker: MakeAccount, hub: LiveHub
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub), width=TABLET)
    await visitor.until_sees("Hello Samira")
    await add(visitor, "Amber")

    await visitor.until(lambda: "Amber" in visitor.texts, "Amber in the list")
    await visitor.tap("Amber")
    await visitor.until_sees("In the team")
    assert visitor.sees("Add a young person")

    await visitor.resize(PHONE)
    await visitor.until_gone("Add a young person")
    await visitor.until_sees("In the team")
    await visitor.tap("My young people")
    await visitor.until_sees("Add a young person")
    assert not visitor.sees("In the team")


async def test_a_new_code_replaces_the_first(
    key_worker: MakeAccount, hub: LiveHub, joins: Joins
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub))
    await visitor.until_sees("Hello Samira")
    first = await add(visitor, "Amber")
    await visitor.go("People")
    await visitor.until(lambda: "Amber" in visitor.texts, "Amber in the list")
    await visitor.tap("Amber")
    await visitor.until_sees("Is the code lost or too old?")
    await visitor.tap("New code")
    await visitor.until_sees("A code for Amber")
    second = next(text for text in visitor.texts if len(text) == 14 and text.count("-") == 2)

    assert second != first
    await joins(second, "amber-second")
    await visitor.until_sees("Joined")
    await visitor.until_gone("Is the code lost or too old?")


async def test_a_code_is_gone_from_the_screen_when_one_leaves_it(
    key_worker: MakeAccount, hub: LiveHub
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub))
    await visitor.until_sees("Hello Samira")
    code = await add(visitor, "Amber")
    await visitor.go("Home")
    await visitor.go("People")
    await visitor.until_sees("Amber")

    assert not visitor.sees(code)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "A\u202eB"])
async def test_a_name_that_cannot_be_taken_is_said_beside_the_field(
    key_worker: MakeAccount, hub: LiveHub, name: str
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub), route="/people/new")
    await visitor.until_sees("The name they want to use")
    await visitor.type("The name they want to use", name)
    await visitor.tap("Get a code")

    await visitor.until_sees("Please write a name, in at most 80 letters.")
    assert await samira.people.my_young_people() == []


async def test_without_clearance_the_screen_says_whom_to_ask(
    key_worker: MakeAccount, hub: LiveHub, supabase: Supabase
) -> None:
    samira = await key_worker("Samira")
    supabase.execute(
        "update public.memberships set cleared_until = current_date - 2 where person_id = %s",
        samira.device.person_id,
    )
    visitor = await Visitor.open(samira.begin(hub), route="/people/new")
    await visitor.until_sees("The name they want to use")
    await visitor.type("The name they want to use", "Amber")
    await visitor.tap("Get a code")

    await visitor.until_sees("Ask your coordinator.")


async def test_somebody_elses_young_person_is_not_here(
    key_worker: MakeAccount, hub: LiveHub
) -> None:
    samira, jonas = await key_worker("Samira"), await key_worker("Jonas")
    active = (await jonas.home()).active
    assert active
    other = await jonas.people.add_young_person(active.organisation.id, "Lena", "en")
    visitor = await Visitor.open(samira.begin(hub), route=f"/people/{other.person_id}")

    await visitor.until_sees("That is not here")
    assert not visitor.sees("Lena")


async def test_a_young_person_sees_their_key_worker_appear(
    key_worker: MakeAccount, hub: LiveHub, joins: Joins, supabase: Supabase
) -> None:
    samira = await key_worker("Samira")
    active = (await samira.home()).active
    assert active
    added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
    device = await joins(added.code, "amber-sees")
    amber = Account(samira.who, device)
    phone = await Visitor.open(amber.begin(hub))
    await phone.until_sees("My key worker")
    await phone.until(lambda: "Samira" in phone.texts, "the key worker")
    team = await People(device.db, device.cookie_hash).my_team()

    await samira.people.leave_team(team[0].id, "finished")

    await phone.until_sees("You have no key worker yet.")
    assert "Samira" not in phone.texts


async def test_a_coordinator_gives_somebody_a_key_worker_and_both_hear_of_it(
    account: MakeAccount, hub: LiveHub, joins: Joins, supabase: Supabase
) -> None:
    miriam = await account("Miriam")
    active = (await miriam.home()).active
    assert active
    place = active.organisation.id
    amber = await miriam.people.add_young_person(place, "Amber", "en")
    phone = await Visitor.open(
        Account(miriam.who, await joins(amber.code, "amber-waits")).begin(hub)
    )
    await phone.until_sees("You have no key worker yet.")
    staff = await miriam.device.db.rpc(
        "add_person", organisation=str(place), name="Jonas", role="key_worker", language="de"
    )
    laptop = await Visitor.open(miriam.begin(hub), width=TABLET)
    await laptop.until_sees("Hello Miriam")
    await laptop.go("People")
    await laptop.until_sees("1 is waiting")
    await laptop.tap("No key worker yet")
    await laptop.until_sees("Choose somebody from the list.")
    await laptop.until(lambda: "Amber" in laptop.texts, "Amber in the list")
    await laptop.tap("Amber")
    await laptop.until_sees("Nobody can be a key worker today.")

    await miriam.people.set_clearance(UUID(staff["membership_id"]), utc_now().date(), 1)
    await laptop.go("Home")
    await laptop.go("People")
    await laptop.until_sees("1 is waiting")
    await laptop.tap("No key worker yet")
    await laptop.until(lambda: "Amber" in laptop.texts, "Amber in the list")
    await laptop.tap("Amber")
    await laptop.until(lambda: "Jonas" in laptop.texts, "Jonas to choose")
    await laptop.tap("Jonas")

    await laptop.until_sees("Every young person has a key worker.")
    await phone.until(lambda: "Jonas" in phone.texts, "the key worker")


async def test_each_role_has_its_own_screens_only(
    key_worker: MakeAccount, account: MakeAccount, hub: LiveHub
) -> None:
    samira, miriam = await key_worker("Samira"), await account("Miriam")
    for someone, path in ((samira, "/waiting"), (samira, "/staff"), (miriam, "/me/contacts")):
        visitor = await Visitor.open(someone.begin(hub), route=path)
        await visitor.until_sees("That is not here")
