"""Becoming somebody: sign-up, sign-in and refresh."""

import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from app.local.auth import sessions, user_changes, users
from app.local.auth.body import Fields, read_fields
from app.local.auth.errors import (
    AuthError,
    answer,
    invalid_credentials,
    not_offered,
    validation_failed,
)
from app.local.auth.refresh_tokens import RefreshToken
from app.local.auth.service import Service
from app.local.auth.user_changes import NewUser
from app.local.auth.users import Credentials

# What supabase/auth handed out before its refresh tokens were signed.
_LEGACY_TOKEN = re.compile(r"[a-z0-9]{12}")


async def sign_up(service: Service, request: Request) -> Response:
    """POST signup: a new account, confirmed and signed in at once; without address anonymous."""
    fields = await read_fields(request)
    if not fields.text("email") and not fields.text("phone"):
        return await _sign_up_anonymously(service, request, fields)
    _require_sign_up(service)
    password = fields.text("password")
    if not password:
        raise validation_failed("Signup requires a valid password")
    service.passwords.require_strong(password)
    email = _sign_up_email(service, fields)
    taken = AuthError(422, "user_already_exists", "User already registered")
    async with service.connection() as connection:
        if await users.find_credentials(connection, email):
            raise taken
    user_id = uuid4()
    new = NewUser(
        id=user_id,
        email=email,
        encrypted_password=await service.passwords.hashed(password),
        confirmed=True,
        app_metadata={"provider": "email", "providers": ["email"]},
        user_metadata={
            **(fields.mapping("data") or {}),
            **user_changes.identity_data(user_id, email),
            "email_verified": True,
        },
    )
    return await _made(service, request, new, "password", taken)


async def token(service: Service, request: Request) -> Response:
    """POST token: a session for a password or for a refresh token."""
    grant = request.query_params.get("grant_type", "")
    if grant == "password":
        return await _with_password(service, request)
    if grant == "refresh_token":
        return await _with_refresh_token(service, request)
    if grant in ("pkce", "id_token", "web3"):
        raise not_offered(f"The grant type {grant}")
    raise AuthError(400, "invalid_credentials", "unsupported_grant_type")


async def _with_password(service: Service, request: Request) -> Response:
    fields = await read_fields(request)
    email = fields.text("email")
    if email and fields.text("phone"):
        raise validation_failed(
            "Only an email address or phone number should be provided on login."
        )
    if fields.text("phone"):
        raise not_offered("Signing in by phone")
    if not email:
        raise validation_failed("missing email or phone")
    if not service.config.enable_email_signup:
        raise AuthError(422, "email_provider_disabled", "Email logins are disabled")
    password = fields.text("password") or ""
    async with service.connection() as connection:
        known = await users.find_credentials(connection, email)
    stored = known.encrypted_password if known else None
    right = await service.passwords.matches(password, stored)
    # Whether an address has an account, and in which state, is for its owner alone.
    if known is None or not right:
        raise invalid_credentials()
    if known.banned:
        raise AuthError(400, "user_banned", "User is banned")
    if not known.confirmed:
        raise AuthError(400, "email_not_confirmed", "Email not confirmed")
    async with service.connection() as connection:
        session = await sessions.start(connection, known, "password", service.origin(request))
    if session is None:
        raise invalid_credentials()
    weak = service.passwords.weakness(password)
    return answer({**service.tokens.bundle(session), **({"weak_password": weak} if weak else {})})


async def _with_refresh_token(service: Service, request: Request) -> Response:
    fields = await read_fields(request)
    given = _read_token(service, fields.text("refresh_token") or "")
    async with service.connection() as connection:
        session = await sessions.refresh(connection, given, service.config, service.origin(request))
    return answer(service.tokens.bundle(session))


async def _sign_up_anonymously(service: Service, request: Request, fields: Fields) -> Response:
    if not service.config.enable_anonymous:
        raise AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled")
    _require_sign_up(service)
    new = NewUser(
        id=uuid4(),
        email=None,
        encrypted_password=None,
        confirmed=False,
        app_metadata={},
        user_metadata=fields.mapping("data") or {},
    )
    taken = AuthError(500, "unexpected_failure", "Database error creating anonymous user")
    return await _made(service, request, new, "anonymous", taken)


async def _made(
    service: Service,
    request: Request,
    new: NewUser,
    method: sessions.Method,
    taken: AuthError,
) -> Response:
    """The account and its first session, both or none."""
    credentials = Credentials(new.id, new.encrypted_password)
    async with service.connection() as connection, connection.transaction():
        await user_changes.insert(connection, new, taken=taken)
        session = await sessions.start(connection, credentials, method, service.origin(request))
        if session is None:
            raise invalid_credentials()
    return answer(service.tokens.bundle(session))


def _require_sign_up(service: Service) -> None:
    if not service.config.enable_signup:
        raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")


def _sign_up_email(service: Service, fields: Fields) -> str:
    if fields.text("email") and fields.text("phone"):
        raise validation_failed(
            "Only an email address or phone number should be provided on signup."
        )
    email = fields.email()
    if email is None:
        raise not_offered("Signing up by phone")
    if not service.config.enable_email_signup:
        raise AuthError(400, "email_provider_disabled", "Email signups are disabled")
    if service.config.enable_confirmations:
        raise not_offered("Confirming an email address")
    return email


def _read_token(service: Service, text: str) -> RefreshToken:
    if _LEGACY_TOKEN.fullmatch(text):
        raise sessions.refresh_token_not_found()
    try:
        given = service.tokens.refresh.read(text)
    except ValueError:
        raise validation_failed("Refresh token is not valid") from None
    if given is None:
        raise sessions.refresh_token_not_found()
    return given
