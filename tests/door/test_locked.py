"""A locked device opens to its person alone, and after five wrong answers to nobody."""

from collections.abc import Awaitable
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from app.core.auth import Device
from app.core.bindings import Bindings
from app.core.errors import Unreachable
from app.core.ids import hash_cookie
from tests.door.conftest import Doorstep
from tests.door.test_join import device_cookie_of, home_of, login_on
from tests.door.test_known import GONE
from tests.door.test_ways import FOUR, PICTURED, PIN, known_of
from tests.fixtures.people import PASSWORD, Coordinator, MakeInviter

RIGHT = {"kind": "pin", "pin": PIN["pin"]}
WRONG = {"kind": "pin", "pin": "730184"}


@dataclass
class Locked:
    """Somebody's locked device."""

    doorstep: Doorstep
    device: Device
    login: str = ""

    async def answer(self, **typed: str) -> httpx.Response:
        form = {"token": await self.doorstep.token("/locked"), **typed}
        return await self.doorstep.browser.post("/locked", data=form)

    async def lock(self) -> None:
        await self.doorstep.devices.lock(self.device)

    async def is_locked(self) -> bool:
        return await self.doorstep.devices.locked(self.device.cookie_hash)


async def lock(doorstep: Doorstep, login: str = "") -> Locked:
    cookie = device_cookie_of(doorstep)
    assert cookie
    locked = Locked(doorstep, await doorstep.devices.open(cookie), login)
    await locked.lock()
    return locked


@pytest_asyncio.fixture
async def selam(doorstep: Doorstep, inviter: MakeInviter) -> Locked:
    """Came in with a PIN."""
    page = await doorstep.join(await (await inviter("Amina")).code(), **PIN)
    return await lock(doorstep, login_on(page))


@pytest_asyncio.fixture
async def worker(doorstep: Doorstep, amina: Awaitable[Coordinator]) -> Locked:
    """Signs in with a passphrase."""
    email = (await amina).email
    await doorstep.sign_in(email, PASSWORD)
    return await lock(doorstep, email)


async def test_the_page_asks_for_the_pin_and_names_nobody(selam: Locked) -> None:
    page = await selam.doorstep.browser.get("/locked?next=/me")

    assert 'name="pin"' in page.text
    assert 'name="next" value="/me"' in page.text
    assert "Selam" not in page.text
    assert selam.login not in page.text
    assert "/signin?other=1" in page.text
    assert "/signout?lang=en" in page.text
    assert len(page.content) <= 30_000


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/me", "/me"), ("", "/"), ("//elsewhere.example", "/"), ("/locked?next=/locked", "/")],
)
async def test_the_right_pin_opens_the_same_device_where_it_was(
    selam: Locked, wanted: str, reached: str
) -> None:
    cookie = device_cookie_of(selam.doorstep)
    answer = await selam.answer(**RIGHT, next=wanted)

    assert (answer.status_code, answer.headers["location"]) == (303, reached)
    assert not await selam.is_locked()
    assert device_cookie_of(selam.doorstep) == cookie
    assert (await selam.doorstep.browser.get("/locked")).headers["location"] == "/"


async def test_pictures_open_it_too(doorstep: Doorstep, inviter: MakeInviter) -> None:
    await doorstep.join(await (await inviter("Amina")).code(), **PICTURED)
    locked = await lock(doorstep)
    places = dict(zip(("p1", "p2", "p3", "p4"), FOUR, strict=True))

    assert (await locked.answer(kind="pictures", **places)).status_code == 303
    assert not await locked.is_locked()


async def test_five_wrong_pins_unbind_and_sign_out(selam: Locked) -> None:
    known, cookie = known_of(selam.doorstep), device_cookie_of(selam.doorstep)
    assert cookie
    for left in ("4 tries", "3 tries", "2 tries", "1 try"):
        page = await selam.answer(**WRONG)
        assert left in page.text.replace("\u2068", "").replace("\u2069", "")
        assert await selam.is_locked()
    last = await selam.answer(**WRONG)

    assert last.headers["location"] == "/signin?gone=1"
    assert GONE in (await selam.doorstep.browser.get("/signin?gone=1")).text
    assert (device_cookie_of(selam.doorstep), known_of(selam.doorstep)) == (None, "")
    assert selam.doorstep.ended == [hash_cookie(cookie)]
    assert await selam.doorstep.devices.state(hash_cookie(cookie)) == "gone"
    assert await selam.doorstep.bindings.look(known.rpartition(".")[0]) is None


