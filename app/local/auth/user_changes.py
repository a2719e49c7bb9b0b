"""Making, changing and removing accounts; each account with an address has one identity."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.sql import SQL, Composable, Identifier
from psycopg.types.json import Jsonb

from app.local.auth import users
from app.local.auth.errors import AuthError, validation_failed
from app.local.auth.users import User

DUPLICATE_EMAIL = "A user with this email address has already been registered"

# Access tokens carry both kinds of metadata, and web servers refuse headers past 16 kB.
LARGEST_METADATA = 8 << 10


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be made. No email makes an anonymous one."""

    id: UUID
    email: str | None
    encrypted_password: str | None
    confirmed: bool
    app_metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]
    ban: timedelta | None = None


async def insert(connection: AsyncConnection, new: NewUser, *, taken: AuthError) -> User:
    """Make the account and its identity; ``taken`` is raised if the address or id is in use.

    To be called inside a transaction.
    """
    try:
        await connection.execute(
            """
            insert into auth.users (instance_id, id, aud, role, email, encrypted_password,
              email_confirmed_at, raw_app_meta_data, raw_user_meta_data, is_anonymous,
              banned_until, created_at, updated_at,
              confirmation_token, recovery_token, email_change, email_change_token_new)
            values (%s, %s, %s, 'authenticated', %s, %s,
              case when %s then now() end, %s, %s, %s,
              now() + %s::interval, now(), now(), '', '', '', '')
            """,
            [
                users.NO_INSTANCE, new.id, users.AUDIENCE, new.email, new.encrypted_password,
                new.confirmed, Jsonb(dict(new.app_metadata)), Jsonb(dict(new.user_metadata)),
                new.email is None, new.ban,
            ],
        )  # fmt: skip
        if new.email is not None:
            await _insert_identity(connection, new.id, identity_data(new.id, new.email))
    except psycopg.errors.UniqueViolation:
        raise taken from None
    return await existing(connection, new.id)


async def update(connection: AsyncConnection, user_id: UUID, **columns: object) -> None:
    """Set columns of an account; mappings are merged into what is there, ``None`` removes a key.

    To be called inside a transaction. Raises AuthError 422 if an address is in use.
    """
    changes: list[Composable] = [SQL("updated_at = now()")]
    values: list[object] = []
    for name, value in columns.items():
        if isinstance(value, Mapping):
            merged = SQL("{0} = (coalesce({0}, '{{}}') || %s) - %s::text[]")
            changes.append(merged.format(Identifier(name)))
            values += [Jsonb(dict(value)), [key for key in value if value[key] is None]]
        else:
            changes.append(SQL("{} = %s").format(Identifier(name)))
            values.append(value)
    statement = SQL("update auth.users set {} where id = %s").format(SQL(", ").join(changes))
    try:
        await connection.execute(statement, [*values, user_id])
    except psycopg.errors.UniqueViolation:
        raise AuthError(422, "email_exists", DUPLICATE_EMAIL) from None


async def delete(connection: AsyncConnection, user_id: UUID) -> None:
    """Remove the account with its identities and sessions."""
    await connection.execute("delete from auth.users where id = %s", [user_id])


async def set_identity_email(
    connection: AsyncConnection, user_id: UUID, email: str, *, verified: bool
) -> None:
    """Let the e-mail identity follow the account's address."""
    data = {"email": email, "email_verified": verified}
    done = await connection.execute(
        """
        update auth.identities set identity_data = identity_data || %s, updated_at = now()
        where user_id = %s and provider = 'email'
        """,
        [Jsonb(data), user_id],
    )
    if not done.rowcount:
        await _insert_identity(connection, user_id, {**identity_data(user_id, email), **data})


async def existing(connection: AsyncConnection, user_id: UUID) -> User:
    """An account that this transaction has just written, checked to fit into a token."""
    user = await users.find_by_id(connection, user_id)
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    both = json.dumps([user.app_metadata, user.user_metadata])
    if len(both) > LARGEST_METADATA:
        raise validation_failed(f"Metadata cannot be longer than {LARGEST_METADATA} bytes")
    return user


def identity_data(user_id: UUID, email: str) -> dict[str, Any]:
    """What an e-mail identity says of itself; a signed-up person's metadata starts with it."""
    return {
        "sub": str(user_id),
        "email": email,
        "email_verified": False,
        "phone_verified": False,
    }


async def _insert_identity(
    connection: AsyncConnection, user_id: UUID, data: Mapping[str, Any]
) -> None:
    await connection.execute(
        """
        insert into auth.identities (id, provider_id, user_id, identity_data, provider,
          last_sign_in_at, created_at, updated_at)
        values (gen_random_uuid(), %s, %s, %s, 'email', now(), now(), now())
        """,
        [str(user_id), user_id, Jsonb(dict(data))],
    )
