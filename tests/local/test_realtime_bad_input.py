"""Realtime spoken to wrongly, by hand: whoever does it loses only their own connection."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.local.realtime.limits import Limits
from tests.fixtures.postgres import Dsn, Server
from tests.local.serving import ANNA, BORIS, Project, serving, until

HEARS = f"""
create policy anna_hears on realtime.messages for select to authenticated
using (starts_with(realtime.topic(), 'hints:') and (select auth.uid()) = '{ANNA}')
"""


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


def address(project: Project, **query: str) -> str:
    params = httpx.QueryParams({"apikey": project.keys.publishable, "vsn": "1.0.0"} | query)
    return f"{project.url.replace('http', 'ws')}/realtime/v1/websocket?{params}"


class Peer:
    """A client that says what it likes."""

    def __init__(self, connection: ClientConnection, project: Project) -> None:
        self.connection = connection
        self.project = project

    async def say(self, event: str, topic: str, payload: Any, ref: Any = "1") -> None:
        message = {"event": event, "topic": topic, "payload": payload, "ref": ref}
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            found: dict[str, Any] = json.loads(await self.connection.recv())
        return found

    async def ask(self, event: str, topic: str, payload: Any) -> dict[str, Any]:
        await self.say(event, topic, payload)
        answer = await self.hear()
        assert (answer["event"], answer["ref"]) == ("phx_reply", "1")
        found: dict[str, Any] = answer["payload"]
        return found

    async def join(self, topic: str = "hints:1", **payload: Any) -> dict[str, Any]:
        token = self.project.token(ANNA)
        asked = {"config": {"private": True}, "access_token": token} | payload
        return await self.ask("phx_join", f"realtime:{topic}", asked)

    async def end(self) -> int:
        """The code that the server closes with."""
        async with asyncio.timeout(15):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
        code = self.connection.close_code
        assert code is not None
        return code


@contextlib.asynccontextmanager
async def peer(project: Project, **query: str) -> AsyncIterator[Peer]:
    async with connect(address(project, **query), ping_interval=None) as connection:
        yield Peer(connection, project)


def listeners(project: Project) -> int:
    """How many connections listen; the server keeps one while it has clients."""
    [(count,)] = project.rows(
        "select count(*) from pg_stat_activity where application_name = 'local realtime'"
        " and datname = current_database()"
    )
    return int(count)


@contextlib.asynccontextmanager
async def bystander(project: Project) -> AsyncIterator[None]:
    """Somebody else, who must hear a message after what happens in the block."""
    async with peer(project) as other:
        assert (await other.join("hints:9"))["status"] == "ok"
        yield
        project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:9')""")
        assert (await other.hear())["payload"]["payload"]["n"] == 1


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


@pytest.mark.parametrize(
    ("topic", "change", "reason"),
    [
        ("realtime:", {}, "TopicNameRequired: You must provide a topic name"),
        ("phoenix", {}, "unmatched topic"),
        ("realtime:hints:1", {"config": None}, "PrivateOnly"),
        ("realtime:hints:1", {"config": {"private": 1}}, "PrivateOnly"),
        ("realtime:hints:1", {"access_token": "nonsense"}, "MalformedJWT"),
        ("realtime:hints:1", {"access_token": "a.b.c"}, "JwtSignatureError"),
        ("realtime:hints:1", {"access_token": None}, "Unauthorized: You do not have"),
        ("realtime:hints:1", {"access_token": 7}, "Unauthorized: You do not have"),
        ("realtime:' or true --", {}, "Unauthorized: You do not have"),
    ],
)
async def test_a_wrong_join_is_refused_and_the_next_one_works(
    project: Project, topic: str, change: dict[str, Any], reason: str
) -> None:
    async with peer(project) as client:
        payload = {"config": {"private": True}, "access_token": project.token(ANNA)} | change
        refused = await client.ask("phx_join", topic, payload)
        assert refused["status"] == "error"
        assert refused["response"]["reason"].startswith(reason)
        assert (await client.join())["status"] == "ok"


async def test_tokens_without_the_right_claims_do_not_join(project: Project) -> None:
    for token, reason in (
        (project.token(ANNA, seconds=-5), "InvalidJWTToken: Token has expired 5 seconds ago"),
        (project.token(ANNA, role=None), "InvalidJWTToken: Fields `role` and `exp` are required"),
        (project.token(ANNA, exp=None), "InvalidJWTToken: Fields `role` and `exp` are required"),
        (project.token(ANNA, role="no_such_role"), "Unauthorized"),
        (project.token(ANNA, role="supabase_admin"), "Unauthorized"),
        (project.token(BORIS), "Unauthorized"),
    ):
        async with peer(project) as client:
            refused = await client.join(access_token=token)
            assert refused["response"]["reason"].startswith(reason), refused


async def test_a_policy_that_fails_counts_as_no(project: Project) -> None:
    project.owner(
        "create policy breaks on realtime.messages for select to authenticated"
        " using (realtime.topic() = 'broken' and 1 / (length(realtime.topic()) - 6) = 1)"
    )
    async with peer(project) as client:
        refused = await client.join("broken")
        assert refused["response"]["reason"].startswith("Unauthorized")
        assert (await client.join())["status"] == "ok"
    project.owner("drop policy breaks on realtime.messages")


async def test_a_second_join_of_a_topic_replaces_the_first(project: Project) -> None:
    async with peer(project) as client:
        await client.join()
        await client.say("phx_join", "realtime:hints:1", {"config": {"private": True}}, "7")
        assert (await client.hear())["event"] == "phx_close"
        assert (await client.hear())["payload"]["status"] == "error"
        assert (await client.join())["status"] == "ok"
        project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:1')""")
        assert (await client.hear())["event"] == "broadcast"
        assert (await client.ask("heartbeat", "phoenix", {}))["status"] == "ok", "heard only once"


async def test_events_for_no_channel_are_answered(project: Project) -> None:
    async with peer(project) as client:
        for event in ("broadcast", "presence", "access_token", "nonsense", "phx_reply"):
            refused = await client.ask(event, "realtime:hints:1", {})
            assert refused == {"status": "error", "response": {"reason": "unmatched topic"}}
        assert (await client.ask("phx_leave", "realtime:hints:1", {}))["status"] == "ok"
        await client.join()
        for event in ("presence", "nonsense", "postgres_changes"):
            refused = await client.ask(event, "realtime:hints:1", {"event": "track"})
            assert "is not part of the local Supabase" in refused["response"]["reason"]


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
