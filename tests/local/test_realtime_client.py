"""Realtime through the unmodified client."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from realtime import RealtimeSubscribeStates

from tests.fixtures.postgres import Server
from tests.fixtures.supabase import Supabase
from tests.local.realtime_peer import HEARS, Ear
from tests.local.serving import ANNA, BORIS, Project, on_gateway, serving, until


@pytest.fixture(scope="module")
def gateway(supabase_bare: Supabase) -> Supabase:
    supabase_bare.execute(HEARS)
    return supabase_bare


@pytest.fixture
async def project(gateway: Supabase) -> AsyncIterator[Project]:
    async with on_gateway(gateway) as project:
        yield project


async def test_messages_reach_whom_the_policy_names_on_both_versions(
    server: Server, tmp_path: Path
) -> None:
    async with serving(server.new_database(migrated=False), tmp_path) as project:
        project.owner(HEARS)
        mine, theirs = await project.client(ANNA), await project.client(BORIS)
        ear, other = Ear(mine, "hints:1"), Ear(theirs, "hints:1")
        assert await ear.join() is RealtimeSubscribeStates.SUBSCRIBED
        assert await other.join() is RealtimeSubscribeStates.CHANNEL_ERROR
        project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:1')""")
        await until(lambda: ear.heard)
        assert other.heard == []
        await mine.realtime.close()
        await theirs.realtime.close()


async def test_a_message_of_a_committed_transaction_arrives(project: Project) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:3")
    assert await ear.join() is RealtimeSubscribeStates.SUBSCRIBED

    project.owner("""select realtime.send('{"kind": "note", "to": ["ä"]}', 'hint', 'hints:3')""")
    await until(lambda: ear.heard)

    [message] = ear.heard
    assert message["event"] == "hint"
    assert (message["payload"]["kind"], message["payload"]["to"]) == ("note", ["ä"])
    [(sent,)] = project.rows("select id::text from realtime.messages")
    assert message["meta"]["id"] == sent == message["payload"]["id"]
    await client.realtime.close()


async def test_messages_arrive_in_the_order_of_commits_and_of_their_topic_only(
    project: Project,
) -> None:
    client = await project.client(ANNA)
    one, two = Ear(client, "hints:1"), Ear(client, "hints:2")
    await one.join()
    await two.join()
    project.owner(
        """do $$ begin
          for n in 1..50 loop
            perform realtime.send(jsonb_build_object('n', n), 'hint', 'hints:1');
          end loop; end $$""",
        """select realtime.send('{"n": 51}', 'hint', 'hints:1')""",
        """select realtime.send('{"n": 0}', 'hint', 'hints:2')""",
    )
    await until(lambda: len(one.heard) == 51 and two.heard)
    assert [message["payload"]["n"] for message in one.heard] == list(range(1, 52))
    assert [message["payload"]["n"] for message in two.heard] == [0]
    await client.realtime.close()


async def test_a_transaction_that_rolls_back_says_nothing(project: Project) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:1")
    await ear.join()
    project.owner(
        """do $$ begin
          begin
            perform realtime.send('{"n": 1}', 'hint', 'hints:1');
            raise exception 'no';
          exception when others then null; end;
        end $$""",
        """select realtime.send('{"n": 2}', 'hint', 'hints:1')""",
    )
    await until(lambda: ear.heard)
    assert [message["payload"]["n"] for message in ear.heard] == [2]
    await client.realtime.close()


async def test_only_whom_the_policy_lets_read_may_join(project: Project) -> None:
    for person, topic in ((BORIS, "hints:3"), (None, "hints:3"), (ANNA, "else:3")):
        client = await project.client(person)
        ear = Ear(client, topic)
        assert await ear.join() is RealtimeSubscribeStates.CHANNEL_ERROR
        assert (
            f"Unauthorized: You do not have permissions to read from this Channel topic: {topic}"
            in ear.errors[-1]
        )
        await client.realtime.close()
    assert project.rows("select 1 from realtime.messages") == [], "the probe leaves nothing"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"private": False}, "PrivateOnly: This project only allows private channels"),
        ({"presence": {"enabled": True}}, "NotImplemented: presence is not part of"),
        ({"broadcast": {"replay": {"since": 0}}}, "NotImplemented: replay is not part of"),
    ],
)
async def test_what_is_not_offered_is_refused_in_so_many_words(
    project: Project, change: dict[str, Any], reason: str
) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:3")
    ear.channel.params["config"].update(change)  # type: ignore[typeddict-item]  # what is refused
    assert await ear.join() is RealtimeSubscribeStates.CHANNEL_ERROR
    assert reason in ear.errors[-1]
    await client.realtime.close()


