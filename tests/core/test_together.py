"""Reads of the same moment: one request, and everybody gets their own answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast
from uuid import uuid4

from app.core.auth import Device
from app.core.db import Db
from app.core.errors import NotAllowed, Unexpected, Unreachable
from app.core.http import Backend
from app.core.together import Together
from tests.fixtures.people import Coordinator

Make = Callable[[str], Awaitable[Coordinator]]


async def test_what_is_asked_at_once_is_one_request(amina: Device, asked: list[str]) -> None:
    home, team, notices = await asyncio.gather(
        amina.db.read("my_home", cookie_hash=amina.cookie_hash),
        amina.db.read("my_team"),
        amina.db.read("my_notices"),
    )
    assert asked == ["read_together"]
    assert home == await amina.db.rpc("my_home", cookie_hash=amina.cookie_hash)
    assert team == []
    assert notices == await amina.db.rpc("my_notices")


async def test_what_is_asked_alone_is_called_by_its_name(amina: Device, asked: list[str]) -> None:
    assert await amina.db.read("my_team") == []
    assert await amina.db.read("my_team") == []
    assert asked == ["my_team", "my_team"]


async def test_a_refusal_is_for_the_one_who_asked(amina: Device, asked: list[str]) -> None:
    found = await asyncio.gather(
        amina.db.read("my_team"),
        amina.db.read("my_alerts", organisation=str(uuid4())),
        amina.db.read("send_message"),
        return_exceptions=True,
    )
    team, refused, unknown = cast("tuple[object, object, object]", tuple(found))
    assert asked == ["read_together"]
    assert team == []
    assert isinstance(refused, NotAllowed)
    assert refused.code == "not_allowed"
    assert isinstance(unknown, Unexpected)


async def test_two_people_never_share_a_call(amina: Device, ben: Device, asked: list[str]) -> None:
    hers, his = await asyncio.gather(
        amina.db.read("my_home", cookie_hash=amina.cookie_hash),
        ben.db.read("my_home", cookie_hash=ben.cookie_hash),
    )
    assert (hers["person"]["name"], his["person"]["name"]) == ("Amina", "Ben")
    assert asked == ["my_home", "my_home"]


async def test_who_leaves_before_the_answer_holds_nobody_up(
    amina: Device, asked: list[str]
) -> None:
    leaves = asyncio.create_task(amina.db.read("my_notices"))
    stays = asyncio.create_task(amina.db.read("my_team"))
    await asyncio.sleep(0)
    leaves.cancel()
    assert await stays == []
    assert leaves.cancelled()
    assert asked == ["my_team"]


async def test_a_backend_that_is_away_is_told_to_everybody(backend: Backend) -> None:
    async def away() -> None:
        raise Unreachable("unreachable", {"seconds": 3})

    db = Db(away)  # type: ignore[arg-type]  # never gives a client
    found = await asyncio.gather(*(db.read("my_team") for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in found] == [Unreachable] * 3
    assert len(set(map(id, found))) == 3
    assert all(isinstance(each, Unreachable) and each.fields["seconds"] == 3 for each in found)


async def test_a_crowd_of_questions_goes_in_portions() -> None:
    sent: list[int] = []

    async def call(name: str, /, **arguments: object) -> object:
        calls = arguments["calls"]
        assert isinstance(calls, list)
        sent.append(len(calls))
        return [{"value": each["arguments"]["n"]} for each in calls]

    together = Together(call)
    asks = (together.ask("my_team", {"n": number}) for number in range(45))
    assert await asyncio.gather(*asks) == list(range(45))
    assert sent == [20, 20, 5]
