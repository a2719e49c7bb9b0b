"""Locked devices, against the real local Supabase and with several processes."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from app.core.auth import Device, Devices
from app.core.errors import NotAllowed, Unreachable
from app.core.http import Backend, open_http
from app.core.seal import Seal
from tests.core.clocks import ShiftedClock
from tests.core.proxy import wire_to
from tests.core.test_auth import name_seen_by
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]
MINUTES = 60.0


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def devices(backend: Backend, seal: Seal, clock: ShiftedClock) -> Devices:
    return Devices(backend, seal, clock=clock)


@pytest.fixture
def elsewhere(backend: Backend, seal: Seal) -> Devices:
    """Another process."""
    return Devices(backend, seal)


@pytest.fixture
async def signed_in(devices: Devices, coordinator: Make) -> tuple[str, Device]:
    amina = await coordinator("Amina")
    return await devices.sign_in(amina.email, PASSWORD, label="Firefox")


def idle(supabase: Supabase, device: Device, minutes: float) -> None:
    """As if no process had seen anybody there for so long."""
    supabase.execute(
        "update private.devices set active_at = now() - %s * interval '1 min'"
        " where cookie_hash = %s",
        minutes,
        device.cookie_hash,
    )


def idle_in_row(supabase: Supabase, device: Device) -> float:
    rows = supabase.execute(
        "select extract(epoch from now() - active_at)::float from private.devices"
        " where cookie_hash = %s",
        device.cookie_hash,
    )
    return float(rows[0][0])


async def test_a_device_knows_its_address_and_its_lock(
    devices: Devices, coordinator: Make, signed_in: tuple[str, Device]
) -> None:
    amina = await coordinator("Ben")
    _, device = await devices.sign_in(amina.email, PASSWORD, label="Firefox", shared=True)

    assert (device.email, device.shared, device.lock_minutes) == (amina.email, True, 1)
    assert (signed_in[1].shared, signed_in[1].lock_minutes) == (False, 5)


async def test_a_lock_holds_in_every_process_until_it_is_opened_in_one(
    devices: Devices, elsewhere: Devices, signed_in: tuple[str, Device]
) -> None:
    cookie, device = signed_in
    far = await elsewhere.open(cookie)
    await devices.lock(device)
    await devices.lock(device)

    assert await devices.locked(device.cookie_hash)
    assert await elsewhere.state(far.cookie_hash) == "locked"
    assert await elsewhere.locked(far.cookie_hash)
    assert await name_seen_by(device) == "Amina"

    await elsewhere.unlock(far)
    assert not await elsewhere.locked(far.cookie_hash)
    # No hint has come here: who seems locked is asked about.
    assert not await devices.locked(device.cookie_hash)


async def test_a_locked_device_is_still_locked_for_a_process_that_starts_now(
    devices: Devices, elsewhere: Devices, signed_in: tuple[str, Device]
) -> None:
    cookie, device = signed_in
    await devices.lock(device)

    assert await elsewhere.locked((await elsewhere.open(cookie)).cookie_hash)


async def test_idle_time_locks_unless_another_process_saw_somebody(
    devices: Devices, clock: ShiftedClock, supabase: Supabase, signed_in: tuple[str, Device]
) -> None:
    device = signed_in[1]
    clock.shift = 5 * MINUTES + 1
    assert devices.seems_locked(device.cookie_hash)
    # The row knows of somebody just now.
    assert not await devices.locked(device.cookie_hash)
    assert not devices.seems_locked(device.cookie_hash)

    clock.shift += 5 * MINUTES + 1
    idle(supabase, device, 5.1)
    assert await devices.locked(device.cookie_hash)


async def test_what_a_person_does_keeps_it_open_and_opens_nothing(
    devices: Devices, clock: ShiftedClock, signed_in: tuple[str, Device]
) -> None:
    device = signed_in[1]
    for _ in range(3):
        clock.shift += 4 * MINUTES
        devices.stir(device.cookie_hash)
        assert not devices.seems_locked(device.cookie_hash)

    clock.shift += 6 * MINUTES
    devices.stir(device.cookie_hash)
    assert devices.seems_locked(device.cookie_hash)


@pytest.mark.parametrize(("shared", "pause"), [(False, 60.0), (True, 15.0)])
async def test_the_row_hears_of_it_at_most_once_a_minute_and_sooner_for_a_short_lock(
    devices: Devices,
    clock: ShiftedClock,
    supabase: Supabase,
    coordinator: Make,
    shared: bool,
    pause: float,
) -> None:
    amina = await coordinator("Amina")
    _, device = await devices.sign_in(amina.email, PASSWORD, label="Firefox", shared=shared)
    for later, told in ((pause - 2, False), (pause + 2, True)):
        idle(supabase, device, 0.5)
        clock.shift = later
        devices.stir(device.cookie_hash)
        await devices.note(device.cookie_hash)
        assert (idle_in_row(supabase, device) < 10) is told


async def test_without_anybody_there_the_row_hears_nothing(
    devices: Devices, clock: ShiftedClock, supabase: Supabase, signed_in: tuple[str, Device]
) -> None:
    idle(supabase, signed_in[1], 3)
    clock.shift = 2 * MINUTES
    await devices.note(signed_in[1].cookie_hash)

    assert idle_in_row(supabase, signed_in[1]) > 100


async def test_what_the_database_could_not_hear_is_locked_here_and_told_later(
    supabase: Supabase, seal: Seal, devices: Devices, signed_in: tuple[str, Device]
) -> None:
    cookie, device = signed_in
    async with wire_to(urlsplit(supabase.url).port or 0) as wire:
        url = f"http://127.0.0.1:{wire.port}"
        async with open_http(url) as http:
            here = Devices(Backend(url, supabase.anon_key, http), seal)
            mine = await here.open(cookie)
            wire.mended = False
            wire.cut()
            with pytest.raises(Unreachable):
                await here.lock(mine)
            assert here.seems_locked(device.cookie_hash)
            with pytest.raises(Unreachable):
                await here.locked(device.cookie_hash)
            assert await devices.state(device.cookie_hash) == "open"

            wire.mended = True
            assert await here.locked(device.cookie_hash)
            assert await devices.state(device.cookie_hash) == "locked"


async def test_a_shared_device_is_signed_out_after_a_quarter_of_an_hour(
    devices: Devices, supabase: Supabase, coordinator: Make
) -> None:
    amina = await coordinator("Amina")
    _, device = await devices.sign_in(amina.email, PASSWORD, label="Firefox", shared=True)
    idle(supabase, device, 16)

    assert await devices.state(device.cookie_hash) == "gone"
    with pytest.raises(NotAllowed, match="signed_out"):
        await devices.unlock(device)
