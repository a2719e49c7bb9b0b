"""A young person does not feel safe: what they read first, what is sent, and who answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.live import LiveHub
from app.protect.rota import AlertRules, Rota
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor


@dataclass(frozen=True)
class House:
    """Samira, Amber's key worker who also coordinates, Ruth, who leads, and Amber."""

    samira: Account
    ruth: Account
    amber: Account
    place: Any
    site: Any

    async def plan(self, who: Account, starts: float = 0, hours: float = 8) -> None:
        now = datetime.now(UTC) + timedelta(hours=starts)
        await Rota(self.samira.device.db).plan(
            self.site, who.device.person_id, now, now + timedelta(hours=hours)
        )


MakeHouse = Callable[[], Awaitable[House]]


@pytest.fixture
def house(
    account: MakeAccount, key_worker: MakeAccount, joins: Joins, supabase: Supabase
) -> MakeHouse:
    async def make() -> House:
        samira, ruth = await key_worker("Samira"), await account("Ruth")
        active = (await samira.home()).active
        assert active
        place = active.organisation.id
        supabase.execute(
            "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
            " values (%s, %s, 'safeguarding_lead', current_date + 30)",
            ruth.device.person_id,
            place,
        )
        places = (await ruth.home()).memberships
        await ruth.people.choose_membership(
            next(each.id for each in places if each.role == "safeguarding_lead")
        )
        added = await samira.people.add_young_person(place, "Amber", "en")
        amber = Account(samira.who, await joins(added.code, f"unsafe-{added.person_id}"))
        site = await samira.device.db.rpc(
            "add_site",
            organisation=str(place),
            name="Pier",
            town="Seeburg",
            address="Pier 1",
            step_free=None,
        )
        return House(samira, ruth, amber, place, site)

    return make


def alerts(supabase: Supabase, house: House) -> list[tuple[Any, ...]]:
    """(about staff, about whom, how to reach, whether words, whether taken back)"""
    found: list[tuple[Any, ...]] = supabase.execute(
        "select about_staff, about_person, reach, sealed is not null, taken_back_at is not null"
        " from private.alerts where organisation_id = %s order by sent_at",
        house.place,
    )
    return found


async def test_it_reaches_who_has_duty_who_takes_it_and_closes_it(
    house: MakeHouse, hub: LiveHub, supabase: Supabase
) -> None:
    home = await house()
    await home.plan(home.samira)
    await Rota(home.samira.device.db).set_rules(
        home.place, AlertRules(5, "The night desk of the town calls you.")
    )
    staff = await Visitor.open(home.samira.begin(hub), route="/people", width=1000)
    await staff.until_sees("My young people")

    phone = await Visitor.open(home.amber.begin(hub))
    await phone.until_sees("I do not feel safe")
    await phone.tap("I do not feel safe")
    for text in (
        "112",
        "147",
        "There now: Samira.",
        "Can read it too: Ruth.",
        "No answer in 5 minutes? The next person is told.",
        "The night desk of the town calls you.",
    ):
        await phone.until_sees(text)
    await phone.tap("Send it now")
    await phone.until_sees("Please choose how we may reach you.")
    await phone.tap("Call me")
    await phone.type("What we should know", "I am at the harbour.")
    await phone.tap("Send it now")
    await phone.until_sees("Told now: Samira.")
    await phone.tap("Show me here what happens")
    await phone.until_sees("Your first screen shows what happens.")
    assert alerts(supabase, home) == [(False, None, "call", True, False)]
    ((sealed,),) = supabase.execute(
        "select sealed from private.alerts where organisation_id = %s", home.place
    )
    assert "harbour" not in sealed

    await staff.until_sees("Amber does not feel safe.")
    await staff.tap("Look now")
    for text in ("Call them.", "I am at the harbour.", "Nobody has taken it yet."):
        await staff.until_sees(text)
    await staff.tap("I take it")
    await staff.until_sees("Samira has taken it.")
    await staff.until_gone("Look now")
    await phone.go("Home")
    await phone.until_sees("Samira has read it and comes back to you.")

    await staff.tap("I reached them")
    await staff.until_sees("Samira has reached them.")
    await staff.tap("Close it")
    await staff.tap("They are safe now")
    await staff.until_sees("Closed.")
    await phone.until_sees("Samira took care of it.")
    await phone.tap("Do not show this any more")
    await phone.until_gone("Samira took care of it.")
    assert await _first_screen(home, hub, phone.browser.memory) == []


async def _first_screen(home: House, hub: LiveHub, memory: dict[str, Any]) -> list[str]:
    """What a new start of the phone shows of it."""
    again = await Visitor.open(home.amber.begin(hub), memory=memory)
    await again.until_sees("My key worker")
    return [text for text in again.texts if "took care" in text or "come back" in text]


