"""Joining with a code, on the real stack: what a young person meets, and what a code allows."""

import asyncio
import re

import httpx
import pytest

from app.config import Settings
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.errors import Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.core.seal import Seal, derived_key
from app.door.joining import login_names
from app.people.actions import People
from app.people.model import Home
from tests.door.conftest import WISH, Doorstep, in_front_of
from tests.fixtures.people import MakeInviter
from tests.fixtures.supabase import Supabase

WORN_OUT = "This code does not work any more. Ask for a new one."


def device_cookie_of(doorstep: Doorstep) -> str | None:
    return doorstep.browser.cookies.get("handrail-8550")


async def home_of(doorstep: Doorstep) -> Home:
    """Who is signed in in this browser, as the database says."""
    cookie = device_cookie_of(doorstep)
    assert cookie
    device = await doorstep.devices.open(cookie)
    return await People(device.db, device.cookie_hash).home()


def login_on(page: httpx.Response) -> str:
    found = re.search(r'class="keep" dir="ltr">([a-z]+-[a-z]+-\d{3})<', page.text)
    assert found, page.text
    return found[1]


async def test_a_code_a_name_and_a_passphrase_let_somebody_in(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    place = await inviter("Amina")
    page = await doorstep.join(await place.code("Amber"), lang="de")

    assert page.status_code == 200
    assert '<html lang="de"' in page.text
    home = await home_of(doorstep)
    assert (home.person.name, home.person.language) == ("Selam", "de")
    assert home.active
    assert home.active.organisation.name == place.place


async def test_the_login_name_shown_signs_in_on_another_device(
    doorstep: Doorstep, inviter: MakeInviter, settings: Settings, backend: Backend, seal: Seal
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code())
    async with in_front_of(settings, backend, seal) as other:
        answer = await other.sign_in(login_on(page).replace("-", " "), WISH["passphrase"])

        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await home_of(other)).person.name == "Selam"


