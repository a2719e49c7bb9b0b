"""Signing in and out, against the real local Supabase."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.core.auth import Device, Devices
from app.core.enrol import Enrolment
from app.core.errors import NotAllowed, Unreachable
from app.core.http import Backend, open_http
from app.core.ids import hash_cookie, new_cookie
from app.core.machine import MachineClient
from app.core.seal import Seal
from tests.core.clocks import ShiftedClock
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]
MINUTES = 60.0


@pytest.fixture
def devices(backend: Backend, seal: Seal) -> Devices:
    return Devices(backend, seal)


async def signed_in(devices: Devices, someone: Coordinator) -> tuple[str, Device]:
    return await devices.sign_in(someone.email, PASSWORD, label="Firefox on Linux")


async def name_seen_by(device: Device) -> str:
    (row,) = await device.db.view("people", columns="name")
    return str(row["name"])


def rows(supabase: Supabase, cookie: str) -> int:
    count = supabase.execute(
        "select count(*) from private.devices where cookie_hash = %s", hash_cookie(cookie)
    )
    return int(count[0][0])


async def test_who_signs_in_gets_a_cookie_that_opens_their_device(
    devices: Devices, coordinator: Make, backend: Backend, seal: Seal
) -> None:
    amina = await coordinator("Amina")
    cookie, device = await signed_in(devices, amina)
    assert device.user_id == amina.user_id
    assert device.cookie_hash == hash_cookie(cookie)
    assert await name_seen_by(device) == "Amina"
    assert await devices.open(cookie) is device
    elsewhere = await Devices(backend, seal).open(cookie)
    assert elsewhere is not device
    assert elsewhere.person_id == device.person_id
    assert await name_seen_by(elsewhere) == "Amina"


async def test_every_sign_in_makes_another_cookie(devices: Devices, coordinator: Make) -> None:
    amina = await coordinator("Amina")
    first, _ = await signed_in(devices, amina)
    second, _ = await signed_in(devices, amina)
    assert first != second


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.org", PASSWORD),
        (None, "wrong words"),
        (None, ""),
        (None, "x" * 5000),
        (None, "a\x00b"),
        ("", PASSWORD),
        ("not an address", PASSWORD),
        ("ä@ö", PASSWORD),
    ],
)
async def test_whatever_is_wrong_the_answer_is_one(
    devices: Devices, coordinator: Make, email: str | None, password: str
) -> None:
    amina = await coordinator("Amina")
    with pytest.raises(NotAllowed) as caught:
        await devices.sign_in(amina.email if email is None else email, password, label="Firefox")
    assert (caught.value.code, dict(caught.value.fields)) == ("wrong_secret", {})


async def test_a_machine_account_cannot_sign_in_as_a_person(
    devices: Devices, enrolment: Enrolment, supabase: Supabase
) -> None:
    user_id = await enrolment.create_user("robot@example.org", PASSWORD, {"machine": "jobs"})
    with pytest.raises(NotAllowed) as caught:
        await devices.sign_in("robot@example.org", PASSWORD, label="Firefox")
    assert caught.value.code == "wrong_secret"
    left = supabase.execute(
        "select (select count(*) from private.devices where user_id = %s)"
        " + (select count(*) from auth.sessions where user_id = %s)",
        user_id,
        user_id,
    )
    assert left == [(0,)]


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "ä" * 43, "a" * 42 + "\n"])
async def test_a_cookie_that_is_none_opens_nothing(devices: Devices, cookie: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        await devices.open(cookie)
    assert caught.value.code == "signed_out"


async def test_a_device_ends_when_its_days_are_over(
    backend: Backend, seal: Seal, coordinator: Make, supabase: Supabase
) -> None:
    clock = ShiftedClock()
    devices = Devices(backend, seal, clock=clock)
    amina = await coordinator("Amina")
    cookie, _ = await devices.sign_in(amina.email, PASSWORD, label="Firefox", days=1)
    assert await devices.open(cookie)
    supabase.execute(
        "update private.devices set created_at = now() - interval '3 days',"
        " expires_at = now() - interval '1 day' where cookie_hash = %s",
        hash_cookie(cookie),
    )
    clock.shift = 25 * 60 * MINUTES
    with pytest.raises(NotAllowed):
        await devices.open(cookie)


async def test_what_lies_in_the_row_is_sealed_to_its_device(
    devices: Devices, coordinator: Make, supabase: Supabase
) -> None:
    amina = await coordinator("Amina")
    (one, first), (other, _) = await signed_in(devices, amina), await signed_in(devices, amina)
    tokens = await first.tokens()
    ((sealed,),) = supabase.execute(
        "select sealed from private.devices where cookie_hash = %s", hash_cookie(one)
    )
    assert tokens.refresh not in sealed
    assert tokens.access not in sealed
    supabase.execute(
        "update private.devices set sealed = %s where cookie_hash = %s", sealed, hash_cookie(other)
    )
    assert await devices.state(hash_cookie(other)) == "gone"
    assert rows(supabase, other) == 0
    assert await devices.state(hash_cookie(one)) == "open"


async def test_a_process_without_the_key_signs_nobody_out(
    devices: Devices, backend: Backend, coordinator: Make, supabase: Supabase
) -> None:
    cookie, _ = await signed_in(devices, await coordinator("Amina"))
    with pytest.raises(Unreachable) as caught:
        await Devices(backend, Seal({"k2": bytes(32)})).open(cookie)
    assert caught.value.code == "key_missing"
    assert rows(supabase, cookie) == 1
    assert (await devices.open(cookie)).cookie_hash == hash_cookie(cookie)


async def test_only_so_many_devices_are_at_hand_and_no_one_notices(
    backend: Backend, seal: Seal, coordinator: Make
) -> None:
    devices = Devices(backend, seal, capacity=2)
    cookies = [(await signed_in(devices, await coordinator(name)))[0] for name in ("A", "B", "C")]
    assert len(devices) == 2
    assert [await name_seen_by(await devices.open(cookie)) for cookie in cookies] == ["A", "B", "C"]
    assert len(devices) == 2


async def test_many_openings_at_once_read_the_row_once(
    devices: Devices, backend: Backend, seal: Seal, coordinator: Make
) -> None:
    cookie, _ = await signed_in(devices, await coordinator("Amina"))
    elsewhere = Devices(backend, seal)
    opened = await asyncio.gather(*(elsewhere.open(cookie) for _ in range(20)))
    assert len(set(map(id, opened))) == 1


async def test_a_device_forgotten_while_it_opens_is_not_kept_at_hand(
    devices: Devices, backend: Backend, seal: Seal, coordinator: Make
) -> None:
    cookie, _ = await signed_in(devices, await coordinator("Amina"))
    elsewhere = Devices(backend, seal)
    opening = asyncio.create_task(elsewhere.open(cookie))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    elsewhere.forget(hash_cookie(cookie))
    await opening
    assert len(elsewhere) == 0


async def test_without_a_backend_nobody_is_signed_out(seal: Seal) -> None:
    url = "http://127.0.0.1:9"
    async with open_http(url) as connections:
        devices = Devices(Backend(url, "key", connections), seal)
        with pytest.raises(Unreachable):
            await devices.open(new_cookie())
        with pytest.raises(Unreachable):
            await devices.sign_in("a@example.org", PASSWORD, label="Firefox")


async def test_a_new_password_ends_every_device(
    devices: Devices, coordinator: Make, enrolment: Enrolment
) -> None:
    amina = await coordinator("Amina")
    await enrolment.set_password(amina.user_id, "four other quiet words")
    with pytest.raises(NotAllowed):
        await signed_in(devices, amina)
    assert await devices.sign_in(amina.email, "four other quiet words", label="Firefox")


async def test_a_machine_account_renews_itself_and_recovers(
    machine: Callable[[str], Awaitable[MachineClient]], supabase: Supabase
) -> None:
    jobs = await machine("jobs")
    first = await jobs.tokens()
    clock = ShiftedClock()
    jobs._clock = clock
    assert await jobs.tokens() == first
    clock.shift = 24 * 60 * MINUTES
    second = await jobs.tokens()
    assert second.access != first.access
    supabase.execute("delete from auth.sessions where user_id = %s", first.user_id)
    clock.shift *= 2
    await jobs.db.rpc("machine_beat")
    await jobs.close()
    assert supabase.execute(
        "select count(*) from auth.sessions where user_id = %s", first.user_id
    ) == [(0,)]
