"""A signed-in person's own account: reading it, changing it, leaving."""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from app.local.auth import sessions, user_changes
from app.local.auth.body import Fields, read_fields
from app.local.auth.errors import AuthError, answer, not_offered, nothing, validation_failed
from app.local.auth.service import Caller, Service, session_not_found
from app.local.auth.users import User

# What supabase/auth counts as a recent sign-in where changing a password needs one.
_RECENT = timedelta(hours=24)


async def get_user(service: Service, request: Request) -> Response:
    """GET user."""
    async with service.connection() as connection:
        caller = await service.caller(request, connection)
    return answer(caller.user.public())


async def update_user(service: Service, request: Request) -> Response:
    """PUT user: ``password`` and ``data``. A new password signs all other devices out."""
    async with service.connection() as connection:
        caller = await service.caller(request, connection)
    columns = await _changes(service, caller, await read_fields(request))
    async with service.connection() as connection, connection.transaction():
        # Writing the account first holds its row: of two password changes at once, the one
        # whose session the other has ended finds out here.
        await user_changes.update(connection, caller.user.id, **columns)
        if not await sessions.started_at(connection, caller.session_id, caller.user.id):
            raise session_not_found()
        if "encrypted_password" in columns:
            await sessions.end_all(connection, caller.user.id, but=caller.session_id)
        user = await user_changes.existing(connection, caller.user.id)
    return answer(user.public())


async def log_out(service: Service, request: Request) -> Response:
    """POST logout: this device (``scope=local``), the ``others``, or all (``global``)."""
    scope = request.query_params.get("scope") or "global"
    async with service.connection() as connection:
        caller = await service.caller(request, connection)
        if scope == "local":
            await sessions.end(connection, caller.session_id)
        elif scope == "others":
            await sessions.end_all(connection, caller.user.id, but=caller.session_id)
        elif scope == "global":
            await sessions.end_all(connection, caller.user.id)
        else:
            raise validation_failed(f'Unsupported logout scope "{scope[:20]}"')
    return nothing()


async def _changes(service: Service, caller: Caller, fields: Fields) -> dict[str, object]:
    """The columns to set, after everything that can be refused was."""
    user = caller.user
    _require_own(user, fields)
    columns: dict[str, object] = {}
    data = fields.mapping("data")
    if data is not None:
        columns["raw_user_meta_data"] = data
    password = fields.text("password")
    if password is not None:
        service.passwords.require_strong(password)
        if user.is_anonymous:
            raise AuthError(
                422,
                "validation_failed",
                "Updating password of an anonymous user without an email or phone is not allowed",
            )
        fresh = datetime.now(UTC) - caller.signed_in_at <= _RECENT
        if service.config.secure_password_change and not fresh:
            raise AuthError(
                400, "reauthentication_needed", "Password update requires reauthentication"
            )
        if await service.passwords.matches(password, user.encrypted_password):
            raise AuthError(
                422, "same_password", "New password should be different from the old password."
            )
        columns["encrypted_password"] = await service.passwords.hashed(password)
    return columns


def _require_own(user: User, fields: Fields) -> None:
    """Refuse what only an administrator may set, and what would need a mail or a code."""
    if fields.mapping("app_metadata") is not None:
        raise AuthError(403, "not_admin", "Updating app_metadata requires admin privileges")
    email = fields.email()
    if email is not None and email != user.email:
        raise not_offered("Changing one's own email address")
    other = fields.given(("phone", "nonce", "current_password"))
    if other is not None:
        raise not_offered(f"Updating a user with {other}")
