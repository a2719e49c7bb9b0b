"""Storage and Realtime on a real port, for tests that speak to them through real clients."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from app.local.config import Config
from app.local.context import Context
from app.local.db import Database
from app.local.keys import Keys
from app.local.project import server_config
from app.local.realtime import routes as realtime
from app.local.realtime.limits import Limits
from app.local.storage import routes as storage
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.postgres import Dsn
from tests.fixtures.supabase import Supabase

ANNA, BORIS = uuid.UUID(int=0xA), uuid.UUID(int=0xB)


@dataclass
class Project:
    """A served project. `owner` runs SQL as a migration would."""

    url: str
    keys: Keys
    dsn: Dsn
    files: Path
    http: httpx.AsyncClient

    def token(self, person: uuid.UUID, *, seconds: float = 3600, **claims: Any) -> str:
        now = int(time.time())
        own = {"sub": str(person), "role": "authenticated", "aud": "authenticated", "iat": now}
        return self.keys.sign({**own, "exp": now + seconds, **claims})

    async def client(self, person: uuid.UUID | None = None) -> AsyncClient:
        """The unmodified client of a signed-in person, or of nobody."""
        headers = {} if person is None else {"Authorization": f"Bearer {self.token(person)}"}
        options = AsyncClientOptions(headers=headers, httpx_client=self.http)
        client = await acreate_client(self.url, self.keys.publishable, options)
        if person is not None:
            await client.realtime.set_auth(self.token(person))
        return client

    def headers(self, person: uuid.UUID) -> dict[str, str]:
        """For requests that no client would make."""
        token = self.token(person)
        return {"apikey": self.keys.publishable, "authorization": f"Bearer {token}"}

    def kept(self) -> list[bytes]:
        """The content of every stored file."""
        return [file.read_bytes() for file in self.files.rglob("*") if file.is_file()]

    def owner(self, *statements: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def clear(self) -> None:
        """Forget every object and message."""
        with psycopg.connect(self.dsn("supabase_admin"), autocommit=True) as connection:
            connection.execute("truncate storage.objects, realtime.messages")
        for file in self.files.rglob("*"):
            if file.is_file():
                file.unlink()


@contextlib.asynccontextmanager
async def on_gateway(supabase: Supabase) -> AsyncIterator[Project]:
    """The gateway that all tests share, cleared when the block ends."""
    async with httpx.AsyncClient(verify=PLAIN, timeout=20) as http:
        files = supabase.home / "files"
        project = Project(supabase.url, supabase.keys, supabase.dsn, files, http)
        try:
            yield project
        finally:
            project.clear()


@contextlib.asynccontextmanager
async def serving(
    dsn: Dsn, home: Path, *, config: Config | None = None, limits: Limits | None = None
) -> AsyncIterator[Project]:
    """Storage and Realtime alone, with settings of their own, until the block ends."""
    async with contextlib.AsyncExitStack() as stack:
        database = Database(dsn)
        await database.open()
        stack.push_async_callback(database.close)
        http = await stack.enter_async_context(httpx.AsyncClient(verify=PLAIN, timeout=20))
        ctx = Context(database, Keys.load(home), config or Config(), home / "files", "")
        await stack.enter_async_context(storage.lifespan(ctx))
        app = Starlette(
            routes=[
                Mount("/storage/v1", routes=storage.routes(ctx)),
                Mount("/realtime/v1", routes=realtime.routes(ctx, limits)),
            ]
        )
        port = await stack.enter_async_context(_listening(app))
        yield Project(f"http://127.0.0.1:{port}", ctx.keys, dsn, ctx.files, http)


@contextlib.asynccontextmanager
async def _listening(app: Starlette) -> AsyncIterator[int]:
    settings = server_config(app)
    settings.port = 0
    server = uvicorn.Server(settings)
    # Ctrl-C belongs to pytest.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]  # no setting
    running = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started or running.done())
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that happens in another task or process."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - nothing in this loop could set an event
            await asyncio.sleep(0.005)
