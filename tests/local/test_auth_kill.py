"""kill -9 of the gateway while people sign up and refresh: what was acknowledged stays true."""

import asyncio
import contextlib
import functools
import random
import secrets
import socket
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.local.auth.routes import routes
from app.local.context import Context
from app.local.db import Database
from app.local.keys import Keys
from app.local.project import server_config
from tests.fixtures.auth import PASSWORD, QUICK, Project, an_email, auth_project
from tests.fixtures.forks import forks
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.postgres import Dsn, Server
from tests.local.serving import until

KILLS = 20
DEVICES = 4


def serve(dsn: str, home: Path, ready: Connection) -> None:
    """What the killed process does; ``dsn`` names the role USER."""

    async def run() -> None:
        database = Database(lambda user: dsn.replace("USER", user))
        await database.open()
        ctx = Context(database, Keys.load(home), QUICK, home, "http://auth.test")
        app = Starlette(routes=[Mount("/auth/v1", routes=routes(ctx))])
        # Without the protocol's number asyncio leaves Nagle's algorithm on: 40 ms an answer.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            server = uvicorn.Server(server_config(app))
            ready.send(listener.getsockname()[1])
            await server.serve(sockets=[listener])

    asyncio.run(run())


@dataclass
class Device:
    """Refreshes for ever, signs up now and then, and remembers what it was told."""

    refresh_token: str
    refreshes: int = 0
    people: list[str] = field(default_factory=list)

    async def live(self, http: httpx.AsyncClient) -> None:
        while True:
            if random.random() < 0.2:
                email = an_email()
                body = {"email": email, "password": PASSWORD}
                if (await http.post("/signup", json=body)).status_code == 200:
                    self.people.append(email)
            answer = await http.post(
                "/token?grant_type=refresh_token", json={"refresh_token": self.refresh_token}
            )
            assert answer.status_code == 200, answer.text
            self.refresh_token = answer.json()["refresh_token"]
            self.refreshes += 1


@pytest.mark.destructive
async def test_nobody_is_signed_out_or_forgotten_when_the_gateway_is_killed(
    postgres18: Server, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random.seed(seed)
    dsn = postgres18.new_database(migrated=False)
    async with auth_project(dsn, tmp_path) as auth:
        devices = [Device((await auth.signed_up())[1].refresh_token) for _ in range(DEVICES)]
        key = auth.ctx.keys.publishable
    for _ in range(KILLS):
        await live_until_killed(devices, dsn, tmp_path, key)
    async with auth_project(dsn, tmp_path) as auth:
        await compare(auth, devices)


async def live_until_killed(devices: list[Device], dsn: Dsn, home: Path, key: str) -> None:
    context = forks()
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(dsn("USER"), home, theirs), daemon=True)
    await asyncio.to_thread(process.start)
    url = f"http://127.0.0.1:{await asyncio.to_thread(ours.recv)}/auth/v1"
    async with httpx.AsyncClient(
        verify=PLAIN, base_url=url, headers={"apikey": key}, timeout=20
    ) as http:
        # The port takes connections before the server does: this returns when it serves.
        await http.get("/health")
        lives = [asyncio.create_task(device.live(http)) for device in devices]
        # So much later that a slow machine has done as much by then as a fast one.
        enough = refreshes(devices) + random.randint(0, 6)
        await until(functools.partial(has_done, devices, lives, enough), 60)
        await asyncio.sleep(random.uniform(0, 0.03))
        process.kill()
        for life in lives:
            with contextlib.suppress(httpx.HTTPError):
                await life
    await asyncio.to_thread(process.join)
    for end in (ours, theirs):
        end.close()


def has_done(devices: list[Device], lives: list[asyncio.Task[None]], enough: int) -> bool:
    return refreshes(devices) >= enough or any(life.done() for life in lives)


def refreshes(devices: list[Device]) -> int:
    return sum(device.refreshes for device in devices)


async def compare(auth: Project, devices: list[Device]) -> None:
    assert refreshes(devices) > KILLS
    assert any(device.people for device in devices)
    for device in devices:
        assert (await auth.refresh(device.refresh_token)).status_code == 200
        for email in device.people:
            await auth.signed_in(email)
    half_made = await auth.sql(
        "select id from auth.users u"
        " where not exists (select from auth.identities i where i.user_id = u.id)"
        " or not exists (select from auth.sessions s where s.user_id = u.id)"
    )
    assert half_made == []
