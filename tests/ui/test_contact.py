"""How they stay in touch: agreed by both on two screens, live; a contact is logged in two taps."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from app.contact.actions import Contact
from app.contact.model import Agreement, Way
from app.core.live import LiveHub
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor


@dataclass(frozen=True)
class Pair:
    """Samira, Amber, and the verbs about Amber as each of them has them."""

    samira: Account
    amber: Account
    hers: Contact
    ambers: Contact


@pytest.fixture
def pair(key_worker: MakeAccount, joins: Joins) -> Callable[[], Awaitable[Pair]]:
    async def make() -> Pair:
        samira = await key_worker("Samira")
        active = (await samira.home()).active
        assert active
        place = active.organisation.id
        added = await samira.people.add_young_person(place, "Amber", "en")
        amber = Account(samira.who, await joins(added.code, f"touch-{added.person_id}"))
        young = added.person_id
        return Pair(
            samira,
            amber,
            Contact(samira.device.db, place, young),
            Contact(amber.device.db, place, young),
        )

    return make


MakePair = Callable[[], Awaitable[Pair]]


async def at_desk(pair: Pair, hub: LiveHub) -> Visitor:
    route = f"/people/{pair.amber.device.person_id}"
    desk = await Visitor.open(pair.samira.begin(hub), width=1000, route=route)
    await desk.until_sees("Log a contact")
    return desk


async def test_a_young_person_agrees_in_a_few_taps_and_the_key_worker_sees_it_live(
    pair: MakePair, hub: LiveHub
) -> None:
    both = await pair()
    desk = await at_desk(both, hub)
    assert desk.sees("Nothing is agreed yet.")
    phone = await Visitor.open(both.amber.begin(hub))
    await phone.until_sees("How do you like to stay in touch?")
    await phone.tap("Choose")
    await phone.until_sees("Who can read this")
    await phone.until_sees("How do you like to stay in touch?")
    await phone.tap("Choose")
    await phone.tap("Phone call")
    await phone.tap("Every 14 days")
    await phone.tap("Save")

    await phone.until_sees("Chat here · Phone call · Meeting")
    assert phone.sees("Every 14 days")
    await desk.until_sees("Chat here · Phone call · Meeting")
    assert desk.sees("Amber")
    assert (await both.hers.read()).agreement.own_words


async def test_the_other_one_is_told_and_finds_who_changed_what(
    pair: MakePair, hub: LiveHub
) -> None:
    both = await pair()
    await both.ambers.agree(Agreement())
    desk = await at_desk(both, hub)
    phone = await Visitor.open(both.amber.begin(hub))
    await phone.until_sees("See more or change")

    await desk.tap("Change what is agreed")
    await desk.tap("Within one working day")
    await desk.tap("Save")
    await desk.until_sees("An answer within one working day")

    await phone.until_sees("Samira changed how you stay in touch.")
    await phone.tap("See what was changed")
    await phone.until_sees("Who changed what")
    assert phone.sees("how soon we answer")


async def test_at_least_one_way_stays(pair: MakePair, hub: LiveHub) -> None:
    both = await pair()
    await both.ambers.agree(Agreement(ways=frozenset({Way.CHAT})))
    phone = await Visitor.open(both.amber.begin(hub), route="/contact")
    await phone.until_sees("What you agreed")
    await phone.tap("Change")
    await phone.tap("Chat here")
    await phone.tap("Save")
    await phone.until_sees("Please choose at least one way.")
    await phone.tap("Back")
    await phone.until_sees("What you agreed")
    assert (await both.ambers.read()).agreement.ways == {Way.CHAT}


async def test_what_somebody_else_saved_meanwhile_is_shown_and_a_person_decides(
    pair: MakePair, hub: LiveHub
) -> None:
    both = await pair()
    await both.ambers.agree(Agreement())
    phone = await Visitor.open(both.amber.begin(hub), route="/contact")
    await phone.until_sees("What you agreed")
    await phone.tap("Change")
    await phone.tap("Every 28 days")

    seen = (await both.hers.read()).agreement
    await both.hers.agree(replace(seen, every_days=3))
    await phone.tap("Save")
    await phone.until_sees("Samira changed it meanwhile. Which one counts?")
    assert (await both.hers.read()).agreement.every_days == 3

    await phone.tap("Save")
    await phone.until_sees("What you agreed")
    assert (await both.hers.read()).agreement.every_days == 28


async def test_theirs_can_be_taken_instead(pair: MakePair, hub: LiveHub) -> None:
    both = await pair()
    await both.ambers.agree(Agreement())
    phone = await Visitor.open(both.amber.begin(hub), route="/contact")
    await phone.until_sees("What you agreed")
    await phone.tap("Change")
    await both.hers.agree(replace((await both.hers.read()).agreement, every_days=3))
    await phone.until_sees("Samira changed it meanwhile. Which one counts?")

    await phone.tap("Take this one")
    await phone.until_gone("Which one counts?")
    await phone.tap("Save")
    await phone.until_sees("What you agreed")
    assert (await both.hers.read()).agreement.every_days == 3


async def test_a_contact_is_logged_in_two_taps_and_both_see_it(
    pair: MakePair, hub: LiveHub
) -> None:
    both = await pair()
    desk = await at_desk(both, hub)
    assert desk.sees("No contact is noted yet.")
    phone = await Visitor.open(both.amber.begin(hub), route="/contact")
    await phone.until_sees("Staying in touch")

    await desk.tap("Log a contact")
    await desk.tap("Visit")

    await desk.until_sees("Last contact today")
    await phone.until_sees("Visit with Samira")
    await desk.tap("Take back: Visit")
    await desk.until_sees("No contact is noted yet.")
    await phone.until_gone("Visit with Samira")


async def test_a_try_is_no_contact_and_no_reproach(pair: MakePair, hub: LiveHub) -> None:
    both = await pair()
    desk = await at_desk(both, hub)
    await desk.tap("Log a contact")
    await desk.tap("I tried, and we did not speak")
    await desk.tap("It was yesterday")
    await desk.tap("Phone call")

    await desk.until_sees("Samira tried: Phone call")
    assert desk.sees("No contact is noted yet.")
    (logged,) = (await both.ambers.read()).made
    assert not logged.met


async def test_a_key_worker_reads_what_we_owe_and_the_young_person_does_not(
    pair: MakePair, hub: LiveHub, supabase: Supabase
) -> None:
    both = await pair()
    await both.ambers.agree(Agreement())
    supabase.execute(
        "insert into private.contacts_made (organisation_id, young_person_id, kind, met, at,"
        " made_by) select organisation_id, %s, 'call', true, now() - interval '12 days', %s"
        " from private.agreements where young_person_id = %s",
        both.amber.device.person_id,
        both.samira.device.person_id,
        both.amber.device.person_id,
    )
    desk = await at_desk(both, hub)
    assert desk.sees("Last contact 12 days ago")
    assert desk.sees("We owe a contact.")
    phone = await Visitor.open(both.amber.begin(hub), route="/contact")
    await phone.until_sees("Phone call with Samira")
    assert not phone.sees("We owe a contact.")
