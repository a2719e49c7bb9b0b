"""The first screen and the page about oneself, on the real stack."""

from dataclasses import replace

import pytest

from app.core.hints import Fanout
from app.core.i18n import Translator
from app.core.live import LiveHub
from app.people.access import Fact, read_by
from app.people.model import Role
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor


def _language(visitor: Visitor) -> object:
    locale = _page(visitor)["locale_configuration"]
    assert isinstance(locale, dict)
    return locale["current_locale"]["language_code"]


def _page(visitor: Visitor) -> dict[str, object]:
    return visitor.browser.tree


def _second_role(supabase: Supabase, account: Account, role: str) -> None:
    supabase.execute(
        """
        insert into public.memberships (person_id, organisation_id, role)
        select m.person_id, m.organisation_id, %s from public.memberships as m
        where m.person_id = %s and m.role = 'coordinator'
        """,
        role,
        account.device.person_id,
    )


async def test_the_first_screen_says_who_is_here_and_who_can_see_it(account: MakeAccount) -> None:
    amina = await account("Amina Haddad")
    visitor = await Visitor.open(amina.begin(Fanout()))

    await visitor.until_sees("Hello Amina Haddad")
    assert visitor.sees("Coordinator")
    assert visitor.sees("House of Amina Haddad · Wien")
    assert visitor.sees("Young people in your teams and your colleagues can see this.")


async def test_a_young_person_reads_from_the_same_list_as_elsewhere_who_sees_their_name(
    young_person: MakeAccount,
) -> None:
    amber = await young_person("Amber")
    visitor = await Visitor.open(amber.begin(Fanout()), route="/me")

    said = read_by(Translator(), Fact.NAME)
    await visitor.until(lambda: said in visitor.texts, "who sees the name")


@pytest.mark.parametrize("role", [Role.YOUNG_PERSON, Role.KEY_WORKER, Role.COORDINATOR])
async def test_the_first_screen_costs_two_calls_and_coming_back_one(
    account: MakeAccount,
    key_worker: MakeAccount,
    young_person: MakeAccount,
    asked: list[str],
    role: Role,
) -> None:
    make = {Role.YOUNG_PERSON: young_person, Role.KEY_WORKER: key_worker}.get(role, account)
    someone = await make("Amber")
    asked.clear()
    visitor = await Visitor.open(someone.begin(Fanout()))
    await visitor.until_sees("Hello Amber")
    await visitor.until_gone("One moment, please.")
    first = asked.copy()
    await visitor.lose_network()
    await visitor.return_()
    await visitor.until(lambda: len(asked) > len(first), "the screen to be read anew")

    assert first == ["my_home", "read_together"]
    assert asked[len(first) :] == ["read_together"]


async def test_a_new_name_from_another_process_appears_without_a_reload(
    account: MakeAccount, hub: LiveHub
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(hub))
    await visitor.until_sees("Hello Amina")

    person = (await amina.home()).person
    await amina.people.update_me(replace(person, name="Mina"))

    await visitor.until_sees("Hello Mina")


async def test_a_new_name_of_the_organisation_appears_without_a_reload(
    account: MakeAccount, hub: LiveHub
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(hub))
    await visitor.until_sees("House of Amina")

    active = (await amina.home()).active
    assert active is not None
    await amina.people.rename_organisation(replace(active.organisation, name="Harbour House"))

    await visitor.until_sees("Harbour House · Wien")


async def test_another_place_of_work_changes_what_stands_on_every_screen(
    account: MakeAccount, hub: LiveHub, supabase: Supabase
) -> None:
    amina = await account("Amina")
    _second_role(supabase, amina, "trainer")
    visitor = await Visitor.open(amina.begin(hub))
    await visitor.until_sees("Hello Amina")
    await visitor.go("Me")
    await visitor.until_sees("Where you work now")
    await visitor.tap("Where you work now")
    await visitor.until_sees("This device shows one place at a time.")

    await visitor.tap("Trainer · House of Amina")
    await visitor.tap("Me")
    await visitor.until(lambda: "Trainer" in visitor.texts, "the role Trainer")

    await visitor.go("Home")
    await visitor.until_sees("Hello Amina")
    assert "Trainer" in visitor.texts
    assert "Coordinator" not in visitor.texts


async def test_somebody_with_one_place_of_work_is_not_asked_to_choose(
    account: MakeAccount, supabase: Supabase
) -> None:
    amina = await account("Amina")
    supabase.execute(
        "delete from public.memberships where person_id = %s and role = 'administrator'",
        amina.device.person_id,
    )
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me")
    await visitor.until_sees("Text size")

    assert not visitor.sees("Where you work now")