async def test_a_passphrase_opens_it_without_a_name(worker: Locked) -> None:
    page = await worker.doorstep.browser.get("/locked")
    assert 'name="passphrase"' in page.text
    assert worker.login not in page.text
    wrong = await worker.answer(kind="passphrase", passphrase="a guess")
    assert "4 tries left" in wrong.text.replace("\u2068", "").replace("\u2069", "")
    assert await worker.is_locked()

    assert (await worker.answer(kind="passphrase", passphrase=PASSWORD)).status_code == 303
    assert not await worker.is_locked()
    assert (await home_of(worker.doorstep)).person.name == "Amina"


async def test_five_wrong_passphrases_sign_out(worker: Locked) -> None:
    for _ in range(4):
        assert (await worker.answer(kind="passphrase", passphrase="a guess")).status_code == 422
    last = await worker.answer(kind="passphrase", passphrase="a guess")

    assert last.headers["location"] == "/signin?gone=1"
    assert await worker.doorstep.devices.state(worker.device.cookie_hash) == "gone"


async def test_nobody_gets_round_the_pin_by_asking_for_a_passphrase(selam: Locked) -> None:
    for _ in range(4):
        page = await selam.answer(kind="passphrase", passphrase="four quiet blue boats")
        assert page.status_code == 422
    assert await selam.is_locked()


async def test_the_pin_of_somebody_else_who_used_this_browser_opens_nothing(
    doorstep: Doorstep, inviter: MakeInviter, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.join(await (await inviter("Ben")).code(), **PIN)
    await doorstep.sign_out(after="keep")
    await doorstep.token("/signin?other=1")
    form = {"token": doorstep.tokens["/signin?other=1"]}
    login = {"login": (await amina).email, "secret": PASSWORD}
    await doorstep.browser.post("/signin", data=form | login)
    locked = await lock(doorstep)
    page = await doorstep.browser.get("/locked")

    assert 'name="pin"' not in page.text
    assert (await locked.answer(**RIGHT)).status_code == 422
    forged = known_of(doorstep).rpartition(".")[0]
    doorstep.browser.cookies.delete("handrail-known-8550")
    doorstep.browser.cookies.set("handrail-known-8550", _marked(forged, locked.device))
    await locked.answer(**RIGHT)
    assert await doorstep.devices.state(locked.device.cookie_hash) == "gone"


def _marked(value: str, device: Device) -> str:
    """As if the cookie said that this PIN were of the device's own person."""
    from app.door.known import _mark

    return f"{value}.s{_mark(value, device.user_id)}"


async def test_a_form_made_for_another_browser_is_no_try(selam: Locked) -> None:
    for _ in range(6):
        page = await selam.answer(**WRONG, token="forged")
        assert "Please send it once more." in page.text
    assert (await selam.answer(**RIGHT)).status_code == 303


async def test_without_a_backend_it_stays_locked_and_says_so(
    selam: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*args: object, **values: object) -> None:
        raise Unreachable("backend_unreachable")

    token = await selam.doorstep.token("/locked")
    monkeypatch.setattr(Bindings, "open", away)
    page = await selam.answer(**RIGHT, token=token)

    assert page.status_code == 503
    assert "No answer right now." in page.text
    assert await selam.is_locked()


async def test_a_locked_device_can_be_left_to_somebody_else_or_signed_out(
    selam: Locked, inviter: MakeInviter
) -> None:
    doorstep = selam.doorstep
    assert 'name="login"' in (await doorstep.browser.get("/signin?other=1")).text
    assert (await doorstep.sign_out(after="keep")).status_code == 303
    assert await doorstep.devices.state(selam.device.cookie_hash) == "gone"


async def test_an_open_device_and_nobody_are_sent_on(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    assert (await doorstep.browser.get("/locked?next=/me")).headers["location"] == "/me"
    await doorstep.sign_in((await amina).email, PASSWORD)
    assert (await doorstep.browser.get("/locked?next=/me")).headers["location"] == "/me"
