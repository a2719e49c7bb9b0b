"""What every call of Auth works with, and who may call."""

import re
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from starlette.requests import Request

from app.local.auth import sessions, users
from app.local.auth.errors import AuthError, bad_jwt
from app.local.auth.mails import Mails
from app.local.auth.passwords import Passwords
from app.local.auth.sessions import Origin
from app.local.auth.tokens import Tokens
from app.local.auth.users import User
from app.local.config import Config
from app.local.db import Database
from app.local.keys import Claims, Keys, TokenError

_LOGIN_ROLE = "supabase_auth_admin"
_BEARER = re.compile(r"bearer (\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person: the account, and the session that the access token belongs to."""

    user: User
    session_id: UUID
    signed_in_at: datetime


@dataclass(frozen=True, slots=True)
class Service:
    """Auth of one running project."""

    database: Database
    keys: Keys
    config: Config
    passwords: Passwords
    tokens: Tokens
    mails: Mails

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection of Auth's own role, in autocommit. Hold it only while using it."""
        return self.database.admin(_LOGIN_ROLE)

    def require_project(self, request: Request) -> None:
        """Raise AuthError unless the request carries one of the project's API keys."""
        key = request.headers.get("apikey")
        if not key:
            raise AuthError(401, "no_authorization", "No API key found in request")
        if self.keys.role_of_key(key) is None:
            raise AuthError(401, "no_authorization", "Invalid API key")

    def require_admin(self, request: Request) -> None:
        """Raise AuthError unless the bearer is the secret key."""
        token = _bearer(request)
        role = self.keys.role_of_key(token) or self._claims(token).get("role")
        if role != "service_role":
            raise AuthError(403, "not_admin", "User not allowed")

    def origin(self, request: Request) -> Origin:
        """Where a sign-in comes from; with the secret key, whom `Sb-Forwarded-For` names."""
        trusted = self.keys.role_of_key(request.headers.get("apikey", "")) == "service_role"
        header = request.headers.get("sb-forwarded-for") if trusted else None
        return Origin.of(request, forwarded=header)

    async def caller(self, request: Request, connection: AsyncConnection) -> Caller:
        """Who is calling. Raises AuthError unless the person is still signed in and allowed."""
        token = _bearer(request)
        claims = {} if self.keys.role_of_key(token) else self._claims(token)
        user_id = _claimed_id(claims, "sub")
        user = await users.find_by_id(connection, user_id)
        if user is None:
            raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
        session_id = _claimed_id(claims, "session_id")
        signed_in_at = await sessions.started_at(connection, session_id, user_id)
        if signed_in_at is None:
            raise session_not_found()
        if user.banned:
            raise AuthError(403, "user_banned", "User is banned")
        return Caller(user, session_id, signed_in_at)

    def _claims(self, token: str) -> Claims:
        try:
            return self.keys.verify(token)
        except TokenError as error:
            expired = error.kind == "expired"
            reason = "token has invalid claims: token is expired" if expired else error.message
            raise bad_jwt(f"invalid JWT: unable to parse or verify signature, {reason}") from None


def session_not_found() -> AuthError:
    """The token is genuine, but its device has been signed out."""
    return AuthError(
        403, "session_not_found", "Session from session_id claim in JWT does not exist"
    )


def _bearer(request: Request) -> str:
    match = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if match is None:
        raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
    return match[1]


def _claimed_id(claims: Claims, name: str) -> UUID:
    value = claims.get(name)
    if not value:
        raise bad_jwt(f"invalid claim: missing {name} claim")
    try:
        return UUID(str(value))
    except ValueError:
        raise bad_jwt(f"invalid claim: {name} claim must be a UUID") from None
