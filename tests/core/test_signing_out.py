"""Signing out, here, elsewhere and everywhere."""

from collections.abc import Awaitable, Callable

import pytest

from app.core.auth import Devices
from app.core.errors import NotAllowed
from app.core.http import Backend
from app.core.seal import Seal
from tests.core.test_auth import name_seen_by, rows, signed_in
from tests.fixtures.people import Coordinator
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]


@pytest.fixture
def devices(backend: Backend, seal: Seal) -> Devices:
    return Devices(backend, seal)


async def test_signing_out_here_ends_this_device_and_its_session_only(
    devices: Devices, backend: Backend, seal: Seal, coordinator: Make, supabase: Supabase
) -> None:
    amina = await coordinator("Amina")
    (one, device), (other, _) = await signed_in(devices, amina), await signed_in(devices, amina)
    await devices.sign_out(device, "local")
    for process in (devices, Devices(backend, seal)):
        with pytest.raises(NotAllowed):
            await process.open(one)
        assert await name_seen_by(await process.open(other)) == "Amina"
    assert supabase.execute(
        "select count(*) from auth.sessions where user_id = %s", amina.user_id
    ) == [(1,)]


async def test_signing_out_the_others_keeps_this_device(
    devices: Devices, coordinator: Make
) -> None:
    amina = await coordinator("Amina")
    (one, device), (other, _) = await signed_in(devices, amina), await signed_in(devices, amina)
    await devices.sign_out(device, "others")
    assert await devices.open(one) is device
    assert await name_seen_by(device) == "Amina"
    with pytest.raises(NotAllowed):
        await devices.open(other)


async def test_signing_out_everywhere_ends_every_device(
    devices: Devices, coordinator: Make, supabase: Supabase
) -> None:
    amina, ben = await coordinator("Amina"), await coordinator("Ben")
    (one, device), (other, _) = await signed_in(devices, amina), await signed_in(devices, amina)
    bens, _ = await signed_in(devices, ben)
    await devices.sign_out(device, "global")
    for cookie in (one, other):
        with pytest.raises(NotAllowed):
            await devices.open(cookie)
    assert await devices.open(bens)
    assert supabase.execute(
        "select count(*) from auth.sessions where user_id = %s", amina.user_id
    ) == [(0,)]


async def test_signing_out_works_when_the_session_is_dead_already(
    devices: Devices, coordinator: Make, supabase: Supabase
) -> None:
    amina = await coordinator("Amina")
    cookie, device = await signed_in(devices, amina)
    supabase.execute("delete from auth.sessions where user_id = %s", amina.user_id)
    await devices.sign_out(device, "local")
    assert rows(supabase, cookie) == 0


async def test_a_device_closed_by_another_process_is_noticed_by_asking(
    devices: Devices, backend: Backend, seal: Seal, coordinator: Make
) -> None:
    cookie, device = await signed_in(devices, await coordinator("Amina"))
    assert devices.of(device.person_id) == [device.cookie_hash]
    elsewhere = Devices(backend, seal)
    await elsewhere.sign_out(await elsewhere.open(cookie), "local")
    assert await devices.state(device.cookie_hash) == "gone"
    assert devices.of(device.person_id) == []
    with pytest.raises(NotAllowed):
        await devices.open(cookie)
