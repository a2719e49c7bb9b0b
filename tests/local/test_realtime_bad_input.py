"""Realtime spoken to wrongly, by hand: whoever does it loses only their own connection."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.local.realtime.limits import Limits
from tests.fixtures.postgres import Dsn, Server
from tests.local.realtime_peer import HEARS, address, bystander, listeners, peer
from tests.local.serving import Project, serving, until


@pytest.fixture(scope="module")
def dsn(postgres18: Server) -> Dsn:
    dsn = postgres18.new_database(migrated=False)
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        connection.execute(HEARS.encode())
    return dsn


@pytest.fixture
async def project(dsn: Dsn, tmp_path: Path) -> AsyncIterator[Project]:
    limits = replace(Limits(), channels=5, idle=1.5, frames_burst=40, frames_per_second=10)
    async with serving(dsn, tmp_path, limits=limits) as project:
        yield project
        project.clear()


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"apikey": ""}, 401, "API key is missing"),
        ({"apikey": "sb_publishable_guess"}, 401, "The token provided is not a valid JWT"),
        ({"apikey": "a.b.c"}, 401, "Failed to validate JWT signature"),
        ({"vsn": "2.0.0"}, 501, "Serializer 2.0.0 is not part of the local Supabase"),
    ],
)
async def test_a_handshake_without_a_good_key_is_refused(
    project: Project, change: dict[str, str], status: int, error: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(address(project, **change))
    assert refused.value.response.status_code == status
    assert error in json.loads(refused.value.response.body)["error"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", 1007), ("nonsense", 1007), ("[]", 1007), ("null", 1007), ("{}", 1007),
        ('{"topic":"t","event":"e"}', 1007),
        ('{"topic":1,"event":"e","payload":{}}', 1007),
        ('{"topic":"t","event":"e","payload":[]}', 1007),
        ('{"topic":"t","event":"e","payload":{},"ref":7}', 1007),
        ('{"topic":"\\u0000","event":"phx_join","payload":{}}', 1007),
        ('{"topic":"\\ud800","event":"phx_join","payload":{}}', 1007),
        (json.dumps({"topic": "t" * 600, "event": "e", "payload": {}}), 1007),
        ("[" * 60_000, 1007),
        ('{"topic":"t","event":"e","payload":' + '{"a":' * 9000 + "1" + "}" * 9001, 1007),
        (b"\x00\x01", 1003),
        (json.dumps({"topic": "t", "event": "e", "payload": {"x": "x" * 70_000}}), 1009),
    ],
)  # fmt: skip
async def test_garbage_closes_the_connection_that_sent_it(
    project: Project, frame: str | bytes, code: int
) -> None:
    async with bystander(project), peer(project) as rude:
        await rude.connection.send(frame)
        assert await rude.end() == code


async def test_a_flood_closes_the_connection_that_sent_it(project: Project) -> None:
    async with bystander(project), peer(project) as rude:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(2000):
                await rude.say("heartbeat", "phoenix", {})
        assert await rude.end() == 1008


async def test_a_silent_connection_is_closed_and_a_beating_one_is_not(project: Project) -> None:
    async with peer(project) as silent, peer(project) as alive:
        assert (await silent.join())["status"] == "ok"
        for _ in range(5):
            assert (await alive.ask("heartbeat", "phoenix", {})) == {"status": "ok", "response": {}}
            await asyncio.sleep(0.4)
        assert await silent.end() == 1000
        assert (await alive.join())["status"] == "ok"


async def test_a_client_that_never_reads_is_cut_off(dsn: Dsn, tmp_path: Path) -> None:
    async with serving(dsn, tmp_path) as project, peer(project) as deaf:
        assert (await deaf.join())["status"] == "ok"
        deaf.connection.transport.pause_reading()
        assert listeners(project) == 1
        # More than the two sockets' own buffers and the outbox hold.
        for _ in range(20):
            await asyncio.to_thread(
                project.owner,
                "select realtime.send(jsonb_build_object('x', noise.x), 'hint', 'hints:1')"
                " from (select string_agg(md5(random()::text), '') x"
                "  from generate_series(1, 6000)) noise, generate_series(1, 5)",
            )
        await until(lambda: listeners(project) == 0)
        deaf.connection.transport.abort()


async def test_a_connection_has_a_limited_number_of_channels(project: Project) -> None:
    async with peer(project) as greedy:
        for number in range(5):
            assert (await greedy.join(f"hints:{number}"))["status"] == "ok"
        refused = await greedy.join("hints:5")
        assert refused == {
            "status": "error",
            "response": {"reason": "ChannelRateLimitReached: Too many channels"},
        }
        await greedy.say("phx_leave", "realtime:hints:0", {}, "2")
        assert [(await greedy.hear())["event"] for _ in range(2)] == ["phx_reply", "phx_close"]
        assert (await greedy.join("hints:5"))["status"] == "ok"


async def test_too_many_joins_in_the_project_are_refused(dsn: Dsn, tmp_path: Path) -> None:
    limits = replace(Limits(), joins_per_second=0.05)
    async with serving(dsn, tmp_path, limits=limits) as project, peer(project) as client:
        for number in range(4):
            assert (await client.join(f"hints:{number}"))["status"] == "ok"
        await asyncio.sleep(1.1)
        reason = (await client.join("hints:9"))["response"]["reason"]
        assert reason == "ClientJoinRateLimitReached: Too many joins per second"
        assert await client.end() == 1013


async def test_forged_notifications_reach_nobody(project: Project) -> None:
    async with peer(project) as client:
        await client.join()
        project.owner(
            "notify realtime_messages, 'nonsense'",
            "notify realtime_messages, '00000000-0000-0000-0000-000000000000'",
            "insert into realtime.messages (topic, extension, payload, event, private)"
            " values ('hints:1', 'broadcast', '{}', 'hint', false)",
            "insert into realtime.messages (topic, extension, payload, event, private)"
            " values ('hints:1', 'broadcast', null, null, true)",
            """select realtime.send('{"n": 1}', 'hint', 'hints:1')""",
        )
        assert (await client.hear())["payload"]["payload"]["n"] == 1


async def test_the_server_keeps_nothing_of_clients_that_went(project: Project) -> None:
    assert listeners(project) == 0
    async with peer(project) as first, peer(project) as second:
        await first.join()
        await second.join()
        assert listeners(project) == 1
        first.connection.transport.abort()
        second.connection.transport.abort()
    await until(lambda: listeners(project) == 0)


@pytest.mark.parametrize("path", ["/api/broadcast", "/api/broadcast/t/events/e", "/", "/websocket"])
async def test_realtime_over_http_answers_501(project: Project, path: str) -> None:
    answer = await project.http.post(f"{project.url}/realtime/v1{path}", json={"messages": []})
    assert answer.status_code == 501
    assert "is not part of the local Supabase" in answer.json()["message"]
