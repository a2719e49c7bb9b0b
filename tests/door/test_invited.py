"""The page behind the mail to new staff: read freely, used once, finished when sent again."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from app.config import Settings
from app.core.enrol import Enrolment
from app.core.errors import Conflict
from app.core.http import Backend
from app.core.seal import Seal
from app.people.actions import People
from app.shell.cookies import device_cookie
from tests.door.conftest import ORIGIN, TOKEN, Doorstep, in_front_of
from tests.fixtures.mails import links_to
from tests.fixtures.people import Coordinator, Inviter, MakeInviter
from tests.fixtures.supabase import Supabase

PASSPHRASE = "four quiet blue boats"
GONE = "This invitation does not work any more. Ask for a new one."
_numbers = itertools.count(1)


@dataclass
class Office:
    """A coordinator with the means to invite by mail."""

    who: Inviter
    enrolment: Enrolment
    supabase: Supabase

    async def invite(self, email: str, role: str = "mentor") -> str:
        """The path that the mail leads to."""
        row = await self.who.device.db.rpc(
            "invite_staff",
            organisation=self.who.organisation,
            name="Ines",
            role=role,
            language="de",
            email=email,
        )
        await self.enrolment.invite(email, f"{ORIGIN}/invited?code={row['code']}")
        return self.path(email)

    def path(self, email: str) -> str:
        """Where the newest mail to this address leads."""
        link = links_to(self.supabase.home / "mail", email)[-1]
        assert link.startswith(f"{ORIGIN}/invited?code=")
        return link.removeprefix(ORIGIN)

    async def staff(self) -> dict[str, dict[str, object]]:
        page = await self.who.device.db.rpc(
            "staff_of", organisation=self.who.organisation, search=None, after=None,
            after_person=None,
        )  # fmt: skip
        return {each["name"]: each for each in page["people"]}


@pytest.fixture
async def office(inviter: MakeInviter, enrolment: Enrolment, supabase: Supabase) -> Office:
    return Office(await inviter("Amina"), enrolment, supabase)


def an_email() -> str:
    return f"staff{next(_numbers)}@post.example"


def form_of(page: httpx.Response, **typed: str) -> dict[str, str]:
    """What the page's form sends, with what was typed into it."""
    query = dict(page.request.url.params)
    token = TOKEN.search(page.text)
    return {
        "code": query.get("code", ""),
        "token_hash": query.get("token_hash", ""),
        "token": token[1] if token else "",
        "lang": "en",
        "name": "Ines",
        "passphrase": PASSPHRASE,
        **typed,
    }


async def come_in(doorstep: Doorstep, path: str, **typed: str) -> httpx.Response:
    page = await doorstep.browser.get(path)
    return await doorstep.browser.post("/invited", data=form_of(page, **typed))


async def test_from_the_mail_to_the_first_screen(office: Office, doorstep: Doorstep) -> None:
    email = an_email()
    path = await office.invite(email)
    page = await doorstep.browser.get(path)
    for words in ("House of Amina", "Amina", "Mentor", email, 'value="Ines"'):
        assert words in page.text
    assert "Deine Aufgabe: " in (await doorstep.browser.get(f"{path}&lang=de")).text

    answer = await doorstep.browser.post("/invited", data=form_of(page, name="Ines M."))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await doorstep.home()).text == "home"
    seen = (await office.staff())["Ines M."]
    assert (seen["joined"], seen["invitation"]) == (True, None)
    await doorstep.sign_out()
    assert (await doorstep.sign_in(email, PASSPHRASE)).status_code == 303


async def test_opening_the_link_many_times_uses_nothing_up(
    office: Office, doorstep: Doorstep
) -> None:
    path = await office.invite(an_email())
    for _ in range(5):
        assert (await doorstep.browser.get(path)).status_code == 200
        assert (await doorstep.browser.head(path)).status_code == 200
    assert (await come_in(doorstep, path)).status_code == 303


