"""Realtime clients for tests: the unmodified one that notes what it hears, and a rude one."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
from realtime import AsyncRealtimeChannel, RealtimeSubscribeStates
from supabase import AsyncClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.local.serving import ANNA, Project

HEARS = f"""
create policy anna_hears on realtime.messages for select to authenticated
using (starts_with(realtime.topic(), 'hints:') and (select auth.uid()) = '{ANNA}')
"""


class Ear:
    """One channel of a client, with everything it was told."""

    def __init__(self, client: AsyncClient, topic: str, *, private: bool = True) -> None:
        self.client = client
        self.heard: list[dict[str, Any]] = []
        self.states: list[RealtimeSubscribeStates] = []
        self.errors: list[str] = []
        options: Any = {
            "config": {
                "broadcast": {"ack": False, "self": False},
                "presence": {"key": "", "enabled": False},
                "private": private,
            }
        }
        self.channel: AsyncRealtimeChannel = client.realtime.channel(topic, options)
        self.channel.on_broadcast("*", lambda message: self.heard.append(dict(message)))

    async def join(self) -> RealtimeSubscribeStates:
        def told(state: RealtimeSubscribeStates, error: Exception | None) -> None:
            self.states.append(state)
            self.errors.append(str(error))

        await self.channel.subscribe(told)
        return self.states[-1]


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
