"""What coordinators do about colleagues, with the unmodified client against the local Supabase."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from supabase_auth.types import VerifyTokenHashParams

from app.core.enrol import Enrolment
from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.core.http import Backend
from app.people.actions import People
from app.people.list_screen import first_pages
from app.people.model import LifeArea, Page, Part, Role
from app.people.staff import Staff
from app.people.staff_model import ListedPerson, NewStaff, Reason, given_by
from tests.fixtures.mails import links_to
from tests.fixtures.people import Coordinator, Inviter, MakeInviter
from tests.fixtures.supabase import Supabase

ORIGIN = "http://127.0.0.1:8550"
TODAY = datetime.now(UTC).date()
_numbers = itertools.count(1)


class Office:
    """A coordinator's verbs in their own organisation; `post` is the real one."""

    def __init__(self, who: Inviter, post: Enrolment) -> None:
        self.device = who.device
        self.here = UUID(who.organisation)
        self.people = People(self.device.db, self.device.cookie_hash)
        self.staff = Staff(self.device.db)
        self.post = post

    async def invite(self, name: str, role: Role, email: str | None = None) -> UUID:
        new = NewStaff(name, email or f"colleague{next(_numbers)}@post.example", role, "en")
        return (await self.staff.invite(self.here, new, self.post, ORIGIN)).person_id

    async def cleared(self, name: str, role: Role) -> UUID:
        person = await self.invite(name, role)
        found = {each.id: each for each in (await self.staff.everybody(self.here)).rows}
        (given,) = found[person].roles
        await self.people.set_clearance(given.membership_id, TODAY, given.version)
        return person


@pytest.fixture
async def office(inviter: MakeInviter, enrolment: Enrolment) -> Office:
    return Office(await inviter("Amina"), enrolment)


async def test_an_invited_colleague_stands_in_the_list_and_gets_a_mail(
    office: Office, supabase: Supabase
) -> None:
    new = NewStaff("Ines", "Ines.Office@post.example", Role.MENTOR, "de")
    sent = await office.staff.invite(office.here, new, office.post, ORIGIN)

    assert (sent.mailed, sent.email) == (True, "ines.office@post.example")
    (link,) = links_to(supabase.home / "mail", sent.email)
    assert link.startswith(f"{ORIGIN}/invited?code={sent.code}&token_hash=")
    (ines,) = (await office.staff.everybody(office.here, "INES")).rows
    assert (ines.joined, ines.charges, [each.role for each in ines.roles]) == (
        False, 0, [Role.MENTOR],
    )  # fmt: skip
    assert ines.invitation
    assert ines.invitation.email == sent.email
    with pytest.raises(Conflict, match="already_invited"):
        await office.staff.invite(office.here, new, office.post, ORIGIN)
    again = await office.staff.invite_again(ines.id, office.post, ORIGIN)
    assert (again.mailed, again.code == sent.code) == (True, False)
    assert len(links_to(supabase.home / "mail", sent.email)) == 2