async def test_a_form_sent_again_after_a_lost_answer_signs_in(
    office: Office, doorstep: Doorstep
) -> None:
    email = an_email()
    page = await doorstep.browser.get(await office.invite(email))
    form = form_of(page, email=email)
    for _ in range(2):
        answer = await doorstep.browser.post("/invited", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        doorstep.browser.cookies.delete(device_cookie(ORIGIN).name)
    wrong = await doorstep.browser.post("/invited", data={**form, "passphrase": "five other boats"})
    assert (wrong.status_code, GONE in wrong.text) == (404, True)


async def test_what_is_too_weak_or_no_name_can_be_mended(
    office: Office, doorstep: Doorstep
) -> None:
    path = await office.invite(an_email())
    for typed in ({"passphrase": "short"}, {"name": " "}, {"name": "a\u202eb"}, {"token": "x"}):
        answer = await come_in(doorstep, path, **typed)
        assert answer.status_code == 422
        assert "problem" in answer.text
    assert (await come_in(doorstep, path)).status_code == 303


async def test_every_link_that_does_not_work_says_the_same(
    office: Office, doorstep: Doorstep, settings: Settings, backend: Backend, seal: Seal
) -> None:
    email = an_email()
    path = await office.invite(email)
    page = await doorstep.browser.get(path)
    assert (await doorstep.browser.post("/invited", data=form_of(page))).status_code == 303
    async with in_front_of(settings, backend, seal) as other:
        for broken in (path, "/invited", "/invited?code=AAAA-AAAA-AAAA&token_hash=x&type=invite"):
            answer = await other.browser.get(broken)
            assert (answer.status_code, GONE in answer.text) == (404, True)


async def test_a_token_of_somebody_else_does_not_open_the_invitation(
    office: Office, doorstep: Doorstep
) -> None:
    mine, theirs = await office.invite(an_email()), await office.invite(an_email(), "trainer")
    page = await doorstep.browser.get(theirs)
    form = form_of(page, token_hash="0" * 56)
    assert (await doorstep.browser.post("/invited", data=form)).status_code == 404
    assert (await come_in(doorstep, mine)).status_code == 303
    assert (await office.staff())["Ines"]["roles"]


async def test_a_new_invitation_replaces_the_link_before(
    office: Office, doorstep: Doorstep
) -> None:
    email = an_email()
    old = await office.invite(email)
    person = (await office.staff())["Ines"]["person_id"]
    row = await office.who.device.db.rpc("invite_again", person=person, email=None)
    await office.enrolment.invite(row["email"], f"{ORIGIN}/invited?code={row['code']}")
    assert (await doorstep.browser.get(old)).status_code == 404
    assert (await come_in(doorstep, office.path(email))).status_code == 303


async def test_after_it_broke_off_half_way_a_new_invitation_works(
    office: Office, doorstep: Doorstep, backend: Backend
) -> None:
    email = an_email()
    path = await office.invite(email)
    token = httpx.URL(path).params["token_hash"]
    await backend.client().auth.verify_otp({"type": "invite", "token_hash": token})
    assert (await come_in(doorstep, path)).status_code == 404

    person = (await office.staff())["Ines"]["person_id"]
    row = await office.who.device.db.rpc("invite_again", person=person, email=None)
    link = f"{ORIGIN}/invited?code={row['code']}"
    with pytest.raises(Conflict):
        await office.enrolment.invite(email, link)
    await office.enrolment.withdraw(UUID(row["stray"]))
    await office.enrolment.invite(email, link)
    assert (await come_in(doorstep, office.path(email))).status_code == 303


async def test_who_can_sign_in_already_accepts_and_stays_one_person(
    office: Office, doorstep: Doorstep, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> None:
    ben = await coordinator("Ben")
    row = await office.who.device.db.rpc(
        "invite_staff", organisation=office.who.organisation, name="Ben", role="trainer",
        language="en", email="ben@post.example",
    )  # fmt: skip
    path = f"/invited?code={row['code']}"
    stranger = await doorstep.browser.get(path)
    assert "/signin?next=%2Finvited" in stranger.text
    assert 'name="passphrase"' not in stranger.text
    await doorstep.sign_in(ben.email, ben.password)
    page = await doorstep.browser.get(path)
    answer = await doorstep.browser.post("/invited/accept", data=form_of(page))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")

    device = await doorstep.devices.open(doorstep.browser.cookies[device_cookie(ORIGIN).name])
    home = await People(device.db, device.cookie_hash).home()
    places = {each.organisation_name for each in home.memberships}
    assert places == {"House of Amina", "House of Ben"}
    again = await doorstep.browser.post("/invited/accept", data=form_of(page))
    assert again.status_code == 303


async def test_without_a_sign_in_nothing_is_accepted(office: Office, doorstep: Doorstep) -> None:
    path = await office.invite(an_email())
    page = await doorstep.browser.get(path)
    answer = await doorstep.browser.post("/invited/accept", data=form_of(page))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/invited?code=")
    assert (await come_in(doorstep, path)).status_code == 303


async def test_nothing_that_is_garbage_breaks_the_page(doorstep: Doorstep) -> None:
    for code in ("", "\u202e", "x" * 3000, "<script>", "'; drop"):
        answer = await doorstep.browser.get("/invited", params={"code": code})
        assert answer.status_code == 404
        assert "<script>" not in answer.text.split("<main")[1]
