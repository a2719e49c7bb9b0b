"""The addresses of Auth below /auth/v1."""

import logging
from collections.abc import Awaitable, Callable

import psycopg
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.local.auth import account, admin, invite, signin
from app.local.auth.errors import AuthError, answer, not_offered
from app.local.auth.mails import Mails
from app.local.auth.passwords import Passwords
from app.local.auth.service import Service
from app.local.auth.tokens import Tokens
from app.local.context import Context
from app.local.pool import PoolTimeout

logger = logging.getLogger(__name__)

_Call = Callable[[Service, Request], Awaitable[Response]]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def routes(ctx: Context, *, passwords: Passwords | None = None) -> list[BaseRoute]:
    """Auth of this project. ``passwords`` is for tests that count bcrypt's work."""
    service = Service(
        database=ctx.database,
        keys=ctx.keys,
        config=ctx.config,
        passwords=passwords or Passwords(ctx.config),
        mails=Mails(ctx.mail, ctx.config),
        tokens=Tokens(ctx.keys, issuer=f"{ctx.base_url}/auth/v1", lifetime=ctx.config.jwt_expiry),
    )

    def route(path: str, method: str, call: _Call) -> Route:
        return Route(path, _endpoint(service, call), methods=[method])

    return [
        route("/health", "GET", health),
        route("/.well-known/jwks.json", "GET", jwks),
        route("/settings", "GET", _for_project(settings)),
        route("/signup", "POST", _for_project(signin.sign_up)),
        route("/token", "POST", _for_project(signin.token)),
        route("/invite", "POST", _for_project(invite.invite)),
        route("/verify", "POST", _for_project(invite.verify)),
        route("/user", "GET", _for_project(account.get_user)),
        route("/user", "PUT", _for_project(account.update_user)),
        route("/logout", "POST", _for_project(account.log_out)),
        route("/admin/users", "POST", _for_project(admin.create_user)),
        route("/admin/users", "GET", _for_project(admin.list_users)),
        route("/admin/users/{user_id}", "GET", _for_project(admin.get_user)),
        route("/admin/users/{user_id}", "PUT", _for_project(admin.update_user)),
        route("/admin/users/{user_id}", "DELETE", _for_project(admin.delete_user)),
        Route("/{call:path}", _endpoint(service, nothing_here), methods=_METHODS),
    ]


async def health(service: Service, request: Request) -> Response:
    """GET health: that this is an Auth, not whether its database answers, as upstream."""
    return answer(
        {
            "version": "local",
            "name": "GoTrue",
            "description": "GoTrue is a user registration and authentication API",
        }
    )


async def jwks(service: Service, request: Request) -> Response:
    """GET .well-known/jwks.json: the public key that access tokens are checked with."""
    return answer(service.keys.jwks(), headers={"Cache-Control": "public, max-age=600"})


async def settings(service: Service, request: Request) -> Response:
    """GET settings: which ways in are open."""
    return answer(
        {
            "external": {
                "anonymous_users": service.config.enable_anonymous,
                "email": service.config.enable_email_signup,
                "phone": False,
            },
            "disable_signup": not service.config.enable_signup,
            "mailer_autoconfirm": not service.config.enable_confirmations,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
            "saml_private_key_next_configured": False,
            "passkeys_enabled": False,
        }
    )


async def nothing_here(service: Service, request: Request) -> Response:
    """Whatever else Auth can do upstream."""
    raise not_offered(f"{request.method} auth/v1/{request.path_params['call']}")


def _for_project(call: _Call) -> _Call:
    async def checked(service: Service, request: Request) -> Response:
        service.require_project(request)
        return await call(service, request)

    return checked


def _endpoint(service: Service, call: _Call) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await call(service, request)
        except AuthError as error:
            return error.response()
        except psycopg.Error as error:
            logger.error("a call failed in the database: %s", error.sqlstate or type(error))
            return _without_database(error).response()
        except PoolTimeout:
            return _too_slow().response()

    return endpoint


def _without_database(error: psycopg.Error) -> AuthError:
    if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return _too_slow()
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return AuthError(503, "unexpected_failure", "The database cannot be reached")
    return AuthError(500, "unexpected_failure", "Database error")


def _too_slow() -> AuthError:
    message = "Processing this request timed out, please retry after a moment."
    return AuthError(504, "request_timeout", message)
