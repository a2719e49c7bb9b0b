"""A young person says what helps and who else is there; their key worker reads it."""

from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.live import LiveHub
from app.core.seal import Seal
from app.people.needs import Need, NeedsOf
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor
from tests.ui.test_protect import amber


async def needs_of(young: Account) -> NeedsOf:
    active = (await young.home()).active
    assert active
    return NeedsOf(young.device.db, active.organisation.id, young.device.person_id)


async def test_every_tap_is_kept_at_once_and_one_can_be_undone(
    account: MakeAccount, hub: LiveHub, enrolment: Enrolment, backend: Backend, seal: Seal
) -> None:
    young = await amber(await account("Miriam"), enrolment, backend, seal, "amber-helps")
    needs = await needs_of(young)
    phone = await Visitor.open(young.begin(hub), route="/me/helps")
    await phone.until_sees("Each tap is kept at once.")

    for words in ("A woman", "Quiet room", "Breaks"):
        await phone.tap("A quiet room" if words == "Quiet room" else words)
    await phone.until_sees("Undo")
    stored = await needs.read()
    assert (stored.of(Need.WORKER), stored.of(Need.ACCESS)) == (
        ("woman",),
        ("quiet_room", "breaks"),
    )
    assert stored.travels == frozenset()

    await phone.tap("Undo")
    await phone.until_gone("Undo")
    assert (await needs.read()).of(Need.ACCESS) == ("quiet_room",)


async def test_a_long_list_shows_its_first_choices_and_no_choice_moves_when_tapped(
    account: MakeAccount, hub: LiveHub, enrolment: Enrolment, backend: Backend, seal: Seal
) -> None:
    young = await amber(await account("Miriam"), enrolment, backend, seal, "amber-speaks")
    phone = await Visitor.open(young.begin(hub), route="/me/helps")
    await phone.until_sees("Each tap is kept at once.")
    assert not phone.sees("Turkish")

    await phone.tap("Show more")
    await phone.until_sees("Turkish")
    before = [text for text in phone.texts if text in ("English", "Deutsch", "Turkish")]
    await phone.tap("Turkish")
    await phone.until_sees("Undo")

    assert [text for text in phone.texts if text in before] == before
    again = await Visitor.open(young.begin(hub), route="/me/helps")
    await again.until_sees("Turkish")
    assert again.sees("Show more")


async def test_what_another_device_says_meanwhile_is_shown_and_not_overwritten(
    account: MakeAccount,
    hub: LiveHub,
    enrolment: Enrolment,
    backend: Backend,
    seal: Seal,
) -> None:
    young = await amber(await account("Miriam"), enrolment, backend, seal, "amber-two")
    needs = await needs_of(young)
    phone = await Visitor.open(young.begin(hub), route="/me/helps")
    await phone.until_sees("Each tap is kept at once.")

    await needs.write((await needs.read()).toggled(Need.TIMES, "evenings"))
    await phone.tap("A woman")
    await phone.until(lambda: bool(phone.texts), "an answer")
    now = await needs.read()
    assert now.of(Need.TIMES) == ("evenings",)


async def test_a_key_worker_reads_and_adds_and_the_young_person_is_told(
    key_worker: MakeAccount,
    hub: LiveHub,
    enrolment: Enrolment,
    backend: Backend,
    seal: Seal,
    supabase: Supabase,
) -> None:
    samira = await key_worker("Samira")
    young = await amber(samira, enrolment, backend, seal, "amber-around")
    needs = await needs_of(young)
    await needs.write((await needs.read()).toggled(Need.ACCESS, "wheelchair"))
    phone = await Visitor.open(young.begin(hub))
    desk = await Visitor.open(samira.begin(hub), width=1000, route="/people")
    await desk.until_sees("Amber")
    await desk.tap("Amber")
    await desk.until_sees("For you, the people closest to them")
    await desk.tap("What helps")
    await desk.until_sees("I use a wheelchair")

    await desk.tap("Who else is there")
    await desk.until_sees("Nobody is on the list yet.")
    await desk.tap("Add somebody")
    await desk.type("Name", "Aunt Rosa")
    await desk.tap("Save")
    await desk.until_sees("Aunt Rosa")
    await phone.until_sees("Samira added somebody to your list of people.")
    read = supabase.execute(
        "select what from private.access_log where young_person_id = %s order by number",
        young.device.person_id,
    )
    assert [what for (what,) in read] == ["person", "needs", "contacts"]


async def test_the_list_and_the_birth_year_are_theirs_to_change(
    account: MakeAccount, hub: LiveHub, enrolment: Enrolment, backend: Backend, seal: Seal
) -> None:
    young = await amber(await account("Miriam"), enrolment, backend, seal, "amber-list")
    phone = await Visitor.open(young.begin(hub), route="/me/around")
    await phone.until_sees("Nobody is on the list yet.")
    await phone.tap("Change")
    await phone.type("Year", "07")
    await phone.tap("Save")
    await phone.until_sees("Please write four digits, or leave it empty.")
    await phone.type("Year", "2007")
    await phone.tap("Save")
    await phone.until_sees("2007")

    await phone.tap("Add somebody")
    await phone.tap("Save")
    await phone.until_sees("Please write a name, in at most 80 letters.")
    await phone.type("Name", "Hana")
    await phone.tap("Legal guardian")
    await phone.tap("My plan")
    await phone.tap("Save")
    await phone.until_sees("Must sign")
    assert phone.sees("Legal guardian")

    await phone.tap("Take off")
    await phone.until_sees("What you wrote about them is erased.")


async def test_a_young_person_reads_in_words_what_each_one_can_read(
    account: MakeAccount, hub: LiveHub, enrolment: Enrolment, backend: Backend, seal: Seal
) -> None:
    young = await amber(await account("Miriam"), enrolment, backend, seal, "amber-readers")
    phone = await Visitor.open(young.begin(hub), route="/me/readers")
    await phone.until_sees("Your parents and teachers read nothing here.")
    assert phone.sees("Coordinators")
    assert phone.sees("Nothing about you")
