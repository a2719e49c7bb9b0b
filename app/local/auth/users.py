"""Accounts as rows of auth.users, in hosted Supabase's columns: what they are, how to find them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

AUDIENCE = "authenticated"
# The upstream once served many projects from one database; the column stayed.
NO_INSTANCE = UUID(int=0)

# auth.users as psycopg's class_row fills a User. Times of identities become text in SQL, as
# they travel inside JSON.
_COLUMNS = """
  u.id, u.aud, u.role, coalesce(u.email, '') as email, coalesce(u.phone, '') as phone,
  u.encrypted_password, u.email_confirmed_at, u.confirmed_at, u.invited_at,
  u.confirmation_sent_at, u.last_sign_in_at,
  u.created_at, u.updated_at, u.banned_until, u.deleted_at, u.is_anonymous,
  coalesce(u.raw_app_meta_data, '{}') as app_metadata,
  coalesce(u.raw_user_meta_data, '{}') as user_metadata,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id,
      'identity_data', i.identity_data, 'provider', i.provider, 'email', i.email,
      'last_sign_in_at', to_char(i.last_sign_in_at at time zone 'utc', i.iso),
      'created_at', to_char(i.created_at at time zone 'utc', i.iso),
      'updated_at', to_char(i.updated_at at time zone 'utc', i.iso)) order by i.created_at), '[]')
    from (select *, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' as iso from auth.identities) i
    where i.user_id = u.id) as identities
"""
_FIND = "select" + _COLUMNS + "from auth.users u where "
_OPTIONAL_TIMES = (
    "email_confirmed_at",
    "confirmed_at",
    "invited_at",
    "confirmation_sent_at",
    "last_sign_in_at",
    "banned_until",
    "deleted_at",
)


@dataclass(frozen=True, slots=True)
class User:
    """One account. Empty strings stand for no address and no number, as in the API."""

    id: UUID
    aud: str
    role: str
    email: str
    phone: str
    encrypted_password: str | None
    email_confirmed_at: datetime | None
    confirmed_at: datetime | None
    invited_at: datetime | None
    confirmation_sent_at: datetime | None
    last_sign_in_at: datetime | None
    created_at: datetime
    updated_at: datetime
    banned_until: datetime | None
    deleted_at: datetime | None
    is_anonymous: bool
    app_metadata: dict[str, Any]
    user_metadata: dict[str, Any]
    identities: list[dict[str, Any]]

    @property
    def banned(self) -> bool:
        return self.banned_until is not None and datetime.now(UTC) < self.banned_until

    def public(self) -> dict[str, Any]:
        """What the API shows of the account: everything but the password's hash."""
        times = {name: getattr(self, name) for name in _OPTIONAL_TIMES}
        return {
            "id": str(self.id),
            "aud": self.aud,
            "role": self.role,
            "email": self.email,
            "phone": self.phone,
            "app_metadata": self.app_metadata,
            "user_metadata": self.user_metadata,
            "identities": self.identities,
            "created_at": _iso(self.created_at),
            "updated_at": _iso(self.updated_at),
            "is_anonymous": self.is_anonymous,
            **{name: _iso(time) for name, time in times.items() if time is not None},
        }


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against; read alone, so that a known address costs no more
    than an unknown one."""

    user_id: UUID
    encrypted_password: str | None
    confirmed: bool = True
    banned: bool = False


async def find_by_id(connection: AsyncConnection, user_id: UUID) -> User | None:
    """The account with this id."""
    return await _find(connection, "u.id = %s", [user_id])


async def find_by_session(connection: AsyncConnection, session_id: UUID) -> User | None:
    """The account that this session signs in."""
    where = "u.id = (select user_id from auth.sessions where id = %s)"
    return await _find(connection, where, [session_id])


async def find_credentials(connection: AsyncConnection, email: str) -> Credentials | None:
    """What signs in with this address, whatever its case."""
    async with connection.cursor(row_factory=class_row(Credentials)) as cursor:
        await cursor.execute(
            """
            select id as user_id, encrypted_password, email_confirmed_at is not null as confirmed,
              coalesce(banned_until > now(), false) as banned
            from auth.users
            where instance_id = %s and lower(email) = %s and aud = %s and not is_sso_user
            """,
            [NO_INSTANCE, email.lower(), AUDIENCE],
        )
        return await cursor.fetchone()


async def page_of(connection: AsyncConnection, limit: int, offset: int) -> tuple[list[User], int]:
    """The newest accounts first, and how many there are."""
    where = "u.aud = %s order by u.created_at desc, u.id desc limit %s offset %s"
    async with connection.cursor(row_factory=class_row(User)) as cursor:
        found = await (await cursor.execute(_FIND + where, [AUDIENCE, limit, offset])).fetchall()
    counted = await connection.execute("select count(*) from auth.users where aud = %s", [AUDIENCE])
    row = await counted.fetchone()
    return found, row[0] if row else 0


async def _find(connection: AsyncConnection, where: str, values: Sequence[Any]) -> User | None:
    async with connection.cursor(row_factory=class_row(User)) as cursor:
        return await (await cursor.execute(_FIND + where, values)).fetchone()


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
