"""Getting back in with a code, and proving who one is, on the real stack."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.config import Settings
from app.core.auth import Device
from app.core.errors import NotAllowed, Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.core.seal import Seal
from app.people.notices import Notices
from tests.door.conftest import WISH, Doorstep, in_front_of
from tests.door.returns import NEW, Pair, get_back_in, make_pair, prove, send
from tests.door.test_join import WORN_OUT, device_cookie_of, home_of, login_on, rows
from tests.fixtures.people import MakeInviter
from tests.fixtures.supabase import Supabase


@pytest_asyncio.fixture
async def pair(inviter: MakeInviter, supabase: Supabase, doorstep: Doorstep) -> Pair:
    return await make_pair(inviter, supabase, doorstep)


@pytest_asyncio.fixture
async def phone(settings: Settings, backend: Backend, seal: Seal) -> AsyncIterator[Doorstep]:
    """Another browser, in which nobody was before."""
    async with in_front_of(settings, backend, seal) as doorstep:
        yield doorstep


async def device_of(doorstep: Doorstep) -> Device:
    return await doorstep.devices.open(device_cookie_of(doorstep) or "")


async def waits(doorstep: Doorstep) -> bool:
    device = await device_of(doorstep)
    return (await Notices(device.db).told()).waits_until is not None


async def test_a_code_and_a_new_passphrase_let_somebody_back_in(
    pair: Pair, phone: Doorstep, settings: Settings, backend: Backend, seal: Seal
) -> None:
    page = await get_back_in(phone, await pair.code())

    assert page.status_code == 200
    assert (await home_of(phone)).person.id == pair.young_id
    assert (await home_of(phone)).person.name == WISH["name"]
    assert (await device_of(phone)).user_id != pair.device.user_id
    async with in_front_of(settings, backend, seal) as third:
        answer = await third.sign_in(login_on(page), NEW)
        assert answer.status_code == 303
        assert (await home_of(third)).person.id == pair.young_id


async def test_the_old_way_in_stays_as_it_is(
    pair: Pair, phone: Doorstep, doorstep: Doorstep
) -> None:
    await get_back_in(phone, await pair.code())

    assert (await home_of(doorstep)).person.id == pair.young_id
    assert not await waits(doorstep)
    assert await waits(phone)


async def test_opening_a_link_changes_nothing(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    code = await pair.code()

    def everything() -> object:
        return rows(supabase), supabase.execute(
            "select array_agg(r::text order by r.id) from private.returns as r",
            user="supabase_admin",
        )

    before = everything()
    for _ in range(3):
        assert (await phone.browser.get(f"/back/{code}")).status_code == 200
        assert (await phone.browser.head(f"/back/{code}")).status_code == 200

    assert everything() == before
    assert (await get_back_in(phone, code)).status_code == 200


async def test_the_page_says_what_comes_back_at_once_and_what_later(
    pair: Pair, phone: Doorstep
) -> None:
    page = await phone.browser.get(f"/back/{await pair.code()}")

    for words in (
        pair.worker.place,
        "Your plan, dates and messages are there at once.",
        "In 3 days you see everything again.",
        "Sooner with your old passphrase.",
    ):
        assert words in page.text
    assert "Amber" not in page.text
    assert WISH["name"] not in page.text
    assert len(page.content) <= 30_000


async def test_nobody_has_to_know_which_code_they_hold(pair: Pair, phone: Doorstep) -> None:
    back, join = await pair.code(), await pair.worker.code()
    ways = {
        f"/join/{back}?lang=de": f"/back/{back.replace('-', '')}?lang=de",
        f"/back/{join}?lang=ar": f"/join/{join.replace('-', '')}?lang=ar",
        f"/back/{join}?lang=xx": f"/join/{join.replace('-', '')}",
    }
    for opened, led_to in ways.items():
        answer = await phone.browser.get(opened)
        assert (answer.status_code, answer.headers["location"]) == (303, led_to)
    asked = await phone.browser.get("/join", params={"code": back}, follow_redirects=True)
    assert "Get back in" in asked.text


async def test_wrong_used_stopped_and_expired_codes_get_the_very_same_page(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    stopped, used = await pair.code(), await pair.code()
    await get_back_in(phone, used)
    expired = await pair.code()
    supabase.execute(
        "update private.returns set created_at = created_at - interval '49 hours',"
        " expires_at = expires_at - interval '49 hours' where used_at is null and person_id = %s",
        pair.young_id,
    )
    pages = [
        await phone.browser.get(f"/back/{code}")
        for code in (stopped, used, expired, "ABCD-EFGH-JKMN")
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert WORN_OUT in pages[0].text


async def test_a_code_works_once(
    pair: Pair, phone: Doorstep, settings: Settings, backend: Backend, seal: Seal
) -> None:
    code = await pair.code()
    await get_back_in(phone, code)
    async with in_front_of(settings, backend, seal) as thief:
        fresh = await thief.browser.get(f"/back/{await pair.code()}")
        sent = await send(thief, fresh, code, "another passphrase")

        assert sent.status_code == 404
        assert WORN_OUT in sent.text
        assert device_cookie_of(thief) is None


async def test_a_form_repeated_after_a_lost_answer_finishes_the_same_return(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    code = await pair.code()
    page = await phone.browser.get(f"/back/{code}")
    first = await send(phone, page, code)
    lost = device_cookie_of(phone)
    assert lost
    ways = "select count(*) from private.sign_ins where person_id = %s"
    before = supabase.execute(ways, pair.young_id)
    second = await send(phone, page, code)

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)
    assert supabase.execute(ways, pair.young_id) == before == [(2,)]
    assert phone.ended == [hash_cookie(lost)]


async def test_the_same_form_sent_twice_at_once_gives_one_way_in(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    code = await pair.code()
    page = await phone.browser.get(f"/back/{code}")
    first, second = await asyncio.gather(send(phone, page, code), send(phone, page, code))

    assert (first.status_code, second.status_code) == (200, 200)
    assert login_on(first) == login_on(second)


async def test_a_return_that_broke_off_can_be_finished(
    pair: Pair, phone: Doorstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unreachable("unreachable")

    code = await pair.code()
    with monkeypatch.context() as broken:
        broken.setattr(phone.devices, "sign_in", away)
        page = await get_back_in(phone, code)
        assert (page.status_code, "No answer right now." in page.text) == (422, True)

    assert (await send(phone, page, code)).status_code == 200
    assert (await home_of(phone)).person.id == pair.young_id


@pytest.mark.parametrize("passphrase", ["", "short", "x" * 73, "bell\x07" * 4])
async def test_a_passphrase_that_cannot_be_taken_changes_nothing(
    pair: Pair, phone: Doorstep, supabase: Supabase, passphrase: str
) -> None:
    code = await pair.code()
    before = rows(supabase)
    page = await get_back_in(phone, code, passphrase)

    assert page.status_code == 422
    assert rows(supabase) == before
    assert passphrase not in page.text or not passphrase
    assert (await send(phone, page, code)).status_code == 200


async def test_a_form_without_its_token_changes_nothing(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    code = await pair.code()
    before = rows(supabase)
    for token in ("", "forged"):
        page = await get_back_in(phone, code, token=token)
        assert page.status_code == 422
        assert "Please send it once more." in page.text

    assert rows(supabase) == before


async def test_the_old_passphrase_shows_everything_at_once(pair: Pair, phone: Doorstep) -> None:
    await get_back_in(phone, await pair.code())
    asked = await phone.browser.get("/back/prove")
    assert "In \u206872\u2069 hours you see everything again." in asked.text
    page = await prove(phone)

    assert page.status_code == 200
    assert "You see everything again" in page.text
    assert not await waits(phone)
    again = await phone.browser.get("/back/prove")
    assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_the_proof_leaves_no_session_of_the_old_way_in_behind(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    sessions = "select count(*) from auth.sessions where user_id = %s"
    await get_back_in(phone, await pair.code())
    before = supabase.execute(sessions, pair.device.user_id, user="supabase_admin")
    await prove(phone)

    assert supabase.execute(sessions, pair.device.user_id, user="supabase_admin") == before


async def test_a_wrong_passphrase_proves_nothing_five_times_an_hour(
    pair: Pair, phone: Doorstep, supabase: Supabase
) -> None:
    await get_back_in(phone, await pair.code())
    for secret in (NEW, "x", WISH["passphrase"].upper(), "words", "1' or 1=1"):
        page = await prove(phone, secret)
        assert page.status_code == 422
        assert "This is not the old one." in page.text
    phone.clock.seconds += 100

    page = await prove(phone)
    assert page.status_code == 429
    assert await waits(phone)

    supabase.execute("update private.proof_tries set since = since - interval '1 hour'")
    phone.clock.seconds += 100
    assert (await prove(phone)).status_code == 200
    assert not await waits(phone)


async def test_the_passphrase_of_somebody_else_proves_nothing(
    pair: Pair,
    phone: Doorstep,
    inviter: MakeInviter,
    settings: Settings,
    backend: Backend,
    seal: Seal,
) -> None:
    async with in_front_of(settings, backend, seal) as other:
        await other.join(await pair.worker.code("Yusuf"), passphrase="somebody else's words")
    await get_back_in(phone, await pair.code())

    assert (await prove(phone, "somebody else's words")).status_code == 422
    assert await waits(phone)


async def test_the_new_passphrase_is_no_proof(pair: Pair, phone: Doorstep) -> None:
    await get_back_in(phone, await pair.code())
    await get_back_in(phone, await pair.code(), "a third passphrase")

    assert (await prove(phone, NEW)).status_code == 422


async def test_a_new_pin_lets_somebody_back_in_and_opens_this_browser(
    pair: Pair, phone: Doorstep
) -> None:
    page = await get_back_in(phone, await pair.code(), "", way="pin", pin="৪ ০৭ ২৯ ৩")
    assert page.status_code == 200
    assert "You come back in here as you just chose." in page.text
    await phone.sign_out()
    form = {"token": await phone.token("/signin"), "kind": "pin", "pin": "407293"}
    answer = await phone.browser.post("/signin", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await home_of(phone)).person.id == pair.young_id
    assert await waits(phone)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"way": ""}, "Choose how you come back in"),
        ({"way": "pin", "pin": "12"}, "A PIN has six digits."),
        ({"way": "pictures", "p1": "boat", "p2": "boat"}, "Please choose four different pictures."),
    ],
)
async def test_without_a_way_in_nothing_is_changed(
    pair: Pair, phone: Doorstep, supabase: Supabase, typed: dict[str, str], words: str
) -> None:
    code, before = await pair.code(), rows(supabase)
    page = await get_back_in(phone, code, **typed)

    assert page.status_code == 422
    assert words in page.text
    assert (await phone.browser.get(f"/back/{code}")).status_code == 200
    assert rows(supabase)[0][1:3] == before[0][1:3]


@pytest_asyncio.fixture
async def pinned(inviter: MakeInviter, supabase: Supabase, doorstep: Doorstep) -> Pair:
    """Somebody who joined with a PIN in this browser and got back in by a code here."""
    pair = await make_pair(inviter, supabase, doorstep, way="pin", pin="407293")
    await get_back_in(doorstep, await pair.code())
    return pair


async def test_the_old_pin_proves_it_in_the_browser_it_belongs_to(
    pinned: Pair, doorstep: Doorstep
) -> None:
    assert await waits(doorstep)
    asked = await doorstep.browser.get("/back/prove")
    assert "With your old PIN or pictures you see it now." in asked.text
    wrong = await prove(doorstep, way="pin", pin="407294")
    assert (wrong.status_code, "That was not it." in wrong.text) == (422, True)
    assert await waits(doorstep)

    assert (await prove(doorstep, way="pin", pin="407293")).status_code == 200
    assert not await waits(doorstep)


async def test_five_wrong_pins_leave_only_the_passphrase(pinned: Pair, doorstep: Doorstep) -> None:
    for _ in range(4):
        doorstep.clock.seconds += 100
        await prove(doorstep, way="pin", pin="407294")
    doorstep.clock.seconds += 100
    last = await prove(doorstep, way="pin", pin="407294")
    assert "This device knows you no more." in last.text
    doorstep.clock.seconds += 100
    page = await prove(doorstep, way="pin", pin="407293")

    assert page.status_code == 422
    assert await waits(doorstep)


async def test_the_pin_of_somebody_else_in_this_browser_proves_nothing(
    pair: Pair, phone: Doorstep
) -> None:
    await phone.join(await pair.worker.code("Yusuf"), way="pin", pin="407293")
    await get_back_in(phone, await pair.code())
    page = await prove(phone, way="pin", pin="407293")

    assert page.status_code == 422
    assert "This opens somebody else" in page.text
    assert await waits(phone)


async def test_a_pin_chosen_just_now_is_no_proof(pair: Pair, phone: Doorstep) -> None:
    await get_back_in(phone, await pair.code(), "", way="pin", pin="407293")
    asked = await phone.browser.get("/back/prove")
    assert "A PIN or pictures never leave the old device." in asked.text

    assert (await prove(phone, way="pin", pin="407293")).status_code == 422
    assert await waits(phone)


async def test_without_a_sign_in_the_proof_asks_for_one(phone: Doorstep) -> None:
    for answer in (await phone.browser.get("/back/prove"), await prove(phone)):
        assert answer.headers["location"] == "/signin?next=/back/prove"


async def test_an_objection_signs_out_what_the_code_gave(pair: Pair, phone: Doorstep) -> None:
    await get_back_in(phone, await pair.code())
    thief = await device_of(phone)
    told = (await Notices(pair.device.db).told()).unseen
    await pair.device.db.rpc("object_to_return", **{"return": str(told[0].ref)})

    assert await phone.devices.state(thief.cookie_hash) == "gone"
    with pytest.raises(NotAllowed):
        await Notices(thief.db).told()
