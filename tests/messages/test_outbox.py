"""`/outbox`: who may post there, what becomes of it, and what a page must keep."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest_asyncio
from starlette.routing import Router

from app.core.auth import Devices
from app.core.errors import NotAllowed
from app.core.http import Backend
from app.core.ids import device_mark, hash_cookie
from app.core.letterbox import Letterbox
from app.core.seal import Seal
from app.messages.web import BODY_BYTES, outbox_routes
from app.shell.cookies import device_cookie
from app.shell.gate import Gate, GateSettings
from app.shell.visit import Identity
from tests.core.letters import letter
from tests.fixtures.people import KEYS, PASSWORD
from tests.messages.conftest import House

ORIGIN = "http://127.0.0.1:8550"


@dataclass
class Page:
    """A page of Kim's browser that posts what it kept."""

    browser: httpx.AsyncClient
    devices: Devices
    cookie: str
    thread: UUID
    house: House

    @property
    def mark(self) -> str:
        return device_mark(hash_cookie(self.cookie))

    async def post(self, text: str, *, mark: str = "", **other: Any) -> httpx.Response:
        client = uuid4()
        sealed = letter(Letterbox(KEYS).address, text, mark or self.mark, self.thread, client)
        body = {"thread": str(self.thread), "client": str(client), "letter": sealed, "seen": 0}
        return await self.browser.post("/outbox", json={**body, **other})

    async def said(self) -> list[str]:
        opened = await self.house.kim.messages.open(self.house.kim.id)
        return [each.text for each in opened.messages]


@pytest_asyncio.fixture
async def page(house: House, backend: Backend, seal: Seal) -> AsyncIterator[Page]:
    devices, cookie = Devices(backend, seal), device_cookie(ORIGIN)
    value, _ = await devices.sign_in(house.kim.email, PASSWORD, label="Firefox")

    async def identify(given: str) -> Identity | None:
        try:
            device = await devices.open(given)
            locked = await devices.locked(device.cookie_hash)
        except NotAllowed:
            return None
        return Identity(device.cookie_hash, device.person_id, device.expires_at, locked)

    routes = outbox_routes(devices, seal, Letterbox(KEYS))
    settings = GateSettings(frozenset({ORIGIN}), body_bytes=BODY_BYTES)
    transport = httpx.ASGITransport(Gate(Router(routes), settings, cookie, identify))
    async with httpx.AsyncClient(
        transport=transport,
        base_url=ORIGIN,
        headers={"origin": ORIGIN},
        cookies={cookie.name: value},
    ) as browser:
        thread = (await house.kim.messages.open(house.kim.id)).thread_id
        yield Page(browser, devices, value, thread, house)


async def test_what_a_page_kept_is_sent_and_the_page_may_forget_it(page: Page) -> None:
    answer = await page.post("The bus did not come", seen=0)

    assert (answer.status_code, answer.json()) == (200, {"state": "sent"})
    assert answer.headers["cache-control"] == "no-store"
    assert await page.said() == ["The bus did not come"]


async def test_posted_again_because_the_answer_was_lost_it_is_sent_once(page: Page) -> None:
    client = str(uuid4())
    sealed = letter(Letterbox(KEYS).address, "Only once", page.mark, page.thread, client)

    first, *again = await asyncio.gather(
        *(page.post("", client=client, letter=sealed) for _ in range(4))
    )
    await page.house.amina.messages.send(page.thread, uuid4(), "And then?")
    last = await page.post("", client=client, letter=sealed)
    assert [each.json() for each in (first, *again, last)] == [{"state": "sent"}] * 5
    assert await page.said() == ["Only once", "And then?"]


async def test_it_is_kept_back_when_others_wrote_or_nobody_tapped_send(page: Page) -> None:
    await page.house.amina.messages.send(page.thread, uuid4(), "It is off today")

    for seen in (0, None):
        assert (await page.post("Shall I come?", seen=seen)).json() == {"state": "kept"}
    assert await page.said() == ["It is off today"]


async def test_the_longest_text_of_any_script_comes_through(page: Page) -> None:
    text = "ሀ" * 20_000
    assert (await page.post(text)).json() == {"state": "sent"}
    assert await page.said() == [text]


async def test_what_another_sign_in_wrote_is_opened_for_nobody(page: Page) -> None:
    answer = await page.post("not yours", mark=device_mark("another"))

    said = answer.json()
    assert (answer.status_code, said["state"], said["text"]) == (200, "refused", "")
    assert await page.said() == []


async def test_what_cannot_be_sent_comes_back_with_words(page: Page) -> None:
    said = (await page.post("x" * 20_001)).json()
    assert (said["state"], said["text"]) == ("refused", "x" * 20_001)
    assert "20" in said["words"]

    said = (await page.post("hello", thread=str(uuid4()))).json()
    assert said["state"] == "refused"


async def test_a_page_keeps_it_while_nobody_may_take_it(page: Page) -> None:
    for number in range(60):
        await page.house.kim.messages.send(page.thread, uuid4(), f"number {number}")
    assert (await page.post("one more")).status_code == 429

    device = await page.devices.open(page.cookie)
    await page.devices.lock(device)
    assert (await page.post("behind the lock")).status_code == 423

    page.browser.cookies.clear()
    assert (await page.post("signed out")).status_code == 401
    page.browser.headers["origin"] = "https://elsewhere.example"
    assert (await page.post("from elsewhere")).status_code == 403


async def test_what_no_page_of_ours_posts_is_refused(page: Page) -> None:
    for wrong in ({"seen": "0"}, {"seen": -1}, {"thread": "x"}, {"letter": 3}, {"seen": True}):
        assert (await page.post("hello", **wrong)).status_code == 422
    assert (await page.browser.post("/outbox", content=b"no json")).status_code == 422
    assert await page.said() == []
