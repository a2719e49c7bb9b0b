"""The database goes away under Realtime and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from realtime import RealtimeSubscribeStates
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from app.local.realtime.limits import Limits
from tests.fixtures.postgres import Server
from tests.local.realtime_peer import HEARS, Ear
from tests.local.serving import ANNA, Project, serving, until


@pytest.fixture
async def project(postgres18: Server, tmp_path: Path) -> AsyncIterator[Project]:
    dsn = postgres18.new_database(migrated=False)
    limits = replace(Limits(), patience=0.2)
    async with serving(dsn, tmp_path, limits=limits) as project:
        project.owner(HEARS)
        yield project
        allow(project, connections=True)


def allow(project: Project, *, connections: bool) -> None:
    """Take the database away from everybody, as a stop does, or give it back."""
    name = psycopg.conninfo.conninfo_to_dict(project.dsn("postgres"))["dbname"]
    admin = psycopg.conninfo.make_conninfo(project.dsn("supabase_admin"), dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"alter database {name} allow_connections {connections}".encode())
        if not connections:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
            )


# The client itself uses what a library of its own calls deprecated.
@pytest.mark.filterwarnings(
    r"ignore:ConnectionClosed\.(code|reason) is deprecated:DeprecationWarning"
)
async def test_a_client_comes_back_by_itself_and_hears_again(project: Project) -> None:
    client = await project.client(ANNA)
    ear = Ear(client, "hints:1")
    await ear.join()
    allow(project, connections=False)
    await until(lambda: len(ear.states) > 1)
    assert "1012" in ear.errors[1]
    allow(project, connections=True)
    await until(lambda: ear.states[-1] is RealtimeSubscribeStates.SUBSCRIBED, 30)

    project.owner("""select realtime.send('{"n": 1}', 'hint', 'hints:1')""")
    await until(lambda: ear.heard)
    assert ear.heard[0]["payload"]["n"] == 1
    await client.realtime.close()


async def test_joins_and_refreshes_without_a_database_say_so(project: Project) -> None:
    query = httpx.QueryParams({"apikey": project.keys.publishable})
    address = f"{project.url.replace('http', 'ws')}/realtime/v1/websocket?{query}"
    join = {
        "topic": "realtime:hints:1",
        "event": "phx_join",
        "ref": "1",
        "payload": {"config": {"private": True}, "access_token": project.token(ANNA)},
    }
    async with connect(address) as connection:
        await connection.send(json.dumps(join))
        assert json.loads(await connection.recv())["payload"]["status"] == "ok"
        allow(project, connections=False)
        with pytest.raises(ConnectionClosedError):
            async with asyncio.timeout(10):
                await connection.recv()
        assert connection.close_code == 1012
    async with connect(address) as connection:
        await connection.send(json.dumps(join))
        answer: dict[str, Any] = json.loads(await connection.recv())
        assert answer["payload"]["response"]["reason"] == (
            "UnableToConnectToProject: Realtime was unable to connect to the project database"
        )
