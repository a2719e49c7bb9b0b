"""A project with nothing but Auth, spoken to through the unmodified supabase client."""

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from supabase import AsyncClient, AsyncClientOptions
from supabase_auth.errors import AuthApiError
from supabase_auth.types import Session, User

from app.local.auth.passwords import Passwords
from app.local.auth.routes import routes
from app.local.config import Config
from app.local.context import Context
from app.local.db import Database
from app.local.keys import Keys
from tests.fixtures.postgres import Server

BASE_URL = "http://auth.test"
PASSWORD = "a long enough password"
QUICK = Config(password_cost=4, enable_anonymous=True)


@dataclass
class Project:
    """One running Auth. ``bcrypt_calls`` counts what bcrypt did since the start."""

    ctx: Context
    http: httpx.AsyncClient
    bcrypt_calls: int = 0

    async def client(self, key: str | None = None) -> AsyncClient:
        """A client that nobody has signed in with."""
        return await AsyncClient.create(
            BASE_URL,
            key or self.ctx.keys.publishable,
            AsyncClientOptions(
                httpx_client=self.http, auto_refresh_token=False, persist_session=False
            ),
        )

    async def admin(self) -> AsyncClient:
        """A client with the secret key."""
        return await self.client(self.ctx.keys.secret)

    async def signed_up(self, email: str | None = None) -> tuple[AsyncClient, Session]:
        """A client in which a new person is signed in with PASSWORD."""
        client = await self.client()
        made = await client.auth.sign_up({"email": email or an_email(), "password": PASSWORD})
        assert made.session
        return client, made.session

    async def signed_in(self, email: str, password: str = PASSWORD) -> tuple[AsyncClient, Session]:
        """A further client of somebody."""
        client = await self.client()
        back = await client.auth.sign_in_with_password({"email": email, "password": password})
        assert back.session
        return client, back.session

    async def sql(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What Auth's own role sees and may do."""
        async with self.ctx.database.admin("supabase_auth_admin") as connection:
            cursor = await connection.execute(query, values)
            return await cursor.fetchall() if cursor.description else []

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """A plain request, for what the client would never send."""
        return await self.http.request(
            method,
            f"{BASE_URL}/auth/v1/{path}",
            json=body,
            content=content,
            headers={
                "apikey": self.ctx.keys.publishable,
                **({"Authorization": f"Bearer {token}"} if token else {}),
                **(headers or {}),
            },
        )


@asynccontextmanager
async def auth_project(
    server: Server, home: Path, config: Config = QUICK, **changes: Any
) -> AsyncIterator[Project]:
    """Auth over a database of its own, on this event loop."""
    database = Database(server.new_database(migrated=False))
    await database.open()
    ctx = Context(database, Keys.load(home), replace(config, **changes), home, BASE_URL)
    app = Starlette()
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, timeout=30) as http:
            project = Project(ctx, http)

            def counted() -> None:
                project.bcrypt_calls += 1

            passwords = Passwords(ctx.config, on_bcrypt=counted)
            app.router.routes.append(Mount("/auth/v1", routes=routes(ctx, passwords=passwords)))
            yield project
    finally:
        await database.close()


def an_email() -> str:
    """An address that nobody has yet."""
    return f"{uuid.uuid4().hex}@example.org"


def user_of(session: Session) -> User:
    return session.user


def refusal(error: AuthApiError) -> tuple[int, str | None, str]:
    """What the client makes of an error: status, code and message."""
    return error.status, error.code, error.message
