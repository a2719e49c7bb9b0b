"""Joining with a PIN or pictures: a code and one form, and this browser opens again."""

import asyncio
import re

import httpx
import pytest

from app.config import Settings
from app.core.bindings import PICTURES, Opened
from app.core.http import Backend
from app.core.seal import Seal
from app.door.ways import chosen, plain_digits
from tests.door.conftest import Doorstep, in_front_of
from tests.door.test_join import WORN_OUT, device_cookie_of, home_of, login_on
from tests.door.test_join_input import asked_again
from tests.fixtures.people import MakeInviter
from tests.fixtures.supabase import Supabase

PIN = {"way": "pin", "pin": "493827", "passphrase": ""}
FOUR = ("sun", "fish", "key", "leaf")
PICTURED = {
    "way": "pictures",
    "passphrase": "",
    **{f"p{place}": name for place, name in enumerate(FOUR, 1)},
}


def known_of(doorstep: Doorstep) -> str:
    """What the browser holds of whoever chose a PIN or pictures in it."""
    return doorstep.browser.cookies.get("handrail-known-8550") or ""


async def opened(doorstep: Doorstep, answer: str) -> Opened:
    return await doorstep.bindings.open(known_of(doorstep).rpartition(".")[0], answer)


@pytest.mark.parametrize(("wish", "answer"), [(PIN, PIN["pin"]), (PICTURED, "-".join(FOUR))])
async def test_a_pin_or_pictures_let_somebody_in_and_bind_this_browser(
    doorstep: Doorstep, inviter: MakeInviter, wish: dict[str, str], answer: str
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code(), **wish)

    assert page.status_code == 200
    assert (await home_of(doorstep)).person.name == "Selam"
    found = await opened(doorstep, answer)
    assert found.email == f"{login_on(page)}@people.invalid"
    assert found.secret
    assert len(found.secret) >= 43
    assert answer not in page.text
    assert found.secret not in page.text


async def test_the_cookies_are_closed_to_scripts_and_kept_for_long(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code(), **PIN)

    for line in cookies_set(page):
        assert "httponly" in line
        assert "samesite=lax" in line
        assert "max-age=" in line
    assert {line.split("=")[0] for line in cookies_set(page)} == {
        "handrail-8550",
        "handrail-known-8550",
    }


async def test_on_a_shared_device_nothing_outlives_the_browser(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code(), shared="1", **PIN)

    assert len(cookies_set(page)) == 2
    for line in cookies_set(page):
        assert "max-age" not in line
        assert "expires" not in line
    cookie = device_cookie_of(doorstep)
    assert cookie
    device = await doorstep.devices.open(cookie)
    assert (device.shared, device.lock_minutes) == (True, 1)


def cookies_set(page: httpx.Response) -> list[str]:
    return [line.lower() for line in page.headers.get_list("set-cookie")]


async def test_a_form_repeated_after_a_lost_answer_finishes_the_same_join(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    before = dict(doorstep.browser.cookies)
    first = await doorstep.send(page, code, **PIN)
    lost = device_cookie_of(doorstep)
    users = supabase.execute("select count(*) from auth.users", user="supabase_admin")
    doorstep.browser.cookies.clear()
    doorstep.browser.cookies.update(before)
    second = await doorstep.send(page, code, **PIN)

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)
    assert device_cookie_of(doorstep) not in (None, lost)
    assert supabase.execute("select count(*) from auth.users", user="supabase_admin") == users
    assert (await opened(doorstep, PIN["pin"])).secret


async def test_the_same_form_sent_twice_at_once_lets_one_person_in(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    first, second = await asyncio.gather(
        doorstep.send(page, code, **PIN), doorstep.send(page, code, **PIN)
    )

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)
    assert (await opened(doorstep, PIN["pin"])).email == f"{login_on(first)}@people.invalid"


