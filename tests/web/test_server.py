"""A whole app process on the real local Supabase, asked without a network."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from flet.messaging.session import Session

from app.config import Account, Settings
from app.core.auth import Device, Devices
from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.server import open_server
from app.shell.cookies import device_cookie
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.run import share_engine

Make = Callable[[str], Awaitable[Coordinator]]


@pytest.fixture(autouse=True)
def stock_flet_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server guards all of Flet for good; the tests that follow need it as it comes."""
    monkeypatch.setattr(Session, "error", Session.error)


@pytest_asyncio.fixture
async def browser(
    settings: Settings,
    backend: Backend,
    enrolment: Enrolment,
    tmp_path: Path,
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in front of an app process that hears hints."""
    account = Account(f"server-live-{uuid4().hex}@example.org", PASSWORD)
    await enrolment.create_user(*account, {"machine": "live"})
    await MachineClient(backend, account).db.rpc("enlist_machine")
    share_engine(tmp_path)
    mine = replace(settings, machine_live=account, home=tmp_path)
    async with open_server(mine) as served:
        transport = httpx.ASGITransport(served.asgi, client=("127.0.0.1", 40000))
        async with httpx.AsyncClient(transport=transport, base_url=mine.origin[0]) as client:
            assert await _answers(client, "/readyz", 200)
            yield client
        await served.leave()


@dataclass(frozen=True)
class Elsewhere:
    """Another process, in which the device of the browser is at hand too."""

    devices: Devices
    device: Device


@pytest_asyncio.fixture
async def elsewhere(
    browser: httpx.AsyncClient, settings: Settings, backend: Backend, seal: Seal, coordinator: Make
) -> Elsewhere:
    """Amina is signed in with the browser."""
    amina, devices = await coordinator("Amina"), Devices(backend, seal)
    cookie, device = await devices.sign_in(amina.email, PASSWORD, label="Firefox")
    browser.cookies.set(device_cookie(settings.origin[0]).name, cookie)
    return Elsewhere(devices, device)


async def _answers(client: httpx.AsyncClient, path: str, status: int) -> bool:
    """Whether this is the answer within ten seconds."""
    for _ in range(100):
        if (await client.get(path)).status_code == status:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_device_that_another_process_closed_is_shut_out_although_it_has_no_socket(
    browser: httpx.AsyncClient, elsewhere: Elsewhere
) -> None:
    assert (await browser.get("/")).status_code == 200

    await elsewhere.devices.sign_out(elsewhere.device, "local")
    assert await _answers(browser, "/", 303)
    assert (await browser.get("/")).headers["location"] == "/signin"


async def test_a_device_that_another_process_locked_shows_no_page_until_it_is_unlocked(
    browser: httpx.AsyncClient, elsewhere: Elsewhere
) -> None:
    assert (await browser.get("/")).status_code == 200

    await elsewhere.devices.lock(elsewhere.device)
    assert await _answers(browser, "/", 303)
    assert (await browser.get("/")).headers["location"] == "/locked"
    await elsewhere.devices.unlock(elsewhere.device)
    assert await _answers(browser, "/", 200)


async def test_a_page_of_ours_locks_its_device_for_every_process_and_a_foreign_one_does_not(
    browser: httpx.AsyncClient, elsewhere: Elsewhere, settings: Settings
) -> None:
    for origin, status, state in (
        ("https://evil.example", 403, "open"),
        (settings.origin[0], 204, "locked"),
    ):
        assert (await browser.post("/lock", headers={"origin": origin})).status_code == status
        assert await elsewhere.devices.state(elsewhere.device.cookie_hash) == state
    assert (await browser.get("/me")).headers["location"] == "/locked?next=%2Fme"
