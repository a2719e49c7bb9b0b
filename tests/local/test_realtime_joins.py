"""Joins, tokens and events that are wrong in themselves: refused, and the next one works."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server
from tests.local.realtime_peer import HEARS, peer
from tests.local.serving import ANNA, BORIS, Project, serving


@pytest.fixture(scope="module")
def dsn(postgres18: Server) -> Dsn:
    dsn = postgres18.new_database(migrated=False)
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        connection.execute(HEARS.encode())
    return dsn


@pytest.fixture
async def project(dsn: Dsn, tmp_path: Path) -> AsyncIterator[Project]:
    async with serving(dsn, tmp_path) as project:
        yield project


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
