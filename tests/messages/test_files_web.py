"""Bringing and fetching files through the gate, as browsers do."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest_asyncio

from app.config import Settings
from app.core.auth import Device
from app.core.http import Backend
from app.core.seal import Seal
from app.messages.attachment import LARGEST_FILE
from app.messages.attachments import Upload, Uploads
from app.messages.files_web import attachment_address, upload_address
from app.messages.model import Attachment
from tests.door.conftest import Doorstep, in_front_of
from tests.fixtures.people import PASSWORD
from tests.messages.conftest import House, Talker
from tests.people.pictures import bomb, from_a_phone

LETTER = b"%PDF-1.7\nDear Kim"


class Browser:
    """Somebody's browser; `device` is what it is signed in as."""

    def __init__(self, doorstep: Doorstep, device: Device, seal: Seal) -> None:
        self.http = doorstep.browser
        self.uploads = Uploads(seal, device.cookie_hash)

    async def bring(self, place: Upload, content: bytes, **more: str) -> httpx.Response:
        return await self.http.put(upload_address(place.ticket), content=content, headers=more)

    async def get(self, file: UUID, way: str) -> httpx.Response:
        return await self.http.get(f"/attachments/{file}/{way}")


async def signed_in(doorstep: Doorstep, who: Talker, seal: Seal) -> Browser:
    cookie, device = await doorstep.devices.sign_in(who.email, PASSWORD, label="Firefox")
    doorstep.browser.cookies.set("handrail-8550", cookie)
    return Browser(doorstep, device, seal)


@pytest_asyncio.fixture
async def kim(
    settings: Settings, backend: Backend, seal: Seal, house: House
) -> AsyncIterator[Browser]:
    async with in_front_of(settings, backend, seal) as doorstep:
        yield await signed_in(doorstep, house.kim, seal)


@pytest_asyncio.fixture
async def kofi(
    settings: Settings, backend: Backend, seal: Seal, house: House
) -> AsyncIterator[Browser]:
    async with in_front_of(settings, backend, seal) as doorstep:
        yield await signed_in(doorstep, house.kofi, seal)


async def _sent(house: House, content: bytes, name: str) -> Attachment:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    file = await house.kim.attachments.keep(uuid4(), thread, name, content)
    await house.kim.messages.send(thread, uuid4(), "", attachment=file.id)
    return file


async def test_what_a_browser_brings_can_be_sent_and_is_shown(house: House, kim: Browser) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    place = kim.uploads.place(thread, "IMG 1.jpeg")

    assert (await kim.bring(place, from_a_phone())).status_code == 204
    await house.kim.messages.send(thread, uuid4(), "", attachment=place.id)

    for way in ("small", "large"):
        shown = await kim.get(place.id, way)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.headers["cache-control"] == "no-store"
        assert "content-disposition" not in shown.headers
        assert b"Telltale" not in shown.content
    saved = await kim.get(place.id, "save")
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''IMG%201.jpg"


async def test_what_is_no_picture_is_saved_and_never_shown(house: House, kim: Browser) -> None:
    file = await _sent(house, LETTER, "Brief für dich.pdf")

    saved = await kim.get(file.id, "save")
    assert saved.content == LETTER
    assert saved.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Brief%20f%C3%BCr%20dich.pdf"
    )
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in saved.headers["content-security-policy"]
    for way in ("small", "large", "other"):
        assert (await kim.get(file.id, way)).status_code == 404


async def test_somebody_else_s_address_and_one_of_nothing_answer_alike(
    house: House, kim: Browser, kofi: Browser
) -> None:
    file = await _sent(house, from_a_phone(), "a.jpg")
    assert (await kim.get(file.id, "large")).status_code == 200

    for way in ("small", "large", "save"):
        theirs, nothing = await kofi.get(file.id, way), await kofi.get(uuid4(), way)
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content == b""
    kofi.http.cookies.clear()
    assert (await kofi.get(file.id, "large")).status_code == 401


async def test_what_cannot_be_taken_is_answered_with_its_code(house: House, kim: Browser) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id

    for content, status, code in (
        (b"\x7fELF" + bytes(500), 422, "type_not_allowed"),
        (bomb(50_000, 50_000), 422, "too_large"),
        (b"", 422, "empty"),
    ):
        answer = await kim.bring(kim.uploads.place(thread, "holiday.png"), content)
        assert (answer.status_code, answer.text) == (status, code)
    large = await kim.bring(kim.uploads.place(thread, "film.mp4"), bytes(LARGEST_FILE + 1))
    assert large.status_code == 413


async def test_a_place_is_for_one_file_of_one_device_from_our_own_page(
    house: House, kim: Browser, kofi: Browser
) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    place = kim.uploads.place(thread, "a.pdf")

    assert (await kofi.bring(place, LETTER)).status_code == 404
    assert (await kim.bring(place, LETTER, origin="https://evil.example")).status_code == 403
    assert (await kim.bring(place, LETTER)).status_code == 204
    assert (await kim.bring(place, b"%PDF-1.7\nAnother")).status_code == 409
    # A place in a thread where this device may not write.
    foreign = kofi.uploads.place(thread, "a.pdf")
    assert (await kofi.bring(foreign, LETTER)).status_code == 403
    assert (await kim.http.get(attachment_address(place.id, "save"))).content == LETTER