async def test_opening_a_link_changes_nothing(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    code = await (await inviter("Amina")).code()
    before = rows(supabase)
    for _ in range(3):
        assert (await doorstep.browser.get(f"/join/{code}")).status_code == 200
        assert (await doorstep.browser.head(f"/join/{code}")).status_code == 200

    assert rows(supabase) == before
    assert (await doorstep.join(code)).status_code == 200


def rows(supabase: Supabase) -> list[tuple[object, ...]]:
    return supabase.execute(
        "select (select array_agg((c.id, c.used_at) order by c.id) from private.codes as c)::text,"
        " (select count(*) from auth.users), (select count(*) from private.devices),"
        " (select count(*) from private.audit), (select array_agg((p.id, p.version) order by p.id)"
        " from public.people as p)::text",
        user="supabase_admin",
    )


async def test_the_page_says_in_six_sentences_who_invites_and_what_that_means(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    place = await inviter("Amina")
    page = await doorstep.browser.get(f"/join/{await place.code()}")

    sentences = re.findall(r"<li>(.*?)</li>", page.text)
    assert len(sentences) == 6
    assert place.place in sentences[0]
    assert "Wien" in sentences[0]
    assert all(len(sentence.split()) <= 12 for sentence in sentences[1:])
    assert page.text.index("<li>") < page.text.index("<form")
    assert len(page.content) <= 30_000


async def test_nobody_is_told_the_name_that_was_noted_down_for_them(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    page = await doorstep.browser.get(f"/join/{await (await inviter('Amina')).code('Amber Falk')}")

    assert "Amber" not in page.text


async def test_a_code_works_once(
    doorstep: Doorstep, inviter: MakeInviter, settings: Settings, backend: Backend, seal: Seal
) -> None:
    code = await (await inviter("Amina")).code()
    await doorstep.join(code)
    async with in_front_of(settings, backend, seal) as thief:
        opened = await thief.browser.get(f"/join/{code}")
        fresh = await thief.browser.get(f"/join/{await (await inviter('Ben')).code()}")
        sent = await thief.send(fresh, code, passphrase="another passphrase")

        assert (opened.status_code, sent.status_code) == (404, 404)
        assert WORN_OUT in opened.text
        assert opened.text == sent.text
        assert device_cookie_of(thief) is None
    assert (await home_of(doorstep)).person.name == "Selam"


async def test_wrong_used_and_expired_codes_get_the_very_same_page(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    place = await inviter("Amina")
    used, expired = await place.code(), await place.code()
    await doorstep.join(used)
    supabase.execute(
        "update private.codes set expires_at = now() - interval '1 second', created_at = now()"
        " - interval '49 hours' where used_at is null and made_by = %s",
        place.device.person_id,
    )
    pages = [
        await doorstep.browser.get(f"/join/{code}") for code in (used, expired, "ABCD-EFGH-JKMN")
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


async def test_a_form_repeated_after_a_lost_answer_finishes_the_same_join(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    first = await doorstep.send(page, code)
    lost = device_cookie_of(doorstep)
    assert lost
    users = supabase.execute("select count(*) from auth.users", user="supabase_admin")
    second = await doorstep.send(page, code)

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)
    assert supabase.execute("select count(*) from auth.users", user="supabase_admin") == users
    assert doorstep.ended == [hash_cookie(lost)]
    assert (await home_of(doorstep)).person.name == "Selam"


async def test_the_same_form_sent_twice_at_once_lets_one_person_in(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    first, second = await asyncio.gather(doorstep.send(page, code), doorstep.send(page, code))

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)


async def test_a_join_that_broke_off_before_the_code_was_used_can_be_finished(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await (await inviter("Amina")).code()
    with monkeypatch.context() as broken:
        broken.setattr(doorstep.devices, "sign_in", _away)
        page = await doorstep.join(code)
        assert page.status_code == 422
        assert "No answer right now." in page.text

    assert (await doorstep.send(page, code)).status_code == 200
    assert (await home_of(doorstep)).person.name == "Selam"


async def _away(*_: object, **__: object) -> None:
    raise Unreachable("unreachable")


async def test_a_login_name_that_somebody_has_already_leads_to_the_next_one(
    doorstep: Doorstep, inviter: MakeInviter, enrolment: Enrolment, settings: Settings
) -> None:
    code = await (await inviter("Amina")).code()
    names = login_names(derived_key(settings.seal_keys, "login names"), code)
    taken, following = next(names), next(names)
    await enrolment.create_user(f"{taken}@people.invalid", "somebody else's words")

    assert login_on(await doorstep.join(code)) == following


async def test_somebody_else_with_the_same_name_and_passphrase_stays_who_they_are(
    doorstep: Doorstep, inviter: MakeInviter, enrolment: Enrolment, settings: Settings
) -> None:
    place = await inviter("Amina")
    first, second = await place.code("Yusuf"), await place.code("Selam")
    key = derived_key(settings.seal_keys, "login names")
    names = login_names(key, second)
    email = f"{next(names)}@people.invalid"
    await enrolment.create_user(email, WISH["passphrase"])

    async def claim(db: Db) -> None:
        await db.rpc("claim_person", code=first)

    _, yusuf = await doorstep.devices.sign_in(email, WISH["passphrase"], label="Phone", first=claim)
    page = await doorstep.join(second)

    assert login_on(page) == next(names)
    assert (await home_of(doorstep)).person.id != yusuf.person_id
    assert (await People(yusuf.db, yusuf.cookie_hash).home()).person.name == "Yusuf"


async def test_a_code_brings_into_the_organisation_it_was_made_in_and_no_other(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    one, other = await inviter("Amina"), await inviter("Ben")
    code, foreign = await one.code(), await other.code()
    page = await doorstep.browser.get(f"/join/{code}")
    await doorstep.send(page, foreign)

    home = await home_of(doorstep)
    assert [each.organisation_name for each in home.memberships] == [other.place]


async def test_the_code_may_be_typed_as_people_type(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    spoken = code.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    asked = await doorstep.browser.get("/join", params={"code": spoken, "lang": "ar"})

    assert asked.headers["location"] == f"/join/{code.replace('-', '')}?lang=ar"
    assert (await doorstep.join(spoken)).status_code == 200


async def test_somebody_signed_in_who_joins_leaves_the_old_device(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    place = await inviter("Amina")
    await doorstep.join(await place.code(), name="Selam")
    first = device_cookie_of(doorstep)
    assert first
    await doorstep.join(await place.code(), name="Yusuf")

    assert doorstep.ended == [hash_cookie(first)]
    assert (await home_of(doorstep)).person.name == "Yusuf"


async def test_without_a_secret_key_every_join_page_says_so(
    keyless: Settings, backend: Backend, seal: Seal
) -> None:
    async with in_front_of(keyless, backend, seal) as doorstep:
        answers = [
            await doorstep.browser.get("/join"),
            await doorstep.browser.get("/join/ABCD-EFGH-JKMN"),
            await doorstep.browser.post("/join", data=WISH),
        ]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all("Joining is switched off here." in answer.text for answer in answers)
