"""Whoever holds a locked phone reaches no page that acts with its person's sign-in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio

from app.config import Settings
from app.core.auth import Device
from app.core.http import Backend
from app.core.seal import Seal
from app.people.actions import People
from tests.door.conftest import WISH, Doorstep, in_front_of
from tests.door.returns import get_back_in, make_pair
from tests.door.test_invited import form_of
from tests.door.test_locked import lock
from tests.fixtures.people import PASSWORD, Coordinator, MakeInviter
from tests.fixtures.supabase import Supabase


@pytest_asyncio.fixture
async def phone(settings: Settings, backend: Backend, seal: Seal) -> AsyncIterator[Doorstep]:
    """Another browser, in which nobody was before."""
    async with in_front_of(settings, backend, seal) as doorstep:
        yield doorstep


async def places_of(device: Device) -> set[str]:
    home = await People(device.db, device.cookie_hash).home()
    return {each.organisation_name for each in home.memberships}


async def test_nobody_accepts_an_invitation_in_the_name_of_who_locked_it(
    doorstep: Doorstep,
    inviter: MakeInviter,
    coordinator: Callable[[str], Awaitable[Coordinator]],
) -> None:
    amina, ben = await inviter("Amina"), await coordinator("Ben")
    row = await amina.device.db.rpc(
        "invite_staff", organisation=amina.organisation, name="Ben", role="trainer",
        language="en", email="ben2@post.example",
    )  # fmt: skip
    await doorstep.sign_in(ben.email, PASSWORD)
    locked = await lock(doorstep)
    page = await doorstep.browser.get(f"/invited?code={row['code']}")
    answer = await doorstep.browser.post("/invited/accept", data=form_of(page))

    assert answer.headers["location"].startswith("/locked?next=%2Finvited%3Fcode%3D")
    assert await places_of(locked.device) == {"House of Ben"}

    await locked.answer(kind="passphrase", passphrase=PASSWORD)
    page = await doorstep.browser.get(f"/invited?code={row['code']}")
    await doorstep.browser.post("/invited/accept", data=form_of(page))
    assert await places_of(locked.device) == {"House of Ben", "House of Amina"}


async def test_the_page_of_an_invitation_does_not_say_that_somebody_is_signed_in(
    doorstep: Doorstep,
    inviter: MakeInviter,
    coordinator: Callable[[str], Awaitable[Coordinator]],
) -> None:
    amina, ben = await inviter("Amina"), await coordinator("Ben")
    row = await amina.device.db.rpc(
        "invite_staff", organisation=amina.organisation, name="Ben", role="trainer",
        language="en", email="ben3@post.example",
    )  # fmt: skip
    await doorstep.sign_in(ben.email, PASSWORD)
    await lock(doorstep)
    page = await doorstep.browser.get(f"/invited?code={row['code']}")

    assert "/invited/accept" not in page.text


async def test_nobody_proves_anything_on_a_locked_phone(
    doorstep: Doorstep, phone: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    pair = await make_pair(inviter, supabase, doorstep)
    await get_back_in(phone, await pair.code())
    token = await phone.token("/back/prove")
    await lock(phone)
    asked = await phone.browser.get("/back/prove")
    sent = await phone.browser.post(
        "/back/prove", data={"token": token, "lang": "en", "secret": WISH["passphrase"]}
    )

    for answer in (asked, sent):
        assert answer.status_code == 303
        assert answer.headers["location"] == "/locked?next=%2Fback%2Fprove"


async def test_no_more_than_five_passphrases_at_the_same_time(
    doorstep: Doorstep, amina: Awaitable[Coordinator], monkeypatch: pytest.MonkeyPatch
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)
    locked = await lock(doorstep)
    token = await doorstep.token("/locked")
    prove, tried = doorstep.devices.prove, []

    async def noted(device: Device, passphrase: str) -> None:
        tried.append(passphrase)
        await prove(device, passphrase)

    def guess(passphrase: str) -> Awaitable[httpx.Response]:
        form = {"token": token, "kind": "passphrase", "passphrase": passphrase}
        return doorstep.browser.post("/locked", data=form)

    monkeypatch.setattr(doorstep.devices, "prove", noted)
    await asyncio.gather(*(guess(f"a guess {number}") for number in range(12)))

    assert len(tried) == 5
    assert await doorstep.devices.state(locked.device.cookie_hash) == "gone"