async def test_a_form_that_was_refused_first_still_finishes_what_it_began(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.join(code, **{**PIN, "pin": "1"})
    asked_again(page, "A PIN has six digits.")
    before = dict(doorstep.browser.cookies)
    first = await doorstep.send(page, code, **PIN)
    doorstep.browser.cookies.clear()
    doorstep.browser.cookies.update(before)

    assert login_on(await doorstep.send(page, code, **PIN)) == login_on(first)


@pytest.mark.parametrize("changed", [{"pin": "493828"}, {"way": "pictures", **PICTURED}])
async def test_a_used_code_opens_to_no_other_answer(
    doorstep: Doorstep, inviter: MakeInviter, changed: dict[str, str]
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    await doorstep.send(page, code, **PIN)
    mine = device_cookie_of(doorstep)
    again = await doorstep.send(page, code, **{**PIN, **changed})

    assert again.status_code == 404
    assert WORN_OUT in again.text
    assert device_cookie_of(doorstep) == mine


async def test_whoever_knows_code_and_pin_gets_nowhere_in_another_browser(
    doorstep: Doorstep, inviter: MakeInviter, settings: Settings, backend: Backend, seal: Seal
) -> None:
    place = await inviter("Amina")
    code, other_code = await place.code(), await place.code()
    await doorstep.join(code, **PIN)
    async with in_front_of(settings, backend, seal) as thief:
        page = await thief.browser.get(f"/join/{other_code}")
        sent = await thief.send(page, code, **PIN)

        assert sent.status_code == 404
        assert device_cookie_of(thief) is None


async def test_two_who_choose_the_same_pin_get_two_secrets(
    doorstep: Doorstep, inviter: MakeInviter, settings: Settings, backend: Backend, seal: Seal
) -> None:
    place = await inviter("Amina")
    await doorstep.join(await place.code(), **PIN)
    async with in_front_of(settings, backend, seal) as other:
        await other.join(await place.code(), **PIN)
        mine, theirs = await opened(doorstep, PIN["pin"]), await opened(other, PIN["pin"])

    assert mine.secret != theirs.secret
    assert mine.email != theirs.email


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"way": ""}, "Choose how you come back in"),
        ({"way": "voice"}, "Choose how you come back in"),
        ({"pin": ""}, "A PIN has six digits."),
        ({"pin": "12345"}, "A PIN has six digits."),
        ({"pin": "1234567"}, "A PIN has six digits."),
        ({"pin": "12a456"}, "A PIN has six digits."),
        ({"pin": "9" * 5000}, "A PIN has six digits."),
        ({"pin": "½½½½½½"}, "A PIN has six digits."),
        ({"pin": "111111"}, "Many people choose this PIN."),
        ({"pin": "123456"}, "Many people choose this PIN."),
        ({**PICTURED, "p4": ""}, "Please choose four different pictures."),
        ({**PICTURED, "p4": "sun"}, "Please choose four different pictures."),
        ({**PICTURED, "p4": "<b>"}, "Please choose four different pictures."),
        ({**PICTURED, "p4": "lamp-boat"}, "Please choose four different pictures."),
    ],
)
async def test_what_is_no_way_in_is_asked_for_again_and_the_code_still_works(
    doorstep: Doorstep, inviter: MakeInviter, wish: dict[str, str], words: str
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.join(code, **{**PIN, **wish})

    asked_again(page, words)
    assert 'value="Selam"' in page.text
    assert known_of(doorstep) == ""
    assert (await doorstep.send(page, code, **PIN)).status_code == 200


async def test_nothing_that_was_chosen_comes_back_on_the_page(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.join(code, name=" ", **PIN)

    assert PIN["pin"] not in page.text
    assert re.search(r'value="pin" checked', page.text)
    drawn = await doorstep.send(page, code, name=" ", **PICTURED)
    assert len(re.findall(r'name="p\d" value="\w+" checked', drawn.text)) == 0


async def test_the_page_with_all_three_ways_stays_small(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    for language in ("en", "de", "ar"):
        page = await doorstep.browser.get(f"/join/{code}?lang={language}")
        assert len(page.content) <= 30_000


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("49 38 27", "493827"), ("٤٩٣٨٢٧", "493827"), ("۴۹۳۸۲۷", "493827"), ("493-827", "493827")],
)
def test_a_pin_may_be_typed_in_the_digits_of_any_script(typed: str, digits: str) -> None:
    assert plain_digits(typed) == digits


def test_pictures_count_in_their_order() -> None:
    one, other = chosen("pictures", "", *FOUR), chosen("pictures", "", *reversed(FOUR))

    assert one
    assert other
    assert one.answer != other.answer
    assert set(FOUR) <= set(PICTURES)
