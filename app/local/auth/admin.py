"""Accounts as the holder of the secret key manages them."""

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.local.auth import sessions, user_changes, users
from app.local.auth.body import Fields, read_fields
from app.local.auth.durations import ban_of
from app.local.auth.errors import AuthError, answer, not_offered, validation_failed
from app.local.auth.service import Service
from app.local.auth.user_changes import NewUser
from app.local.auth.users import User

_PER_PAGE = 50
_LARGEST_PAGE = 1000
_LARGEST_NUMBER = 1 << 31
_NOT_OFFERED = ("phone", "phone_confirm", "password_hash")


async def create_user(service: Service, request: Request) -> Response:
    """POST admin/users: an account with an address; without a password one nobody knows."""
    service.require_admin(request)
    fields = await _admin_fields(request)
    email = fields.email()
    if email is None:
        raise validation_failed("Cannot create a user without either an email or phone")
    password = fields.text("password") or secrets.token_urlsafe(48)
    service.passwords.require_hashable(password)
    confirmed = fields.flag("email_confirm")
    about = _without_nulls(fields.mapping("app_metadata"))
    by_person = _without_nulls(fields.mapping("user_metadata"))
    user_id, ban = fields.uuid("id") or uuid4(), ban_of(fields.text("ban_duration"))
    taken = AuthError(422, "email_exists", user_changes.DUPLICATE_EMAIL)
    async with service.connection() as connection:
        if await users.find_credentials(connection, email):
            raise taken
    new = NewUser(
        id=user_id,
        email=email,
        encrypted_password=await service.passwords.hashed(password),
        confirmed=confirmed,
        app_metadata={"provider": "email", "providers": ["email"], **about},
        user_metadata={**by_person, **({"email_verified": True} if confirmed else {})},
        ban=ban,
    )
    async with service.connection() as connection, connection.transaction():
        user = await user_changes.insert(connection, new, taken=taken)
    return answer(user.public())


async def list_users(service: Service, request: Request) -> Response:
    """GET admin/users: the newest first, ``page`` from 1, ``per_page`` 50 unless told."""
    service.require_admin(request)
    page = max(_number(request, "page", 1), 1)
    per_page = min(_number(request, "per_page", _PER_PAGE) or _PER_PAGE, _LARGEST_PAGE)
    async with service.connection() as connection:
        found, total = await users.page_of(connection, per_page, (page - 1) * per_page)
    last = -(-total // per_page)
    links = {"next": page + 1} if last > page else {}
    links["last"] = last
    url = request.url.include_query_params
    return answer(
        {"users": [user.public() for user in found], "aud": users.AUDIENCE},
        headers={
            "X-Total-Count": str(total),
            "Link": ", ".join(
                f'<{url(page=to, per_page=per_page)}>; rel="{name}"' for name, to in links.items()
            ),
        },
    )


async def get_user(service: Service, request: Request) -> Response:
    """GET admin/users/{id}."""
    service.require_admin(request)
    async with service.connection() as connection:
        user = await _asked_for(request, connection)
    return answer(user.public())


async def update_user(service: Service, request: Request) -> Response:
    """PUT admin/users/{id}. A new password signs the person out everywhere."""
    service.require_admin(request)
    fields = await _admin_fields(request)
    async with service.connection() as connection:
        user = await _asked_for(request, connection)
    email = fields.email()
    columns = await _changes(service, user, fields)
    async with service.connection() as connection, connection.transaction():
        await user_changes.update(connection, user.id, **columns)
        if email is not None:
            verified = fields.flag("email_confirm")
            await user_changes.set_identity_email(connection, user.id, email, verified=verified)
        if "encrypted_password" in columns:
            await sessions.end_all(connection, user.id)
        user = await user_changes.existing(connection, user.id)
    return answer(user.public())


async def delete_user(service: Service, request: Request) -> Response:
    """DELETE admin/users/{id}, with everything of Auth that belongs to it."""
    service.require_admin(request)
    if (await read_fields(request, optional=True)).flag("should_soft_delete"):
        raise not_offered("Soft deletion of a user")
    async with service.connection() as connection:
        user = await _asked_for(request, connection)
        await user_changes.delete(connection, user.id)
    return answer({})


async def _changes(service: Service, user: User, fields: Fields) -> dict[str, object]:
    """The columns to set, after everything that can be refused was."""
    columns: dict[str, object] = {}
    app_metadata, user_metadata = fields.mapping("app_metadata"), fields.mapping("user_metadata")
    email = fields.email()
    if fields.flag("email_confirm"):
        columns["email_confirmed_at"] = datetime.now(UTC)
        user_metadata = {"email_verified": True, **(user_metadata or {})}
        if email is not None and user.is_anonymous:
            columns["is_anonymous"] = False
    if app_metadata is not None:
        columns["raw_app_meta_data"] = app_metadata
    if user_metadata is not None:
        columns["raw_user_meta_data"] = user_metadata
    if email is not None:
        columns["email"] = email
    if fields.text("ban_duration"):
        ban = ban_of(fields.text("ban_duration"))
        columns["banned_until"] = None if ban is None else datetime.now(UTC) + ban
    password = fields.text("password")
    if password is not None:
        service.passwords.require_strong(password)
        columns["encrypted_password"] = await service.passwords.hashed(password)
    return columns


async def _admin_fields(request: Request) -> Fields:
    fields = await read_fields(request)
    other = fields.given(_NOT_OFFERED)
    if other is not None:
        raise not_offered(f"Setting {other} of a user")
    for name in ("role", "aud"):
        if fields.text(name) not in (None, "", "authenticated"):
            raise not_offered(f"A {name} other than authenticated")
    return fields


async def _asked_for(request: Request, connection: AsyncConnection) -> User:
    try:
        user_id = UUID(request.path_params["user_id"])
    except ValueError:
        raise AuthError(404, "validation_failed", "user_id must be an UUID") from None
    user = await users.find_by_id(connection, user_id)
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    return user


def _without_nulls(metadata: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (metadata or {}).items() if value is not None}


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > _LARGEST_NUMBER:
        raise validation_failed(f"Bad Pagination Parameters: {name} is not a number in range")
    return int(text)