async def test_an_address_with_a_sign_in_gets_a_code_to_hand_over_and_no_mail(
    office: Office, supabase: Supabase, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> None:
    ben = await coordinator("Ben")
    new = NewStaff("Ben", ben.email, Role.TRAINER, "en")
    sent = await office.staff.invite(office.here, new, office.post, ORIGIN)

    assert sent.mailed is False
    assert len(sent.code) == 14
    assert links_to(supabase.home / "mail", ben.email) == []


async def test_a_sign_in_that_broke_off_half_way_makes_room_for_a_new_mail(
    office: Office, supabase: Supabase, backend: Backend
) -> None:
    email = "half.way@post.example"
    person = await office.invite("Half", Role.MENTOR, email)
    token = links_to(supabase.home / "mail", email)[-1].partition("token_hash=")[2]
    used: VerifyTokenHashParams = {"type": "invite", "token_hash": token.partition("&")[0]}
    await backend.client().auth.verify_otp(used)

    assert (await office.staff.invite_again(person, office.post, ORIGIN)).mailed
    assert len(links_to(supabase.home / "mail", email)) == 2


async def test_a_team_is_changed_through_the_verbs(office: Office) -> None:
    kim = (await office.people.add_young_person(office.here, "Kim", "en")).person_id
    old, new = [await office.cleared(name, Role.KEY_WORKER) for name in ("Samira", "Jonas")]
    nurse = await office.cleared("Ines", Role.PROFESSIONAL)
    part = await office.people.set_key_worker(office.here, kim, old, seen=None)
    fitting = await office.staff.fitting(office.here, kim, Part.KEY_WORKER)
    assert [each.person_id for each in fitting] == [new]

    await office.staff.hand_over(
        office.here, kim, new, seen=part, reason=Reason.ASKED_FOR, stays=True
    )
    await office.people.add_to_team(office.here, kim, nurse, Part.PROFESSIONAL, {LifeArea.HEALTH})
    page = await office.people.open_person(kim)
    assert [(each.person_id, each.part) for each in page.team] == [
        (new, Part.KEY_WORKER),
        (old, Part.STAND_IN),
        (nurse, Part.PROFESSIONAL),
    ]
    (listed,) = (await office.staff.young_people(office.here)).rows
    assert listed.key_worker
    assert (listed.key_worker.person_id, listed.joined) == (new, False)


async def test_roles_come_and_go_and_access_ends_at_once(office: Office) -> None:
    person = await office.invite("Ines", Role.MENTOR)
    await office.staff.add_role(office.here, person, Role.TRAINER)
    (ines,) = (await office.staff.everybody(office.here, "ines")).rows
    assert {each.role for each in ines.roles} == {Role.MENTOR, Role.TRAINER}
    mentor = next(each for each in ines.roles if each.role is Role.MENTOR)
    assert not mentor.cleared(TODAY)
    await office.staff.end_role(mentor.membership_id, Reason.FINISHED)
    await office.staff.remove_access(office.here, person, Reason.LEAVES)
    assert (await office.staff.everybody(office.here, "ines")).rows == ()


async def test_lists_are_read_page_by_page(office: Office) -> None:
    names = [f"Kim {number:03}" for number in range(53)]
    for name in names:
        await office.people.add_young_person(office.here, name, "en")
    first = await office.staff.young_people(office.here)
    assert ([each.name for each in first.rows], first.more) == (names[:50], True)

    async def read(after: ListedPerson | None) -> Page[ListedPerson]:
        return await office.staff.young_people(office.here, "", after)

    both = await first_pages(read, 5)
    assert ([each.name for each in both.rows], both.more) == (names, False)
    waiting = await office.people.unowned_young_people(office.here)
    rest = await office.people.unowned_young_people(office.here, waiting.rows[-1])
    assert {each.name for each in (*waiting.rows, *rest.rows)} == set(names)
    assert (waiting.more, rest.more) == (True, False)


async def test_what_cannot_be_is_refused_in_codes(office: Office) -> None:
    refused: list[tuple[type[AppError], str]] = []
    bad = NewStaff("Ines", "no address", Role.MENTOR, "en")
    young = NewStaff("Ines", "a@post.example", Role.YOUNG_PERSON, "en")
    me = office.device.person_id
    for attempt in (
        office.staff.invite(office.here, bad, office.post, ORIGIN),
        office.staff.invite(office.here, young, office.post, ORIGIN),
        office.staff.remove_access(office.here, me, Reason.LEAVES),
        office.staff.invite_again(me, office.post, ORIGIN),
        office.staff.young_people(UUID(int=1)),
    ):
        with pytest.raises(AppError) as error:
            await attempt
        refused.append((error.type, error.value.code))
    assert refused == [
        (Invalid, "email_not_valid"),
        (Invalid, "role_not_valid"),
        (NotAllowed, "not_yourself"),
        (Invalid, "email_not_valid"),
        (NotAllowed, "not_allowed"),
    ]


def test_only_administrators_are_offered_to_give_their_own_role() -> None:
    assert Role.ADMINISTRATOR in given_by(Role.ADMINISTRATOR)
    assert Role.ADMINISTRATOR not in given_by(Role.COORDINATOR)
    assert Role.YOUNG_PERSON not in given_by(Role.ADMINISTRATOR)
