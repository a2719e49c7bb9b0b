"""Tokens are renewed in time, once, from the row, and never at the cost of the session."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.core.auth import Device, Devices
from app.core.clock import SystemClock
from app.core.errors import NotAllowed, Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.core.seal import Seal
from app.core.tokens import renew
from tests.core.clocks import ShiftedClock
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]
ONE_HOUR = 3600.0


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def devices(backend: Backend, seal: Seal, clock: ShiftedClock) -> Devices:
    return Devices(backend, seal, clock=clock)


async def signed_in(devices: Devices, someone: Coordinator) -> tuple[str, Device]:
    return await devices.sign_in(someone.email, PASSWORD, label="Firefox on Linux")


def version(supabase: Supabase, cookie: str) -> int | None:
    found = supabase.execute(
        "select version from private.devices where cookie_hash = %s", hash_cookie(cookie)
    )
    return int(found[0][0]) if found else None


async def test_a_fresh_token_is_used_again_and_an_old_one_renewed(
    devices: Devices, coordinator: Make, clock: ShiftedClock, supabase: Supabase
) -> None:
    cookie, device = await signed_in(devices, await coordinator("Amina"))
    before = await device.client()
    assert await device.client() is before
    clock.shift = ONE_HOUR
    after = await device.client()
    assert after is not before
    assert version(supabase, cookie) == 2
    assert len(await device.db.view("people")) == 1


async def test_many_calls_at_once_renew_once(
    devices: Devices, coordinator: Make, clock: ShiftedClock, supabase: Supabase
) -> None:
    cookie, device = await signed_in(devices, await coordinator("Amina"))
    clock.shift = ONE_HOUR
    clients = await asyncio.gather(*(device.client() for _ in range(30)))
    assert len(set(map(id, clients))) == 1
    assert version(supabase, cookie) == 2


async def test_two_processes_renewing_one_device_never_lose_its_session(
    backend: Backend, seal: Seal, coordinator: Make, supabase: Supabase
) -> None:
    clock = ShiftedClock()
    processes = [Devices(backend, seal, clock=clock) for _ in range(2)]
    amina = await coordinator("Amina")
    cookie, _ = await signed_in(processes[0], amina)
    sides = [await process.open(cookie) for process in processes]
    rounds = 15
    for number in range(1, rounds + 1):
        clock.shift = number * ONE_HOUR

        async def use(device: Device) -> str:
            await asyncio.sleep(random.uniform(0, 0.01))
            return str((await device.db.view("people"))[0]["name"])

        assert await asyncio.gather(*(use(device) for device in sides * 3)) == ["Amina"] * 6
        # One of the two renewed, the other took over: one new version a round.
        assert version(supabase, cookie) == number + 1
    assert supabase.execute(
        "select count(*) from auth.sessions where user_id = %s", amina.user_id
    ) == [(1,)]


async def test_an_answer_that_was_lost_before_it_was_written_does_no_harm(
    devices: Devices, backend: Backend, coordinator: Make, clock: ShiftedClock
) -> None:
    _, device = await signed_in(devices, await coordinator("Amina"))
    old = await device.tokens()
    await renew(backend, clock, old.refresh)
    clock.shift = ONE_HOUR
    assert (await device.tokens()).refresh != old.refresh
    assert len(await device.db.view("people")) == 1


async def test_who_waits_may_be_cancelled_but_the_renewal_is_finished(
    devices: Devices, coordinator: Make, clock: ShiftedClock, supabase: Supabase
) -> None:
    cookie, device = await signed_in(devices, await coordinator("Amina"))
    clock.shift = ONE_HOUR
    waiting = asyncio.create_task(device.client())
    await asyncio.sleep(0.005)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await device.client()
    assert version(supabase, cookie) == 2


async def test_a_dead_session_signs_out_and_closes_its_row(
    devices: Devices, coordinator: Make, clock: ShiftedClock, supabase: Supabase
) -> None:
    amina = await coordinator("Amina")
    cookie, device = await signed_in(devices, amina)
    supabase.execute("delete from auth.sessions where user_id = %s", amina.user_id)
    clock.shift = ONE_HOUR
    with pytest.raises(NotAllowed) as caught:
        await device.client()
    assert caught.value.code == "signed_out"
    assert version(supabase, cookie) is None


async def test_a_device_closed_meanwhile_is_signed_out_at_the_next_renewal(
    devices: Devices, coordinator: Make, clock: ShiftedClock, supabase: Supabase
) -> None:
    cookie, device = await signed_in(devices, await coordinator("Amina"))
    supabase.execute("delete from private.devices where cookie_hash = %s", hash_cookie(cookie))
    clock.shift = ONE_HOUR
    with pytest.raises(NotAllowed) as caught:
        await device.db.view("people")
    assert caught.value.code == "signed_out"


async def test_a_new_key_seals_the_device_at_its_next_renewal(
    backend: Backend, seal: Seal, coordinator: Make, supabase: Supabase
) -> None:
    clock = ShiftedClock()
    cookie, _ = await signed_in(Devices(backend, seal), await coordinator("Amina"))
    rotated = Seal({"k2": bytes(32), "k1": bytes(range(32))})
    device = await Devices(backend, rotated, clock=clock).open(cookie)
    clock.shift = ONE_HOUR
    await device.client()
    ((sealed,),) = supabase.execute(
        "select sealed from private.devices where cookie_hash = %s", hash_cookie(cookie)
    )
    assert not rotated.needs_reseal(sealed)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"code": "over_request_rate_limit", "message": "slow"}, Unreachable),
        (503, {"message": "down"}, Unreachable),
        (500, {"code": "unexpected_failure", "message": "?"}, Unreachable),
        (400, {"code": "validation_failed", "message": "?"}, NotAllowed),
        (400, {"code": "refresh_token_already_used", "message": "?"}, NotAllowed),
    ],
)
async def test_only_a_refused_token_signs_out_and_not_a_busy_server(
    status: int, body: dict[str, str], kind: type[Exception]
) -> None:
    headers = {"X-Supabase-Api-Version": "2024-01-01"}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body, headers=headers))
    async with httpx.AsyncClient(transport=transport) as connections:
        with pytest.raises(kind):
            await renew(Backend("http://127.0.0.1:1", "key", connections), SystemClock(), "token")


async def test_two_people_on_shared_connections_never_meet(
    devices: Devices, coordinator: Make, clock: ShiftedClock
) -> None:
    amina = (await signed_in(devices, await coordinator("Amina")))[1]
    ben = (await signed_in(devices, await coordinator("Ben")))[1]

    async def look(device: Device) -> tuple[str, str]:
        await asyncio.sleep(random.uniform(0, 0.01))
        row = (await device.db.view("people"))[0]
        home = await device.db.rpc("my_home", cookie_hash=device.cookie_hash)
        return row["name"], home["person"]["name"]

    for number in range(10):
        clock.shift = number * ONE_HOUR
        turns = [amina, ben] * 10
        random.shuffle(turns)
        seen = await asyncio.gather(*map(look, turns))
        expected = [("Amina",) * 2 if device is amina else ("Ben",) * 2 for device in turns]
        assert seen == expected
