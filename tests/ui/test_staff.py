"""The screens of coordinators about people and colleagues, and of mentors about their own."""

from collections.abc import Awaitable, Callable

import flet as ft
import pytest

from app.core.enrol import Enrolment
from app.core.i18n import Translator
from app.core.live import LiveHub
from app.core.seal import Seal
from app.design.session import AppSession
from app.home.main import open_app
from app.people.model import Part, Role
from app.people.staff import Staff
from app.people.staff_model import NewStaff
from tests.fixtures.mails import links_to
from tests.fixtures.people import KEYS
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor

Employ = Callable[[Account, str, Role], Awaitable[Account]]
ORIGIN = "http://127.0.0.1:8550"


@pytest.fixture
def employ(enrolment: Enrolment, joins: Joins, supabase: Supabase) -> Employ:
    """Brings a trained and checked colleague of this name in."""

    async def make(by: Account, name: str, role: Role) -> Account:
        place = (await by.home()).active
        assert place
        email = f"{name.lower()}.{place.organisation.id.hex[:8]}@post.example"
        new = NewStaff(name, email, role, "en")
        sent = await Staff(by.device.db).invite(place.organisation.id, new, enrolment, ORIGIN)
        supabase.execute(
            "update public.memberships set cleared_until = current_date + 30 where person_id = %s",
            sent.person_id,
        )
        return Account(by.who, await joins(sent.code, f"staff-{sent.person_id}"))

    return make


def begin(account: Account, live: LiveHub, post: Enrolment) -> Callable[[ft.Page], None]:
    """The session of a device whose server can have mails written."""

    def opened(page: ft.Page) -> None:
        session = AppSession(
            db=account.device.db,
            seal=Seal(KEYS),
            t=Translator("en"),
            person_id=account.device.person_id,
            device_hash=account.device.cookie_hash,
            live=live,
            navigate=page.navigate,
            origin=ORIGIN,
            post=post,
        )
        open_app(page, session)

    return opened


@pytest.mark.parametrize("width", [390, 1000])
async def test_a_colleague_is_invited_found_and_removed(
    account: MakeAccount,
    hub: LiveHub,
    enrolment: Enrolment,
    supabase: Supabase,
    width: float,
) -> None:
    miriam = await account("Miriam")
    screen = await Visitor.open(begin(miriam, hub, enrolment), width=width, route="/staff/new")
    await screen.until_sees("Send the invitation")
    email = f"rosa{width:.0f}@post.example"
    await screen.type("Name", "Rosa Lima")
    await screen.type("E-mail address", "no address")
    await screen.tap("Send the invitation")
    await screen.until_sees("Please choose a role.")
    await screen.tap("Trainer")
    await screen.tap("Send the invitation")
    await screen.until_sees("Please look at the address again.")
    await screen.type("E-mail address", email)
    await screen.tap("Send the invitation")
    await screen.until_sees("The invitation is on its way")
    assert len(links_to(supabase.home / "mail", email)) == 1

    await screen.go("Staff")
    await screen.until_sees("Invited, not here yet")
    await screen.tap("Rosa Lima")
    await screen.until_sees("Training and check are not noted.")
    await screen.tap("Change training and check")
    await screen.type("Valid until", "tomorrow")
    await screen.tap("Save")
    await screen.until_sees("Please write it like")
    await screen.tap("One year from today")
    await screen.until_sees("Training and check are valid until")
    await screen.tap("Remove access")
    await screen.until_sees("Their app closes within seconds")
    await screen.tap("Does not work here any more")
    await screen.until_gone("Rosa Lima")


async def test_a_key_worker_is_changed_with_a_reason_and_stays_as_stand_in(
    account: MakeAccount, employ: Employ, hub: LiveHub, enrolment: Enrolment
) -> None:
    miriam = await account("Miriam")
    place = (await miriam.home()).active
    assert place
    samira, _ = [await employ(miriam, name, Role.KEY_WORKER) for name in ("Samira", "Jonas")]
    here = place.organisation.id
    kim = (await miriam.people.add_young_person(here, "Kim", "en")).person_id
    await miriam.people.set_key_worker(here, kim, samira.device.person_id, seen=None)

    screen = await Visitor.open(begin(miriam, hub, enrolment), width=1000, route="/people")
    await screen.until_sees("Key worker: ")
    await screen.tap("Kim")
    await screen.until_sees("Another key worker")
    await screen.tap("Another key worker")
    await screen.until_sees("Why?")
    assert not screen.sees("Make the change")
    await screen.tap("Jonas")
    await screen.tap("Away for some time")
    await screen.tap("Samira stays as stand-in.")
    await screen.tap("Make the change")
    await screen.until_sees("Stand-in")
    team = (await miriam.people.open_person(kim)).team
    assert [(each.name, each.part) for each in team] == [
        ("Jonas", Part.KEY_WORKER),
        ("Samira", Part.STAND_IN),
    ]


async def test_a_mentor_sees_a_first_name_and_nothing_else(
    account: MakeAccount, employ: Employ, hub: LiveHub
) -> None:
    miriam = await account("Miriam")
    place = (await miriam.home()).active
    assert place
    here = place.organisation.id
    kofi = await employ(miriam, "Kofi", Role.MENTOR)
    kim = (await miriam.people.add_young_person(here, "Kim Secret", "en")).person_id
    await miriam.people.add_to_team(here, kim, kofi.device.person_id, Part.MENTOR)

    screen = await Visitor.open(kofi.begin(hub), width=390, route="/people")
    await screen.until_sees("Kim")
    await screen.tap("Kim")
    await screen.until_sees("You see the first name and your dates, nothing else.")
    assert not screen.sees("Secret")
    assert not screen.sees("In the team")