async def test_without_a_rota_there_is_help_only(
    house: MakeHouse, hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.protect.young_person._LOOKS_EVERY", 0.2)
    home = await house()
    phone = await Visitor.open(home.amber.begin(hub), route="/now")
    await phone.until_sees("Nothing can be sent from here")
    assert phone.sees("112")
    assert not phone.sees("Send it now")
    await home.plan(home.samira)
    await phone.until_sees("There now: Samira.")


async def test_at_night_it_says_from_when_on_somebody_is_there(
    house: MakeHouse, hub: LiveHub
) -> None:
    home = await house()
    await home.plan(home.samira, starts=3)
    phone = await Visitor.open(home.amber.begin(hub), route="/now")
    await phone.until_sees("Nobody is there until ")


async def test_a_press_that_may_be_old_is_not_sent(
    house: MakeHouse, hub: LiveHub, supabase: Supabase
) -> None:
    home = await house()
    await home.plan(home.samira)
    phone = await Visitor.open(home.amber.begin(hub), route="/now", deaf=True)
    await phone.until_sees("There now: Samira.")
    await phone.tap("Call me")
    await phone.tap("Send it now")
    await phone.until_sees("Not sent: no connection for a moment. Press again, or call.")
    assert alerts(supabase, home) == []

    phone.deaf = False
    await phone.settle()
    await phone.tap("Send it now")
    await phone.until_sees("It was sent")
    assert len(alerts(supabase, home)) == 1


async def test_who_works_in_another_role_at_the_moment_is_told_too(
    house: MakeHouse, hub: LiveHub, supabase: Supabase
) -> None:
    home = await house()
    await home.plan(home.ruth)
    supabase.execute(
        "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
        " values (%s, %s, 'trainer', current_date + 30)",
        home.ruth.device.person_id,
        home.place,
    )
    places = (await home.ruth.home()).memberships
    trainer = next(each.id for each in places if each.role == "trainer")
    await home.ruth.people.choose_membership(trainer)
    staff = await Visitor.open(home.ruth.begin(hub))
    phone = await Visitor.open(home.amber.begin(hub), route="/now")
    await phone.until_sees("There now: Ruth.")
    await phone.tap("Call me")
    await phone.tap("Send it now")
    await staff.until_sees("Amber does not feel safe.")
    await staff.tap("Look now")
    await staff.until_sees("I take it")


async def test_a_mistake_is_taken_back_and_later_nothing_shows(
    house: MakeHouse, hub: LiveHub, supabase: Supabase
) -> None:
    home = await house()
    await home.plan(home.samira)
    staff = await Visitor.open(home.samira.begin(hub))
    phone = await Visitor.open(home.amber.begin(hub), route="/now")
    await phone.until_sees("There now: Samira.")
    await phone.tap("Do not contact me. I come to you.")
    await phone.tap("Send it now")
    await staff.until_sees("Amber does not feel safe.")
    await phone.until_sees("By mistake: take it back")

    reloaded = await Visitor.open(home.amber.begin(hub), route="/now")
    await reloaded.until_sees("By mistake: take it back")
    supabase.execute(
        "update private.alerts set sent_at = sent_at - interval '31 seconds'"
        " where organisation_id = %s",
        home.place,
    )
    later = await Visitor.open(home.amber.begin(hub), route="/now")
    await later.until_sees("Send it now")
    assert not later.sees("It was sent")

    await reloaded.tap("By mistake: take it back")
    await reloaded.until_sees("Taken back. We know it was a mistake.")
    await staff.until_gone("Amber does not feel safe.")
    assert alerts(supabase, home) == [(False, None, "no", False, True)]


async def test_about_somebody_who_works_here_the_team_hears_nothing(
    house: MakeHouse, hub: LiveHub, supabase: Supabase
) -> None:
    home = await house()
    await home.plan(home.samira)
    team = await Visitor.open(home.samira.begin(hub), width=1000)
    lead = await Visitor.open(home.ruth.begin(hub), width=1000)
    phone = await Visitor.open(home.amber.begin(hub), route="/now")
    await phone.until_sees("There now: Samira.")
    await phone.type("What we should know", "It was in the car.")
    await phone.tap("It is about someone who works with me")
    await phone.until_sees("Can read it too: Ruth.")
    await phone.until_gone("There now: Samira.")
    await phone.tap("Samira")
    await phone.tap("Write to me here")
    await phone.until_sees("Send it now")
    assert phone.written("What we should know") == "It was in the car."
    await phone.tap("Send it now")
    await phone.until_sees("It was sent")
    assert alerts(supabase, home) == [(True, home.samira.device.person_id, "write", True, False)]

    await lead.until_sees("Amber does not feel safe.")
    await lead.tap("Look now")
    await lead.until_sees("It is about Samira.")
    assert lead.sees("It was in the car.")
    assert not team.sees("Amber does not feel safe.")
    await team.tap("Who did not feel safe")
    await team.until_sees("Nobody has sent anything.")


async def test_who_leads_plans_duty_and_writes_what_is_done_at_last(
    house: MakeHouse, hub: LiveHub
) -> None:
    home = await house()
    lead = await Visitor.open(home.ruth.begin(hub), width=1000, route="/rota")
    await lead.until_sees("Nobody has duty. Then young people cannot send anything.")
    await lead.tap("Plan it")
    await lead.until_sees("Please choose who has duty.")
    await lead.tap("Samira")
    await lead.tap("A week later")
    (first, *_) = (text for text in lead.texts if text[:3] in _WEEKDAYS)
    await lead.tap(first)
    await lead.type("From", "22:00")
    await lead.type("Until", "6.00")
    await lead.tap("Plan it")
    await lead.until_sees("Please write times like 08:00.")
    await lead.type("Until", "6:00")
    await lead.tap("Plan it")
    await lead.until_sees("22:00 to 06:00")

    await lead.tap("5 minutes")
    await lead.type("What we do when nobody takes it", "We call.")
    await lead.tap("Save")
    await lead.until_sees("Please write 10 to 300 letters.")
    await lead.type("What we do when nobody takes it", "The night desk calls you.")
    await lead.tap("Save")
    await lead.until_gone("Please write 10 to 300 letters.")
    page = await Rota(home.ruth.device.db).page(home.place)
    assert page.rules == AlertRules(5, "The night desk calls you.", 1)
    (duty,) = page.duties
    assert duty.ends - duty.starts == timedelta(hours=8)

    away = next(text for text in lead.texts if text.startswith("Take away"))
    await lead.tap("".join(letter for letter in away if letter not in "\u2068\u2069"))
    await lead.until_sees("Nobody has duty. Then young people cannot send anything.")


_WEEKDAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
