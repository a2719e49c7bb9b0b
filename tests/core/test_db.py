"""Reads and writes through the unmodified client and the local Supabase."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.core.auth import Devices
from app.core.db import Db
from app.core.errors import Conflict, Invalid, NotAllowed, Unexpected, Unreachable
from app.core.http import Backend, open_http
from app.core.seal import Seal
from tests.fixtures.people import PASSWORD, Coordinator, db_of
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]


@pytest.fixture
def devices(backend: Backend, seal: Seal) -> Devices:
    return Devices(backend, seal)


async def door(devices: Devices, someone: Coordinator) -> Db:
    _, device = await devices.sign_in(someone.email, PASSWORD, label="Firefox")
    return device.db


async def test_a_view_gives_only_the_rows_this_person_may_see(
    devices: Devices, coordinator: Make
) -> None:
    amina = await door(devices, await coordinator("Amina"))
    ben = await door(devices, await coordinator("Ben"))
    (mine,) = await amina.view("people", columns="name,language")
    assert mine == {"name": "Amina", "language": "en"}
    assert [row["name"] for row in await ben.view("people")] == ["Ben"]


async def test_conditions_order_and_limit_choose_rows(devices: Devices, coordinator: Make) -> None:
    db = await door(devices, await coordinator("Amina"))
    codes = [row["code"] for row in await db.view("countries", order="-code", limit=3)]
    assert codes == sorted(codes, reverse=True)
    assert len(codes) == 3
    chosen = await db.view("countries", where={"code": ["AT", "DE", "FR"]}, order="code")
    assert [row["code"] for row in chosen] == ["AT", "DE", "FR"]
    between = await db.view("countries", where={"code >=": "DA", "code <": "DF"}, order="code")
    assert [row["code"] for row in between] == ["DE"]
    assert await db.view("countries", where={"code !=": "AT", "code": "AT"}) == []
    assert await db.view("memberships", where={"until": None}) != []
    assert await db.view("memberships", where={"until !=": None}) == []
    assert await db.view("countries", where={"code": []}) == []


@pytest.mark.parametrize(
    "where", [{"code;drop": 1}, {"code like": "%"}, {"a.b": 1}, {"code !=": ["A"]}, {"": 1}]
)
async def test_a_condition_of_another_form_is_refused(
    backend: Backend, where: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="not"):
        await db_of(backend).view("countries", where=where)


@pytest.mark.parametrize("limit", [0, -1, 1001])
async def test_a_limit_outside_its_bounds_is_refused(backend: Backend, limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        await db_of(backend).view("countries", limit=limit)


async def test_a_function_answers_json_and_its_refusals_are_ours(
    devices: Devices, coordinator: Make
) -> None:
    db = await door(devices, await coordinator("Amina"))
    version = (await db.view("people"))[0]["version"]
    change = {"name": "Amina B", "language": "de", "time_zone": "Europe/Berlin"}
    assert await db.rpc("update_me", **change, version=version) == version + 1
    with pytest.raises(Conflict) as caught:
        await db.rpc("update_me", **change, version=version)
    assert caught.value.code == "changed_meanwhile"
    with pytest.raises(Invalid) as invalid:
        await db.rpc("update_me", **{**change, "name": " "}, version=version + 1)
    assert invalid.value.code == "name_not_valid"
    assert invalid.value.fields["field"] == "name"


@pytest.mark.parametrize("name", ["\ud800", "a\x00b"])
async def test_text_that_no_database_can_store_is_invalid(
    devices: Devices, coordinator: Make, name: str
) -> None:
    db = await door(devices, await coordinator("Amina"))
    with pytest.raises(Invalid):
        await db.rpc("update_me", name=name, language="de", time_zone="UTC", version=1)


async def test_nobody_may_read_a_table_or_act(backend: Backend) -> None:
    db = db_of(backend)
    with pytest.raises(NotAllowed):
        await db.view("people")
    with pytest.raises(NotAllowed):
        await db.rpc("update_me", name="x", language="en", time_zone="UTC", version=1)


async def test_a_token_that_is_none_is_signed_out(backend: Backend, supabase: Supabase) -> None:
    for token in ("garbage", supabase.token(sub="00000000-0000-4000-8000-000000000000", exp=1)):
        with pytest.raises(NotAllowed) as caught:
            await db_of(backend, token).view("people")
        assert caught.value.code == "signed_out"


async def test_what_the_backend_does_not_know_is_unexpected(
    devices: Devices, coordinator: Make
) -> None:
    db = await door(devices, await coordinator("Amina"))
    with pytest.raises(Unexpected):
        await db.rpc("no_such_function")
    with pytest.raises(Unexpected):
        await db.view("no_such_view")


async def test_a_backend_that_is_not_there_is_unreachable() -> None:
    url = "http://127.0.0.1:9"
    async with open_http(url) as connections:
        db = db_of(Backend(url, "key", connections))
        with pytest.raises(Unreachable):
            await db.view("people")
        with pytest.raises(Unreachable):
            await db.rpc("update_me")


async def test_the_shared_connections_keep_no_cookie() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert "cookie" not in request.headers
        return httpx.Response(200, headers={"Set-Cookie": "who=amina; Path=/"}, json=[])

    async with open_http("http://127.0.0.1:1") as connections:
        connections._transport = httpx.MockTransport(answer)
        for _ in range(3):
            await connections.get("http://127.0.0.1:1/")
        assert list(connections.cookies.jar) == []
