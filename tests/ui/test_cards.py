"""A key worker writes their card, and the young person sees it change."""

from datetime import timedelta

import pytest

from app.core.clock import utc_now
from app.core.files import Files
from app.core.hints import Fanout
from app.core.live import LiveHub
from app.people.model import OfficeHours
from app.people.photos import BUCKET, Photos
from app.people.staff_cards import StaffCard, StaffCards
from tests.people.pictures import picture
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor

TABLET = 1000


async def _card(account: Account) -> StaffCard:
    return await StaffCards(account.device.db).mine((await account.home()).person.id)


async def _open(account: Account, live: LiveHub | Fanout) -> Visitor:
    visitor = await Visitor.open(account.begin(live), route="/me/card", width=TABLET)
    await visitor.until_sees("When you are there")
    return visitor


async def test_what_a_key_worker_writes_is_on_the_phone_of_the_young_person_at_once(
    key_worker: MakeAccount, hub: LiveHub, joins: Joins
) -> None:
    samira = await key_worker("Samira")
    active = (await samira.home()).active
    assert active
    added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
    amber = Account(samira.who, await joins(added.code, "amber-reads-cards"))
    phone = await Visitor.open(amber.begin(hub))
    await phone.until(lambda: "Samira" in phone.texts, "the key worker")
    visitor = await _open(samira, hub)

    back = utc_now().date() + timedelta(days=9)
    await visitor.type("Pronouns", "she/her")
    await visitor.type("Mon", "9-17")
    await visitor.type("Away until", f"{back:%d.%m.%Y}")
    await visitor.type("A word for those who wait", "At the sea.")
    await visitor.type("Phone at work", "call me")
    await visitor.tap("Save")
    await visitor.until_sees("Please write a phone number.")
    await visitor.type("Phone at work", "+49 555 0142")
    await visitor.until_sees("Mon 09:00–17:00")
    await visitor.tap("Save")

    await phone.until_sees("she/her")
    await phone.until_sees("Mon 09:00–17:00")
    await phone.until_sees("Nobody answers here until then. Help is at the top.")
    assert phone.sees("At the sea.")
    assert phone.sees("+49 555 0142")
    card = await _card(samira)
    hours = (OfficeHours(1, "09:00", "17:00"),)
    assert card == StaffCard(
        "she/her", hours, back, 1, away_words="At the sea.", phone="+49 555 0142"
    )


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("Tue", "17-9", "Please write it like 9–17."),
        ("Away until", "01.01.2001", "Please write a day to come, like 24.12.2026."),
        ("Away until", "soon", "Please write a day to come, like 24.12.2026."),
        ("Pronouns", "x" * 41, "Please write it in at most 40 letters."),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field_and_stays_there(
    key_worker: MakeAccount, field: str, typed: str, said: str
) -> None:
    samira = await key_worker("Samira")
    visitor = await _open(samira, Fanout())
    await visitor.type(field, typed)
    await visitor.tap("Save")

    await visitor.until_sees(said)
    assert await _card(samira) == StaffCard()
    assert visitor.written(field) == typed


async def test_two_devices_write_one_card_and_a_person_decides(key_worker: MakeAccount) -> None:
    samira = await key_worker("Samira")
    visitor = await _open(samira, Fanout())
    await visitor.type("Pronouns", "she/her")
    await StaffCards(samira.device.db).save(StaffCard(pronouns="they/them"))

    await visitor.tap("Save")
    await visitor.until_sees("You saved another card meanwhile. Which one counts?")
    assert visitor.sees("they/them")
    assert (await _card(samira)).pronouns == "they/them"

    await visitor.tap("Save")
    await visitor.until_gone("You saved another card meanwhile.")
    assert (await _card(samira)).pronouns == "she/her"


async def test_the_other_card_can_be_taken_instead(key_worker: MakeAccount) -> None:
    samira = await key_worker("Samira")
    visitor = await _open(samira, Fanout())
    await visitor.type("Pronouns", "she/her")
    await StaffCards(samira.device.db).save(StaffCard(pronouns="they/them"))
    await visitor.tap("Save")
    await visitor.until_sees("Take this one")

    await visitor.tap("Take this one")
    await visitor.until_gone("Take this one")
    await visitor.until(lambda: "they/them" in visitor.texts, "the other pronouns in the field")
    assert (await _card(samira)).pronouns == "they/them"


async def test_a_picture_is_on_the_phone_of_the_young_person_at_once(
    key_worker: MakeAccount, hub: LiveHub, joins: Joins
) -> None:
    samira = await key_worker("Samira")
    active = (await samira.home()).active
    assert active
    added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
    amber = Account(samira.who, await joins(added.code, "amber-sees-faces"))
    phone = await Visitor.open(amber.begin(hub))
    await phone.until(lambda: "Samira" in phone.texts, "the key worker")
    own = await Visitor.open(samira.begin(hub), route="/me/card", width=TABLET)
    await own.until_sees("Add my photo")
    await own.type("Pronouns", "she/her")
    assert _pictures(phone) == []

    device = samira.device
    photos = Photos(device.db, Files(device.client, BUCKET))
    address = await photos.keep(device.person_id, picture())

    here = ("http://app.example" + address, "Samira")
    await phone.until(lambda: _pictures(phone) == [here], "the picture")
    await own.until(lambda: _pictures(own) == [here, here], "the picture on the own card")
    await own.until_sees("Change my photo")
    await own.until_sees("she/her")
    await own.tap("Save")
    await own.until_sees("Saved.")
    assert not own.sees("You saved another card meanwhile.")

    await photos.take_away()
    await phone.until(lambda: _pictures(phone) == [], "the initials again")


def _pictures(visitor: Visitor) -> list[tuple[str, str]]:
    """Address and name of every picture that is shown."""
    return [
        (node["src"], node["semantics_label"])
        for node in visitor.browser.nodes()
        if node.get("_c") == "Image" and isinstance(node.get("src"), str)
    ]


async def test_a_young_person_has_no_card_to_write(young_person: MakeAccount) -> None:
    amber = await young_person("Amber")
    visitor = await Visitor.open(amber.begin(Fanout()), route="/me/card")

    await visitor.until_sees("That is not here")


async def test_the_organisations_own_word_is_read_instead_of_ours(
    account: MakeAccount, hub: LiveHub, joins: Joins
) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(hub), route="/me/title", width=TABLET)
    await visitor.until_sees("What do people here call a key worker?")
    await visitor.type("Your word", "Begleiterin")
    await visitor.tap("Save")

    await visitor.until_sees("Now: Begleiterin")
    active = (await miriam.home()).active
    assert active
    assert active.organisation.key_worker_title == "Begleiterin"


async def test_a_word_that_cannot_be_taken_is_said_and_stays(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(Fanout()), route="/me/title")
    await visitor.until_sees("What do people here call a key worker?")
    await visitor.type("Your word", "x" * 81)
    await visitor.tap("Save")

    await visitor.until_sees("Please write it in another way, in at most 80 letters.")
