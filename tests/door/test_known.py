"""A browser that knows somebody: it asks for their PIN or pictures, five times at most."""

from collections.abc import Awaitable
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from app.core.ids import hash_cookie
from tests.door.conftest import Doorstep
from tests.door.test_join import device_cookie_of, home_of, login_on
from tests.door.test_ways import FOUR, PICTURED, PIN, known_of
from tests.fixtures.people import PASSWORD, Coordinator, MakeInviter
from tests.fixtures.supabase import Supabase

GONE = "This device knows you no more."
RIGHT = {"kind": "pin", "pin": PIN["pin"]}
WRONG = {"kind": "pin", "pin": "730184"}


@dataclass
class Phone:
    """Selam's phone, signed out; it still knows her PIN."""

    doorstep: Doorstep
    login: str

    async def answer(self, **typed: str) -> httpx.Response:
        form = {"token": await self.doorstep.token("/signin"), **typed}
        return await self.doorstep.browser.post("/signin", data=form)


@pytest_asyncio.fixture
async def phone(doorstep: Doorstep, inviter: MakeInviter) -> Phone:
    page = await doorstep.join(await (await inviter("Amina")).code(), **PIN)
    await doorstep.sign_out(after="keep")
    assert device_cookie_of(doorstep) is None
    return Phone(doorstep, login_on(page))


async def test_the_page_asks_for_the_pin_and_names_nobody(phone: Phone) -> None:
    page = await phone.doorstep.browser.get("/signin?next=/me")

    assert 'name="pin"' in page.text
    assert 'name="login"' not in page.text
    assert "Selam" not in page.text
    assert phone.login not in page.text
    assert "/signin?other=1&amp;lang=en&amp;next=%2Fme" in page.text
    assert 'href="/join?lang=en"' in page.text


async def test_the_right_pin_signs_in_with_a_new_cookie_and_tries_start_anew(phone: Phone) -> None:
    for _ in range(3):
        await phone.answer(**WRONG)
        await phone.answer(**WRONG)
        phone.doorstep.clock.seconds += 3700
        answer = await phone.answer(**RIGHT, next="/me")
        assert (answer.status_code, answer.headers["location"]) == (303, "/me")
        assert (await home_of(phone.doorstep)).person.name == "Selam"
        await phone.doorstep.sign_out(after="keep")


