"""Coming in by mail: the secret key invites, and whoever gets the mail proves the address."""

import hashlib
import logging
import secrets
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from starlette.requests import Request
from starlette.responses import Response

from app.local.auth import sessions, user_changes, users
from app.local.auth.body import read_fields
from app.local.auth.errors import AuthError, answer, not_offered, validation_failed
from app.local.auth.service import Service
from app.local.auth.user_changes import NewUser
from app.local.auth.users import Credentials, User
from app.local.config import Config

logger = logging.getLogger(__name__)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_OTHER_TYPES = frozenset(
    {"signup", "recovery", "magiclink", "email", "email_change", "sms", "phone_change"}
)


async def invite(service: Service, request: Request) -> Response:
    """POST invite: an account without a password, and a mail with a link to get into it.

    Inviting an address again, as long as nobody has come in with it, makes the earlier mail's
    link useless (internal/api/invite.go).
    """
    service.require_admin(request)
    fields = await read_fields(request)
    email, data = fields.email(), fields.mapping("data") or {}
    if email is None:
        raise validation_failed("An email address is required")
    taken = AuthError(422, "email_exists", user_changes.DUPLICATE_EMAIL)
    async with service.connection() as connection, connection.transaction():
        known = await users.find_credentials(connection, email)
        if known and known.confirmed:
            raise taken
        user_id = known.user_id if known else uuid4()
        if known is None:
            new = NewUser(
                id=user_id,
                email=email,
                encrypted_password=None,
                confirmed=False,
                app_metadata={"provider": "email", "providers": ["email"]},
                user_metadata=data,
            )
            await user_changes.insert(connection, new, taken=taken)
        otp = "".join(secrets.choice("0123456789") for _ in range(service.config.otp_length))
        token_hash = hashlib.sha224(f"{email}{otp}".encode()).hexdigest()
        await _note_invitation(connection, user_id, email, token_hash)
        user = await user_changes.existing(connection, user_id)
        try:
            service.mails.invite(
                email,
                otp=otp,
                token_hash=token_hash,
                redirect_to=_redirect(request, service.config),
            )
        except OSError as error:
            logger.error("a mail could not be written: %s", type(error).__name__)
            raise AuthError(500, "unexpected_failure", "Error sending invite email") from error
    return answer(user.public())


async def verify(service: Service, request: Request) -> Response:
    """POST verify: the first session of whoever brings the link's token; it works once."""
    fields = await read_fields(request)
    kind = fields.text("type")
    token, token_hash = fields.text("token"), fields.text("token_hash")
    if not kind:
        raise validation_failed("Verify requires a verification type")
    if bool(token) == bool(token_hash):
        raise validation_failed("Verify requires either a token or a token hash")
    if kind in _OTHER_TYPES or token:
        raise not_offered(f"Verifying a {'token' if token else kind}")
    if kind != "invite" or token_hash is None:
        raise validation_failed("Invalid email verification type")
    if fields.given(("email", "phone", "redirect_to")):
        raise validation_failed("Only the token_hash and type should be provided")
    async with service.connection() as connection, connection.transaction():
        user = await _holder_of(connection, token_hash, service.config)
        await _confirm(connection, user.id)
        credentials = Credentials(user.id, user.encrypted_password)
        session = await sessions.start(connection, credentials, "otp", service.origin(request))
        if session is None:
            raise _link_expired()
    return answer(service.tokens.bundle(session))


async def _note_invitation(
    connection: AsyncConnection, user_id: UUID, email: str, token_hash: str
) -> None:
    await connection.execute(
        """
        update auth.users set confirmation_token = %s, confirmation_sent_at = now(),
          invited_at = now(), updated_at = now()
        where id = %s
        """,
        [token_hash, user_id],
    )
    await connection.execute(
        """
        insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)
        values (gen_random_uuid(), %s, 'confirmation_token', %s, %s)
        on conflict (user_id, token_type) do update
        set token_hash = excluded.token_hash, created_at = now(), updated_at = now()
        """,
        [user_id, token_hash, email],
    )


async def _holder_of(connection: AsyncConnection, token_hash: str, config: Config) -> User:
    # The lock: of two who bring one token at once, the second finds it used.
    cursor = await connection.execute(
        """
        select t.user_id, u.confirmation_sent_at + make_interval(secs => %s) < now()
        from auth.one_time_tokens t join auth.users u on u.id = t.user_id
        where t.token_type = 'confirmation_token' and t.token_hash = %s
        for update of t
        """,
        [config.otp_expiry, token_hash],
    )
    found = await cursor.fetchone()
    user = await users.find_by_id(connection, found[0]) if found else None
    if found is None or user is None:
        raise _link_expired()
    if user.banned:
        raise AuthError(403, "user_banned", "User is banned")
    if found[1]:
        raise _link_expired()
    return user


async def _confirm(connection: AsyncConnection, user_id: UUID) -> None:
    await connection.execute("delete from auth.one_time_tokens where user_id = %s", [user_id])
    await connection.execute(
        """
        update auth.users set confirmation_token = '', email_confirmed_at = now(),
          raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || %s, updated_at = now()
        where id = %s
        """,
        [Jsonb({"email_verified": True}), user_id],
    )
    await connection.execute(
        """
        update auth.identities set identity_data = identity_data || %s, updated_at = now()
        where user_id = %s and provider = 'email'
        """,
        [Jsonb({"email_verified": True}), user_id],
    )


def _redirect(request: Request, config: Config) -> str:
    """Where the link leads: what was asked for if it is the site itself or listed, else the site.

    As internal/utilities/request.go; patterns in the list are not looked at.
    """
    wanted = request.query_params.get("redirect_to", "")
    try:
        site, other = urlsplit(config.site_url), urlsplit(wanted)
        same_port = site.port == other.port or other.hostname in _LOOPBACK
    except ValueError:
        return config.site_url
    same_site = (site.scheme, site.hostname) == (other.scheme, other.hostname) and same_port
    return wanted if wanted and (same_site or wanted in config.redirect_urls) else config.site_url


def _link_expired() -> AuthError:
    """The one answer to a wrong, a used and an old link."""
    return AuthError(403, "otp_expired", "Email link is invalid or has expired")
