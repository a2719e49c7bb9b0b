"""A code to get back in, seen by all who have to do with it; on the real stack, live."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.core.live import LiveHub
from app.people.returns import ReturnReason, Returns
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor


@dataclass
class Pair:
    """Samira, who coordinates and is Amber's key worker, and Amber on a first phone."""

    samira: Account
    amber: Account
    amber_id: UUID

    async def code(self, reason: ReturnReason = ReturnReason.LOST) -> str:
        return (await Returns(self.samira.device.db).new_code(self.amber_id, reason)).code


@pytest.fixture
async def pair(key_worker: MakeAccount, joins: Joins, request: pytest.FixtureRequest) -> Pair:
    samira = await key_worker("Samira")
    active = (await samira.home()).active
    assert active
    added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
    phone = await joins(added.code, f"amber-{added.person_id.hex[:8]}")
    return Pair(samira, Account(samira.who, phone), added.person_id)


def code_on(visitor: Visitor) -> str:
    return next(text for text in visitor.texts if len(text) == 14 and text.count("-") == 2)


async def test_a_key_worker_makes_a_code_and_the_young_person_sees_it_at_once(
    pair: Pair, hub: LiveHub, joins: Joins
) -> None:
    phone = await Visitor.open(pair.amber.begin(hub))
    await phone.until_sees("Hello Amber")
    tablet = await Visitor.open(pair.samira.begin(hub), route=f"/people/{pair.amber_id}")
    await tablet.until_sees("They cannot get in any more?")
    await tablet.tap("They cannot get in any more")
    await tablet.until_sees("Why? They will read the reason.")
    await tablet.tap("Make a code")
    await tablet.until_sees("Please choose a reason first.")
    await tablet.tap("Their phone is lost or stolen")
    await tablet.tap("Make a code")
    await tablet.until_sees("A code for Amber")
    assert tablet.sees("Amber sees now that you made this code.")

    await phone.until_sees("Samira made a code for you to get back in.")
    assert phone.sees("The reason: your phone is lost or stolen.")
    second = await joins(code_on(tablet), f"{pair.amber_id.hex[:8]}-2", "claim_return")
    await phone.until_sees("Somebody came in with the code of Samira.")
    assert second.person_id == pair.amber_id


async def test_whoever_is_back_sees_until_when_and_no_notice(
    pair: Pair, hub: LiveHub, joins: Joins
) -> None:
    second = await joins(await pair.code(), f"{pair.amber_id.hex[:8]}-2", "claim_return")
    phone = await Visitor.open(Account(pair.samira.who, second).begin(hub))

    await phone.until_sees("You are back in")
    assert phone.sees("Sooner with your old passphrase.")
    assert not phone.sees("made a code for you")
    assert not phone.sees("This was not me")

    await pair.amber.device.db.rpc("vouch_for", user=str(second.user_id))
    await phone.until_gone("You are back in")


async def test_one_tap_ends_what_came_from_a_code_and_the_coordinator_decides(
    pair: Pair, hub: LiveHub, joins: Joins, account: MakeAccount, supabase: Supabase
) -> None:
    miriam = await account("Miriam")
    supabase.execute(
        "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
        " select %s, m.organisation_id, 'coordinator', current_date + 30"
        " from public.memberships as m where m.person_id = %s",
        miriam.device.person_id,
        pair.amber_id,
    )
    laptop = await Visitor.open(miriam.begin(hub))
    phone = await Visitor.open(pair.amber.begin(hub))
    second = await joins(await pair.code(), f"{pair.amber_id.hex[:8]}-2", "claim_return")
    await phone.until_sees("Somebody came in with the code of Samira.")

    await phone.tap("This was not me")

    await phone.until_sees("The code is stopped. Your coordinators know.")
    await phone.until_gone("Somebody came in")
    assert supabase.execute(
        "select count(*) from private.devices where user_id = %s", second.user_id
    ) == [(0,)]
    await laptop.until_sees("Amber says: I did not ask for this code.")
    assert laptop.sees("Samira made the code.")
    tablet = await Visitor.open(pair.samira.begin(hub), route=f"/people/{pair.amber_id}")
    for words in ("They said no to a code.", "A code for Amber"):
        await tablet.until_sees("They cannot get in any more?")
        if words.startswith("A code"):
            await laptop.tap("Allow a new code")
            await laptop.until_sees("The key worker can make a new code now.")
        else:
            await tablet.tap("They cannot get in any more")
            await tablet.until_sees("Why?")
            await tablet.tap("Something else")
        await tablet.tap("Make a code")
        await tablet.until_sees(words)


async def test_who_made_the_code_cannot_allow_the_next_one(pair: Pair, hub: LiveHub) -> None:
    phone = await Visitor.open(pair.amber.begin(hub))
    laptop = await Visitor.open(pair.samira.begin(hub))
    await pair.code()
    await phone.until_sees("made a code for you")
    await phone.tap("This was not me")
    await laptop.until_sees("Amber says: I did not ask for this code.")
    await laptop.tap("Allow a new code")

    await laptop.until_sees("You made this code. Another coordinator decides.")


async def test_after_72_hours_the_card_says_what_can_still_be_done(
    pair: Pair, hub: LiveHub, joins: Joins, supabase: Supabase
) -> None:
    second = await joins(await pair.code(), f"{pair.amber_id.hex[:8]}-2", "claim_return")
    supabase.execute(
        "update private.sign_ins set full_from = now() where user_id = %s", second.user_id
    )
    phone = await Visitor.open(pair.amber.begin(hub))
    await phone.until_sees("Somebody came in")
    await phone.tap("This was not me")

    await phone.until_sees("It is too late here. Sign that device out under Me.")


async def test_only_the_key_worker_finds_the_button(
    pair: Pair, hub: LiveHub, key_worker: MakeAccount, supabase: Supabase
) -> None:
    jonas = await key_worker("Jonas")
    supabase.execute(
        "update public.memberships set organisation_id = (select m.organisation_id from"
        " public.memberships as m where m.person_id = %s) where person_id = %s"
        " and role = 'key_worker'",
        pair.amber_id,
        jonas.device.person_id,
    )
    place = (await pair.samira.home()).active
    assert place
    await pair.samira.device.db.rpc(
        "add_to_team",
        organisation=str(place.organisation.id),
        young_person=str(pair.amber_id),
        person=str(jonas.device.person_id),
        part="stand_in",
        life_areas=None,
    )
    tablet = await Visitor.open(jonas.begin(hub), route=f"/people/{pair.amber_id}")

    await tablet.until_sees("In the team")
    assert not tablet.sees("They cannot get in any more")