async def test_changes_of_tables_are_refused(project: Project) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:3")
    ear.channel.on_postgres_changes("*", lambda _: None, table="people")  # type: ignore[arg-type]  # its gap
    assert await ear.join() is RealtimeSubscribeStates.CHANNEL_ERROR
    assert "NotImplemented: postgres_changes is not part of" in ear.errors[-1]
    await client.realtime.close()


async def test_a_client_may_not_send(project: Project) -> None:
    client = await project.client(ANNA)
    ear, other = Ear(client, "hints:3"), Ear(await project.client(ANNA), "hints:3")
    await ear.join()
    await other.join()
    push = await ear.channel.push(
        "broadcast", {"type": "broadcast", "event": "hint", "payload": {"n": 1}}
    )
    refused: list[dict[str, Any]] = []
    push.receive("error", refused.append)  # type: ignore[call-overload]  # its gap
    await until(lambda: push.received_resp is not None)
    assert push.received_resp is not None
    assert str(push.received_resp[0].value) == "error"
    assert "permissions to write" in str(push.received_resp[1])
    project.owner("""select realtime.send('{"n": 2}', 'hint', 'hints:3')""")
    await until(lambda: other.heard)
    assert [message["payload"]["n"] for message in other.heard] == [2]
    await client.realtime.close()
    await other.client.realtime.close()


async def test_a_channel_ends_when_its_token_expires(project: Project) -> None:
    client = await project.client(ANNA)
    await client.realtime.set_auth(project.token(ANNA, seconds=2))
    ear = Ear(client, "hints:3")
    await ear.join()
    await until(lambda: RealtimeSubscribeStates.CLOSED in ear.states)
    assert ear.states == [
        RealtimeSubscribeStates.SUBSCRIBED,
        RealtimeSubscribeStates.CHANNEL_ERROR,
        RealtimeSubscribeStates.CLOSED,
    ]
    assert "Token has expired" in ear.errors[1]
    assert client.realtime.is_connected, "only the channel ends"
    await client.realtime.close()


async def test_a_refreshed_token_keeps_the_channel_open(project: Project) -> None:
    client = await project.client(ANNA)
    await client.realtime.set_auth(project.token(ANNA, seconds=2))
    ear = Ear(client, "hints:3")
    await ear.join()
    await client.realtime.set_auth(project.token(ANNA, seconds=60))
    await asyncio.sleep(2.5)
    project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:3')""")
    await until(lambda: ear.heard)
    assert ear.states == [RealtimeSubscribeStates.SUBSCRIBED]
    await client.realtime.close()


async def test_a_token_that_may_not_read_any_more_ends_the_channel(project: Project) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:3")
    await ear.join()
    await client.realtime.set_auth(project.token(BORIS))
    await until(lambda: RealtimeSubscribeStates.CLOSED in ear.states)
    assert "You do not have permissions to read" in ear.errors[1]
    project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:3')""")
    await asyncio.sleep(0.2)
    assert ear.heard == []
    await client.realtime.close()


async def test_a_left_channel_hears_nothing(project: Project) -> None:
    client = await project.client(ANNA)
    gone, stays = Ear(client, "hints:1"), Ear(client, "hints:2")
    await gone.join()
    await stays.join()
    await gone.channel.unsubscribe()
    await until(lambda: RealtimeSubscribeStates.CLOSED in gone.states)
    project.owner(
        """select realtime.send('{"n": 1}', 'hint', 'hints:1')""",
        """select realtime.send('{"n": 2}', 'hint', 'hints:2')""",
    )
    await until(lambda: stays.heard)
    assert gone.heard == []
    await client.realtime.close()


async def test_an_oversized_message_is_dropped_and_the_next_one_arrives(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:1")
    await ear.join()
    project.owner(
        """select realtime.send(jsonb_build_object('x', repeat('x', 300000)), 'hint', 'hints:1')""",
        """select realtime.send('{"n": 2}', 'hint', 'hints:1')""",
    )
    await until(lambda: ear.heard)
    assert [message["payload"]["n"] for message in ear.heard] == [2]
    assert "payload_size_exceeded" in caplog.text
    await client.realtime.close()