async def test_somebody_without_a_place_of_work_is_told_so(
    account: MakeAccount, supabase: Supabase
) -> None:
    amina = await account("Amina")
    supabase.execute("delete from public.memberships where person_id = %s", amina.device.person_id)
    visitor = await Visitor.open(amina.begin(Fanout()))

    await visitor.until_sees("You do not belong to an organisation at the moment.")


@pytest.mark.parametrize(
    ("role", "way"),
    [("administrator", "Staff"), ("trainer", "Nothing waits")],
)
async def test_a_role_without_cards_is_led_on_or_told_that_nothing_waits(
    account: MakeAccount, supabase: Supabase, role: str, way: str
) -> None:
    pavel = await account("Pavel")
    person = pavel.device.person_id
    supabase.execute(
        "delete from public.memberships where person_id = %s and role = 'coordinator'", person
    )
    supabase.execute("update public.memberships set role = %s where person_id = %s", role, person)
    visitor = await Visitor.open(pavel.begin(Fanout()))
    await visitor.until_sees("Hello Pavel")

    ways = [text for text in visitor.texts if text.startswith(way)]
    # Once in the bar, and once to tap on the screen itself.
    assert len(ways) == (1 if role == "trainer" else 2)


async def test_choosing_arabic_turns_the_page_and_is_stored(
    account: MakeAccount, hub: LiveHub
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(hub), route="/me/language")
    await visitor.until_sees("All screens use this language.")
    assert not _page(visitor).get("rtl")

    await visitor.tap("العربية")
    await visitor.until(lambda: _page(visitor).get("rtl") is True, "the page to turn")

    assert (await amina.home()).person.language == "ar"
    locale = _page(visitor)["locale_configuration"]
    assert isinstance(locale, dict)
    assert locale["current_locale"]["language_code"] == "ar"


async def test_a_person_who_reads_arabic_starts_from_right_to_left(account: MakeAccount) -> None:
    amina = await account("Amina")
    await amina.people.update_me(replace((await amina.home()).person, language="ar"))

    visitor = await Visitor.open(amina.begin(Fanout()))
    await visitor.until(lambda: _page(visitor).get("rtl") is True, "the page to turn")

    assert visitor.sees("Amina")


async def test_two_wishes_for_one_language_are_shown_and_a_person_decides(
    account: MakeAccount,
) -> None:
    amina = await account("Amina")
    # Without hints: this screen has not heard of the other device's choice.
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/language")
    await visitor.until_sees("All screens use this language.")
    await amina.people.update_me(replace((await amina.home()).person, language="ar"))

    await visitor.tap("Deutsch")
    await visitor.until(lambda: "English" not in visitor.texts, "the two wishes alone")
    assert (await amina.home()).person.language == "ar"

    await visitor.tap("Deutsch")
    await visitor.until(lambda: "English" in visitor.texts, "all languages")
    assert (await amina.home()).person.language == "de"


async def test_choosing_a_language_keeps_a_name_that_changed_meanwhile(
    account: MakeAccount,
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/language")
    await visitor.until_sees("All screens use this language.")
    await amina.people.update_me(replace((await amina.home()).person, name="Mina"))

    await visitor.tap("Deutsch")
    await visitor.until(lambda: _language(visitor) == "de", "German")

    person = (await amina.home()).person
    assert (person.name, person.language) == ("Mina", "de")


async def test_a_phone_has_a_bar_and_a_tablet_has_a_rail(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), width=390)
    await visitor.until_sees("Hello Amina")
    assert _has(visitor, "NavigationBar")

    await visitor.resize(820)
    await visitor.until(lambda: _has(visitor, "NavigationRail"), "a rail")
    assert not _has(visitor, "NavigationBar")
    await visitor.go("Me")
    await visitor.until_sees("Text size")


@pytest.mark.parametrize("address", ["/nothing/here", "/chat/x/y/z"])
async def test_an_address_that_is_no_screen_says_so_between_the_bars_and_leads_home(
    address: str, account: MakeAccount
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route=address)
    await visitor.until_sees("That is not here")

    assert any(node.get("_c") == "NavigationBar" for node in visitor.browser.nodes())
    await visitor.tap("Home")
    await visitor.until_sees("Hello Amina")


async def test_what_changed_while_the_phone_was_away_is_there_on_return(
    account: MakeAccount,
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()))
    await visitor.until_sees("Hello Amina")

    await visitor.lose_network()
    await amina.people.update_me(replace((await amina.home()).person, name="Mina"))
    await visitor.return_()

    await visitor.until_sees("Hello Mina")


async def test_the_devices_of_a_person_are_listed(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/devices")

    await visitor.until_sees("Firefox")
    assert "This device" in visitor.texts


def _has(visitor: Visitor, control: str) -> bool:
    return any(node.get("_c") == control for node in visitor.browser.nodes())
