"""Choosing what opens this device: only its person can, and nobody locks themselves out."""

from collections.abc import Awaitable

import httpx
import pytest
import pytest_asyncio

from tests.door.conftest import Doorstep
from tests.door.test_join import device_cookie_of
from tests.door.test_known import Phone
from tests.door.test_locked import Locked, lock
from tests.door.test_ways import FOUR, PIN, known_of
from tests.fixtures.people import PASSWORD, Coordinator, MakeInviter

NEW = {"way": "pin", "pin": "207461"}
OLD = {"oldkind": "pin", "oldpin": PIN["pin"]}
PICTURES = {"way": "pictures", **{f"p{place}": name for place, name in enumerate(FOUR, 1)}}


async def choose(doorstep: Doorstep, **typed: str) -> httpx.Response:
    form = {"token": await doorstep.token("/lock-choice"), **typed}
    return await doorstep.browser.post("/lock-choice", data=form)


@pytest_asyncio.fixture
async def selam(doorstep: Doorstep, inviter: MakeInviter) -> Doorstep:
    """Came in with a PIN."""
    await doorstep.join(await (await inviter("Amina")).code(), **PIN)
    return doorstep


@pytest_asyncio.fixture
async def worker(doorstep: Doorstep, amina: Awaitable[Coordinator]) -> Doorstep:
    """Signs in with a passphrase."""
    await doorstep.sign_in((await amina).email, PASSWORD)
    return doorstep


async def test_a_passphrase_person_gets_a_pin_that_only_unlocks(worker: Doorstep) -> None:
    answer = await choose(worker, **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    locked = await lock(worker)
    page = await worker.browser.get("/locked")
    assert 'name="pin"' in page.text
    assert "/locked?other=1" in page.text
    assert (await locked.answer(kind="pin", pin=NEW["pin"])).status_code == 303

    cookie = known_of(worker)
    assert (await worker.sign_out()).headers["clear-site-data"] == '"cookies", "storage"'
    assert await worker.bindings.look(cookie.rpartition(".")[0]) is None


async def test_with_such_a_pin_the_passphrase_opens_too(worker: Doorstep) -> None:
    await choose(worker, **NEW)
    locked = await lock(worker)
    assert 'name="passphrase"' in (await worker.browser.get("/locked?other=1")).text
    assert (await locked.answer(kind="passphrase", passphrase=PASSWORD)).status_code == 303


async def test_when_the_device_ran_out_such_a_pin_does_not_sign_in(worker: Doorstep) -> None:
    await choose(worker, **NEW)
    cookie = device_cookie_of(worker)
    assert cookie
    await worker.devices.sign_out(await worker.devices.open(cookie), "local")

    assert 'name="login"' in (await worker.browser.get("/signin")).text
    answer = await Phone(worker, "").answer(kind="pin", pin=NEW["pin"])
    assert 'name="secret"' in answer.text
    assert (await worker.browser.get("/signin")).status_code == 200


async def test_changing_needs_the_old_answer_and_keeps_the_way_in(selam: Doorstep) -> None:
    before = known_of(selam)
    wrong = await choose(selam, **NEW, **OLD | {"oldpin": "730184"})
    assert wrong.status_code == 422
    assert "4 tries left" in wrong.text.replace("\u2068", "").replace("\u2069", "")
    assert known_of(selam) == before

    assert (await choose(selam, **PICTURES, **OLD)).status_code == 303
    assert await selam.bindings.look(before.rpartition(".")[0]) is None
    await selam.sign_out(after="keep")
    places = {name: value for name, value in PICTURES.items() if name != "way"}
    assert (await Phone(selam, "").answer(kind="pictures", **places)).status_code == 303


async def test_five_wrong_old_answers_sign_out(selam: Doorstep) -> None:
    for _ in range(4):
        await choose(selam, **NEW, **OLD | {"oldpin": "730184"})
    last = await choose(selam, **NEW, **OLD | {"oldpin": "730184"})

    assert last.headers["location"] == "/signin?gone=1"
    assert (device_cookie_of(selam), known_of(selam)) == (None, "")


async def test_nobody_takes_away_their_only_way_in(selam: Doorstep) -> None:
    assert 'name="way" value="passphrase"' not in (await selam.browser.get("/lock-choice")).text
    answer = await choose(selam, way="passphrase", **OLD)

    assert answer.status_code == 422
    assert (await selam.bindings.look(known_of(selam).rpartition(".")[0])) is not None


async def test_a_passphrase_person_can_take_the_pin_away_again(worker: Doorstep) -> None:
    await choose(worker, **NEW)
    assert 'name="way" value="passphrase"' in (await worker.browser.get("/lock-choice")).text
    old = {"oldkind": "pin", "oldpin": NEW["pin"]}
    assert (await choose(worker, way="passphrase", **old)).status_code == 303

    assert known_of(worker) == ""
    await lock(worker)
    assert 'name="passphrase"' in (await worker.browser.get("/locked")).text


@pytest.mark.parametrize("wish", [{"way": ""}, {"way": "pin", "pin": "1"}, {"way": "pictures"}])
async def test_what_cannot_be_taken_changes_nothing_and_costs_no_try(
    selam: Doorstep, wish: dict[str, str]
) -> None:
    before = known_of(selam)
    for _ in range(6):
        assert (await choose(selam, **wish, **OLD | {"oldpin": "730184"})).status_code == 422
    assert known_of(selam) == before
    assert (await choose(selam, **NEW, **OLD)).status_code == 303


async def test_a_forged_form_changes_nothing(worker: Doorstep) -> None:
    answer = await choose(worker, **NEW, token="forged")

    assert "Please send it once more." in answer.text
    assert known_of(worker) == ""


async def test_the_page_is_for_signed_in_and_open_devices(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    page = await doorstep.browser.get("/lock-choice")
    assert page.headers["location"] == "/signin?next=%2Flock-choice"
    await doorstep.sign_in((await amina).email, PASSWORD)
    locked: Locked = await lock(doorstep)
    page = await doorstep.browser.get("/lock-choice")
    assert page.headers["location"] == "/locked?next=%2Flock-choice"
    assert (await choose(doorstep, **NEW)).headers["location"] == "/locked?next=%2Flock-choice"
    assert await locked.is_locked()
