"""Sessions: one row of auth.sessions for each signed-in device, and their refresh."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import args_row
from starlette.requests import Request

from app.local.auth import users
from app.local.auth.errors import AuthError
from app.local.auth.refresh_tokens import RefreshToken
from app.local.auth.users import Credentials, User
from app.local.config import Config

Method = Literal["password", "anonymous", "otp"]

_LONGEST_AGENT = 512


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the session's row."""

    agent: str | None
    address: str | None

    @classmethod
    def of(cls, request: Request, *, forwarded: str | None = None) -> "Origin":
        """`forwarded` is the address that a trusted sender says it speaks for."""
        agent = request.headers.get("user-agent", "")[:_LONGEST_AGENT]
        own = request.client.host if request.client else ""
        return cls(agent or None, _address(forwarded or "") or _address(own))


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device: its account, the refresh token that is good now, and how the sign-in
    was proved (``amr``, as in the token's claims)."""

    user: User
    token: RefreshToken
    amr: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _State:
    turn: int
    seconds_since_rotation: float
    amr: list[dict[str, Any]]


async def start(
    connection: AsyncConnection, credentials: Credentials, method: Method, origin: Origin
) -> Session | None:
    """Sign a device in.

    None if the password was changed, or the account removed or banned, since ``credentials``
    were read: a sign-in that overlaps such a change must not outlive it.
    """
    session_id = uuid4()
    cursor = await connection.execute(
        """
        with owner as (
          update auth.users set last_sign_in_at = now(), updated_at = now()
          where id = %s and encrypted_password is not distinct from %s
            and (banned_until is null or banned_until <= now())
          returning id
        ), session as (
          insert into auth.sessions (id, user_id, aal, created_at, updated_at, user_agent, ip,
            refresh_token_counter)
          select %s, id, 'aal1', now(), now(), %s, %s, 0 from owner
          returning id
        )
        insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at,
          authentication_method)
        select gen_random_uuid(), id, now(), now(), %s from session
        returning updated_at
        """,
        [
            credentials.user_id, credentials.encrypted_password,
            session_id, origin.agent, origin.address, method,
        ],
    )  # fmt: skip
    proved = await cursor.fetchone()
    user = await users.find_by_id(connection, credentials.user_id)
    if proved is None or user is None:
        return None
    return Session(user, RefreshToken(session_id, 0), [_amr(method, proved[0])])


async def refresh(
    connection: AsyncConnection, token: RefreshToken, config: Config, origin: Origin
) -> Session:
    """The session after this refresh, its next token written first. Raises AuthError.

    As supabase/auth (internal/tokens/service.go): the newest token rotates. The one before it
    gives the newest again, because its answer may have been lost; so does any older one within
    the re-use interval after a rotation, because tabs refresh at once. Anything else is a
    copied token: the session ends for everybody who holds a token of it.
    """
    while True:
        state = await _state(connection, token.session_id)
        user = await users.find_by_session(connection, token.session_id)
        if state is None or user is None:
            raise refresh_token_not_found()
        if user.banned:
            raise AuthError(400, "user_banned", "Invalid Refresh Token: User Banned")
        behind = state.turn - token.turn
        if behind < 0:
            raise AuthError(
                400, "validation_failed", "Invalid Refresh Token: Not Issued By This Server"
            )
        if behind > 1 and state.seconds_since_rotation >= config.refresh_reuse_interval:
            if config.refresh_rotation:
                await end(connection, token.session_id)
            raise AuthError(
                400, "refresh_token_already_used", "Invalid Refresh Token: Already Used"
            )
        if behind > 0:
            return Session(user, RefreshToken(token.session_id, state.turn), state.amr)
        if await _rotate(connection, token, origin):
            return Session(user, RefreshToken(token.session_id, token.turn + 1), state.amr)
        # Another refresh or a sign-out was faster; what it left decides.


async def started_at(
    connection: AsyncConnection, session_id: UUID, user_id: UUID
) -> datetime | None:
    """Since when this device of this person is signed in; None if it is not."""
    cursor = await connection.execute(
        "select created_at from auth.sessions where id = %s and user_id = %s",
        [session_id, user_id],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def end(connection: AsyncConnection, session_id: UUID) -> None:
    """Sign one device out."""
    await connection.execute("delete from auth.sessions where id = %s", [session_id])


async def end_all(connection: AsyncConnection, user_id: UUID, *, but: UUID | None = None) -> None:
    """Sign a person out everywhere, or everywhere but on one device."""
    await connection.execute(
        "delete from auth.sessions where user_id = %s and id is distinct from %s", [user_id, but]
    )


def refresh_token_not_found() -> AuthError:
    """A token of no session: never written by this project, or its session has ended."""
    return AuthError(
        400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"
    )


async def _state(connection: AsyncConnection, session_id: UUID) -> _State | None:
    async with connection.cursor(row_factory=args_row(_State)) as cursor:
        await cursor.execute(
            """
            select refresh_token_counter, extract(epoch from
                clock_timestamp() - coalesce(refreshed_at at time zone 'utc', created_at))::float8,
              (select coalesce(jsonb_agg(jsonb_build_object('method', authentication_method,
                  'timestamp', floor(extract(epoch from updated_at))) order by updated_at desc),
                  '[]')
                from auth.mfa_amr_claims where session_id = sessions.id)
            from auth.sessions where id = %s and refresh_token_counter is not null
            """,
            [session_id],
        )
        return await cursor.fetchone()


async def _rotate(connection: AsyncConnection, token: RefreshToken, origin: Origin) -> bool:
    """Make the next token the newest; False if this one is no longer the newest itself."""
    done = await connection.execute(
        """
        update auth.sessions set refresh_token_counter = refresh_token_counter + 1,
          user_agent = %s, ip = %s,
          refreshed_at = clock_timestamp() at time zone 'utc', updated_at = now()
        where id = %s and refresh_token_counter = %s
        """,
        [origin.agent, origin.address, token.session_id, token.turn],
    )
    return done.rowcount == 1


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.partition(",")[0].strip()))
    except ValueError:
        return None


def _amr(method: str, when: datetime) -> dict[str, Any]:
    return {"method": method, "timestamp": int(when.timestamp())}