async def test_pictures_sign_in_too_and_only_in_their_order(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    await doorstep.join(await (await inviter("Amina")).code(), **PICTURED)
    await doorstep.sign_out(after="keep")
    phone = Phone(doorstep, "")
    places = dict(zip(("p1", "p2", "p3", "p4"), FOUR, strict=True))
    turned = dict(zip(places, reversed(FOUR), strict=True))

    assert "Picture 4 of 4" in _plain(await doorstep.browser.get("/signin"))
    assert "4 tries left" in _plain(await phone.answer(kind="pictures", **turned))
    assert (await phone.answer(kind="pictures", **places)).status_code == 303


async def test_wrong_answers_say_how_many_tries_are_left_and_the_fifth_unbinds(
    phone: Phone,
) -> None:
    for left in (4, 3, 2):
        assert f"You have {left} tries left." in _plain(await phone.answer(**WRONG))
    assert "You have 1 try left." in _plain(await phone.answer(**WRONG))
    last = await phone.answer(**WRONG)

    assert GONE in last.text
    assert 'name="login"' in last.text
    assert known_of(phone.doorstep) == ""
    assert (await phone.answer(**RIGHT)).status_code == 422
    assert device_cookie_of(phone.doorstep) is None


async def test_a_stolen_cookie_in_many_browsers_has_five_tries_in_all(phone: Phone) -> None:
    stolen = known_of(phone.doorstep)
    for guess in range(5):
        phone.doorstep.browser.cookies.clear()
        phone.doorstep.browser.cookies.set("handrail-known-8550", stolen)
        await phone.answer(kind="pin", pin=f"73018{guess}")
    phone.doorstep.browser.cookies.set("handrail-known-8550", stolen)

    assert GONE in (await phone.answer(**RIGHT)).text
    assert device_cookie_of(phone.doorstep) is None


@pytest.mark.parametrize("typed", [{"pin": "12"}, {"pin": ""}, {"kind": "pictures", "p1": "sun"}])
async def test_what_is_no_answer_at_all_costs_no_try(phone: Phone, typed: dict[str, str]) -> None:
    for _ in range(6):
        assert (await phone.answer(**{"kind": "pin", **typed})).status_code == 422
    assert (await phone.answer(**RIGHT)).status_code == 303


async def test_a_form_made_for_another_browser_costs_no_try(phone: Phone) -> None:
    for _ in range(6):
        page = await phone.answer(**WRONG, token="forged")
        assert "Please send it once more." in page.text
    assert (await phone.answer(**RIGHT)).status_code == 303


@pytest.mark.parametrize("forged", ["x", "A" * 43 + ".s0", "A" * 3000 + ".s0", "..", "a.u1"])
async def test_a_forged_cookie_opens_nothing(doorstep: Doorstep, forged: str) -> None:
    doorstep.browser.cookies.set("handrail-known-8550", forged)
    assert (await doorstep.browser.get("/signin")).status_code in (200, 422)
    phone = Phone(doorstep, "")
    answer = await phone.answer(**RIGHT)

    assert answer.status_code == 422
    assert device_cookie_of(doorstep) is None


async def test_somebody_else_signs_in_by_name_and_the_phone_still_knows_its_owner(
    phone: Phone, amina: Awaitable[Coordinator]
) -> None:
    doorstep = phone.doorstep
    assert 'name="login"' in (await doorstep.browser.get("/signin?other=1")).text
    await doorstep.token("/signin?other=1")
    form = {"token": doorstep.tokens["/signin?other=1"]}
    login = {"login": (await amina).email, "secret": PASSWORD}
    assert (await doorstep.browser.post("/signin", data=form | login)).status_code == 303
    assert (await home_of(doorstep)).person.name == "Amina"
    assert "still knows me" not in (await doorstep.browser.get("/signout")).text

    cookie = device_cookie_of(doorstep)
    assert cookie
    await doorstep.devices.sign_out(await doorstep.devices.open(cookie), "local")
    page = await doorstep.browser.get("/signed-out")
    assert page.headers["clear-site-data"] == '"storage"'
    assert (await phone.answer(**RIGHT)).status_code == 303
    assert (await home_of(doorstep)).person.name == "Selam"


async def test_a_way_in_that_was_taken_away_is_forgotten(phone: Phone, supabase: Supabase) -> None:
    supabase.execute(
        "update auth.users set encrypted_password = '' where email = %s",
        f"{phone.login}@people.invalid",
        user="supabase_admin",
    )
    page = await phone.answer(**RIGHT)

    assert GONE in page.text
    assert known_of(phone.doorstep) == ""


async def test_the_phone_of_somebody_who_was_removed_lets_nobody_in(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    place = await inviter("Amina")
    added = await place.add("Amber")
    await doorstep.join(added["code"], **PIN)
    await doorstep.sign_out(after="keep")
    await place.device.db.rpc(
        "end_membership", membership=added["membership_id"], reason="finished"
    )
    answer = await Phone(doorstep, "").answer(**RIGHT)

    assert GONE in answer.text
    assert device_cookie_of(doorstep) is None


async def test_signing_out_keeps_the_phone_known_unless_it_is_to_forget(phone: Phone) -> None:
    doorstep = phone.doorstep
    await phone.answer(**RIGHT)
    question = await doorstep.browser.get("/signout")
    assert 'name="after" value="keep" checked' in question.text
    kept = await doorstep.sign_out(after="keep")
    assert kept.headers["clear-site-data"] == '"storage"'
    assert known_of(doorstep)
    gone = {name for name, *_ in map(_cookie, kept.headers.get_list("set-cookie"))}
    assert gone == {"handrail-8550", "handrail-form-8550"}
    assert "This device still knows you." in (await doorstep.browser.get("/signed-out")).text

    await phone.answer(**RIGHT)
    cookie = known_of(doorstep)
    forgotten = await doorstep.sign_out(after="forget")
    assert forgotten.headers["clear-site-data"] == '"cookies", "storage"'
    assert known_of(doorstep) == ""
    assert await doorstep.bindings.look(cookie.rpartition(".")[0]) is None


async def test_whoever_has_a_passphrase_is_asked_nothing_when_they_go(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)

    assert 'name="after"' not in (await doorstep.browser.get("/signout")).text
    assert (await doorstep.sign_out()).headers["clear-site-data"] == '"cookies", "storage"'


async def test_signing_in_again_ends_the_device_before(phone: Phone) -> None:
    await phone.answer(**RIGHT)
    first = device_cookie_of(phone.doorstep)
    assert first
    known = known_of(phone.doorstep)
    phone.doorstep.browser.cookies.delete("handrail-8550")
    await phone.answer(**RIGHT)

    assert device_cookie_of(phone.doorstep) not in (None, first)
    assert known_of(phone.doorstep) == known
    assert hash_cookie(first) not in phone.doorstep.ended


def _plain(page: httpx.Response) -> str:
    return page.text.replace("\u2068", "").replace("\u2069", "")


def _cookie(line: str) -> tuple[str, str]:
    name, _, rest = line.partition("=")
    return name, rest
