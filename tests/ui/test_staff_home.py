"""The first screen of staff shows their people, on the real stack."""

from app.core.live import LiveHub
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor


async def test_a_key_worker_meets_their_young_people_at_once(
    key_worker: MakeAccount, hub: LiveHub
) -> None:
    samira = await key_worker("Samira")
    visitor = await Visitor.open(samira.begin(hub))
    await visitor.until_sees("Nobody is here yet. Add the first young person.")

    people, active = samira.people, (await samira.home()).active
    assert active
    for number in range(6):
        await people.add_young_person(active.organisation.id, f"Amber {number}", "en")

    await visitor.until_sees("Show everybody")
    assert visitor.sees("Amber 4")
    assert not visitor.sees("Amber 5")
    await visitor.tap("Show everybody")
    await visitor.until_sees("Amber 5")


async def test_a_coordinator_sees_who_has_no_key_worker_and_when_nobody_is_left(
    account: MakeAccount, hub: LiveHub
) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(hub))
    await visitor.until_sees("Every young person has a key worker.")

    active = (await miriam.home()).active
    assert active
    await miriam.people.add_young_person(active.organisation.id, "Milan", "de")

    await visitor.until_sees("Milan")
    await visitor.tap("Milan")
    await visitor.until_sees("Who shall be their key worker?")
