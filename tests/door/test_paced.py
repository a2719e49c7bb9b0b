"""Wrong tries slow down guessing, and nobody else: at the sign-in page and with codes."""

import asyncio
import time
from collections.abc import Awaitable

import httpx
import pytest

from app.config import Settings
from app.core.http import Backend
from app.core.seal import Seal
from app.shell.tries import WrongTries
from tests.door.conftest import TOKEN, Doorstep, in_front_of
from tests.fixtures.people import PASSWORD, Coordinator, MakeInviter

WRONG = "This name and secret do not fit together."
WAIT = "Please wait a minute"


async def test_a_browser_with_five_wrong_secrets_gets_one_more_try_a_minute(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    email = (await amina).email
    for _ in range(5):
        assert WRONG in (await doorstep.sign_in(email, "guess")).text
    waits = await doorstep.sign_in(email, PASSWORD)
    assert (waits.status_code, WAIT in waits.text) == (429, True)

    doorstep.clock.seconds += 61
    assert WRONG in (await doorstep.sign_in(email, "guess")).text
    assert (await doorstep.sign_in(email, PASSWORD)).status_code == 429
    doorstep.clock.seconds += 61
    assert (await doorstep.sign_in(email, PASSWORD)).status_code == 303


async def test_right_tries_do_not_count(doorstep: Doorstep, amina: Awaitable[Coordinator]) -> None:
    email = (await amina).email
    for _ in range(7):
        assert (await doorstep.sign_in(email, PASSWORD)).status_code == 303


async def test_neither_forms_without_token_nor_empty_ones_count(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    email = (await amina).email
    for _ in range(6):
        await doorstep.sign_in(email, "")
        await doorstep.sign_in(email, "guess", token="forged")
    assert (await doorstep.sign_in(email, PASSWORD)).status_code == 303


async def test_a_browser_with_five_wrong_codes_has_to_wait_a_minute(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    for number in range(5):
        assert (await doorstep.send(page, f"WRONG{number}")).status_code == 404

    assert (await doorstep.send(page, code)).status_code == 429
    assert "handrail-8550" not in doorstep.browser.cookies
    doorstep.clock.seconds += 61
    assert (await doorstep.send(page, code)).status_code == 200


async def test_after_a_hundred_wrong_tries_an_address_is_slower_and_forty_still_sign_in(
    settings: Settings, backend: Backend, seal: Seal, amina: Awaitable[Coordinator]
) -> None:
    email = (await amina).email
    async with in_front_of(settings, backend, seal, "192.0.2.7") as doorstep:
        await guess(doorstep, 100)
        began = time.monotonic()
        assert (await doorstep.sign_in(email, PASSWORD)).status_code == 303
        assert time.monotonic() - began >= 1

        began = time.monotonic()
        answers = await asyncio.gather(*(sign_in_anew(doorstep, email) for _ in range(40)))
        assert answers == [303] * 40
        assert time.monotonic() - began < 60


async def test_very_many_wrong_codes_open_nothing_and_keep_nobody_out(
    settings: Settings,
    backend: Backend,
    seal: Seal,
    inviter: MakeInviter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.door.paced._ADDRESS_PAUSE", 0.1)
    code = await (await inviter("Amina")).code()
    async with in_front_of(settings, backend, seal, "192.0.2.7") as doorstep:
        for number in range(100):
            assert (await doorstep.browser.get(f"/join/WRONG{number}")).status_code == 404
        began = time.monotonic()
        page = await doorstep.browser.get(f"/join/{code}")
        assert time.monotonic() - began >= 0.1
        # More at once than may wait in line: those hear "later", and then it is anybody's turn.
        many = (doorstep.browser.get(f"/join/WRONG{number}") for number in range(210))
        answers = [each.status_code for each in await asyncio.gather(*many)]
        assert set(answers) == {404, 429}
        assert answers.count(429) == 10
        doorstep.clock.seconds += 61
        assert (await doorstep.send(page, code)).status_code == 200


async def test_many_people_behind_one_address_join_at_once(
    settings: Settings, backend: Backend, seal: Seal, inviter: MakeInviter
) -> None:
    place = await inviter("Amina")
    codes = [await place.code() for _ in range(10)]

    async def join(number: int) -> int:
        async with in_front_of(settings, backend, seal, "192.0.2.8") as doorstep:
            return (await doorstep.join(codes[number], name=f"Guest {number}")).status_code

    assert await asyncio.gather(*map(join, range(10))) == [200] * 10


async def guess(doorstep: Doorstep, times: int) -> None:
    """That many wrong tries from this address, each from a browser that forgets its cookies."""
    for _ in range(times):
        assert (await sign_in_anew(doorstep, "nobody@example.org")) == 422


async def sign_in_anew(doorstep: Doorstep, login: str) -> int:
    """Like another browser behind the same address."""
    async with httpx.AsyncClient(
        transport=doorstep.browser._transport,
        base_url=doorstep.browser.base_url,
        headers=doorstep.browser.headers,
        cookies=httpx.Cookies(),
        timeout=90,
    ) as other:
        found = TOKEN.search((await other.get("/signin")).text)
        assert found
        form = {"token": found[1], "login": login, "secret": PASSWORD}
        return (await other.post("/signin", data=form)).status_code


def test_only_tries_of_the_last_hour_count() -> None:
    now = [0.0]
    tries = WrongTries(2, 3600, clock=lambda: now[0])
    tries.count("a")
    now[0] = 1800
    tries.count("a")
    assert tries.spent("a")
    assert not tries.spent("b")
    now[0] = 3601
    assert not tries.spent("a")
    tries.count("a")
    assert tries.spent("a")
