"""The picture on a card: who sends one, what is taken, and who can see it."""

import re
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from app.config import Settings
from app.core.auth import Device
from app.core.http import Backend
from app.core.seal import Seal
from app.people.actions import People
from app.people.portrait import LARGEST_PICTURE
from tests.door.conftest import Doorstep, in_front_of
from tests.door.test_join import device_cookie_of
from tests.fixtures.people import PASSWORD, MakeInviter
from tests.fixtures.supabase import Supabase
from tests.people.pictures import bomb, from_a_phone, picture, too_heavy

ADDRESS = re.compile(r'src="(/photo/[0-9a-f-]{36}/[0-9a-f-]{36})"')


@dataclass
class Samira:
    """A signed-in key worker with a young person of their own, who has not come in yet."""

    doorstep: Doorstep
    device: Device
    code: str

    async def send(self, content: bytes, name: str = "me.jpg", **more: str) -> httpx.Response:
        form = {"token": await self.doorstep.token("/me/photo"), **more}
        return await self.doorstep.browser.post(
            "/me/photo", data=form, files={"photo": (name, content, "image/jpeg")}
        )

    async def address(self) -> str:
        """Where the picture is shown; "" without one."""
        found = ADDRESS.search((await self.doorstep.browser.get("/me/photo")).text)
        return found[1] if found else ""

    async def chosen(self) -> str:
        """The address of a picture that was just sent."""
        assert (await self.send(picture())).status_code == 303
        return await self.address()


@pytest_asyncio.fixture
async def samira(doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase) -> Samira:
    who = await inviter("Samira")
    supabase.execute(
        "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
        " values (%s, %s, 'key_worker', current_date + 30)",
        who.device.person_id,
        who.organisation,
    )
    code = (await who.add("Amber"))["code"]
    await doorstep.sign_in(who.device.email, PASSWORD)
    return Samira(doorstep, who.device, code)


async def test_a_picture_is_kept_small_and_upright_and_shown(samira: Samira) -> None:
    answer = await samira.send(from_a_phone())
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/photo")

    page = await samira.doorstep.browser.get("/me/photo")
    assert 'alt="Samira"' in page.text
    shown = await samira.doorstep.browser.get(await samira.address())
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, max-age=86400, immutable"
    assert shown.headers["vary"] == "Cookie"
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert b"Telltale" not in shown.content
    assert len(page.content) <= 30_000
    assert "http" not in ADDRESS.findall(page.text)[0]


async def test_another_picture_has_another_address_and_the_old_one_is_gone(
    samira: Samira, supabase: Supabase
) -> None:
    first, second = await samira.chosen(), await samira.chosen()

    assert first != second
    assert (await samira.doorstep.browser.get(first)).status_code == 404
    assert supabase.execute(
        "select count(*) from storage.objects where name like %s",
        f"{samira.device.person_id}/%",
    ) == [(1,)]


async def test_a_picture_can_be_taken_away(samira: Samira, supabase: Supabase) -> None:
    address = await samira.chosen()

    answer = await samira.send(b"", **{"do": "take away"})

    assert answer.status_code == 303
    assert await samira.address() == ""
    assert (await samira.doorstep.browser.get(address)).status_code == 404
    assert "people see your initials" in (await samira.doorstep.browser.get("/me/photo")).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Please choose a picture first."),
        (too_heavy(LARGEST_PICTURE + 1_000), "This picture is too large."),
        (bomb(), "This picture is too large."),
        (b"<!doctype html><script>alert(1)</script>", "This is no JPEG, PNG or WebP."),
        (picture("GIF"), "This is no JPEG, PNG or WebP."),
        (picture()[:2000], "We cannot read this picture."),
    ],
    ids=["nothing", "5001 kB", "bomb", "html", "gif", "cut off"],
)
async def test_what_cannot_be_taken_is_said_and_the_picture_stays(
    samira: Samira, content: bytes, words: str
) -> None:
    before = await samira.chosen()

    answer = await samira.send(content)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'role="alert"' in answer.text
    assert await samira.address() == before
    assert (await samira.doorstep.browser.get(before)).status_code == 200


async def test_far_too_much_is_not_even_read_and_elsewhere_nothing_large_is(
    samira: Samira,
) -> None:
    assert (await samira.send(bytes(5_200_000))).status_code == 413
    answer = await samira.doorstep.browser.post(
        "/signout", data={"token": "x"}, files={"photo": ("a.jpg", bytes(70_000))}
    )
    assert answer.status_code == 413


async def test_a_form_of_another_page_changes_nothing(samira: Samira) -> None:
    answer = await samira.send(picture(), token="x")

    assert answer.status_code == 422
    assert "Please send it once more." in answer.text
    assert await samira.address() == ""


async def test_the_form_is_not_for_young_people_nor_for_who_is_signed_out_or_locked(
    samira: Samira, settings: Settings, backend: Backend, seal: Seal
) -> None:
    address = await samira.chosen()
    async with in_front_of(settings, backend, seal) as phone:
        page = await phone.browser.get("/me/photo")
        assert page.headers["location"] == "/signin?next=%2Fme%2Fphoto"
        sent = await phone.browser.post("/me/photo", files={"photo": ("a.jpg", picture())})
        assert sent.headers["location"] == "/signin?next=%2Fme%2Fphoto"
        assert (await phone.browser.get(address)).status_code == 401
        await phone.join(samira.code)
        assert (await phone.browser.get("/me/photo")).status_code == 403
        sent = await phone.browser.post("/me/photo", files={"photo": ("a.jpg", picture())})
        assert sent.status_code == 403
    cookie = device_cookie_of(samira.doorstep)
    assert cookie
    await samira.doorstep.devices.lock(await samira.doorstep.devices.open(cookie))
    page = await samira.doorstep.browser.get("/me/photo")
    assert page.headers["location"] == "/locked?next=%2Fme%2Fphoto"
    assert (await samira.doorstep.browser.get(address)).status_code == 401


async def test_the_young_person_sees_it_until_somebody_else_is_their_key_worker(
    samira: Samira, settings: Settings, backend: Backend, seal: Seal, supabase: Supabase
) -> None:
    address = await samira.chosen()
    async with in_front_of(settings, backend, seal) as phone:
        await phone.join(samira.code)
        cookie = device_cookie_of(phone)
        assert cookie
        device = await phone.devices.open(cookie)
        (member,) = await People(device.db, device.cookie_hash).my_team()
        assert member.photo == address
        assert (await phone.browser.get(address)).status_code == 200

        supabase.execute(
            "update public.team_members set until = now() where person_id = %s",
            samira.device.person_id,
        )
        assert (await phone.browser.get(address)).status_code == 404


async def test_another_organisation_sees_nothing(
    samira: Samira, settings: Settings, backend: Backend, seal: Seal, inviter: MakeInviter
) -> None:
    address = await samira.chosen()
    other = await inviter("Ben")
    async with in_front_of(settings, backend, seal) as elsewhere:
        await elsewhere.sign_in(other.device.email, PASSWORD)
        assert (await elsewhere.browser.get(address)).status_code == 404


@pytest.mark.parametrize("path", ["/photo/x/y", "/photo/{me}/x", "/photo/{me}/..%2f..", "/photo/"])
async def test_an_address_that_is_none_shows_nothing(samira: Samira, path: str) -> None:
    answer = await samira.doorstep.browser.get(path.format(me=samira.device.person_id))

    assert answer.status_code == 404
