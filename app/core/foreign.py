"""Errors of Supabase and of the network, told as ours. Only `core` itself imports this.

What a foreign error says stays behind (it may quote a row or an address): an `AppError` carries a
code of ours, or the code that a function of our own database raised.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping

import httpx
from postgrest.exceptions import APIError
from storage3.exceptions import StorageApiError
from storage3.utils import StorageException
from supabase_auth.errors import (
    AuthError,
    AuthInvalidCredentialsError,
    AuthRetryableError,
    AuthUnknownError,
)

from app.core.errors import (
    AppError,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Unexpected,
    Unreachable,
    is_code,
)
from app.core.logs import get_log

# SQL functions of ours end a call with `errcode = 'PT4xx'` and a code of ours as the message.
_RAISED: dict[str, type[AppError]] = {
    "PT401": NotAllowed,
    "PT403": NotAllowed,
    "PT404": NotFound,
    "PT409": Conflict,
    "PT422": Invalid,
}
_Known = tuple[type[AppError], str]
_REST: dict[str, _Known] = {
    "42501": (NotAllowed, "not_allowed"),
    "PGRST116": (NotFound, "not_found"),
    "PGRST301": (NotAllowed, "signed_out"),
    "PGRST302": (NotAllowed, "signed_out"),
    "PGRST303": (NotAllowed, "signed_out"),
    "23505": (Conflict, "already_there"),
    "23503": (Conflict, "belongs_together"),
    "23P01": (Conflict, "already_there"),
    "40001": (Conflict, "changed_meanwhile"),
    "40P01": (Conflict, "changed_meanwhile"),
    "57014": (Unreachable, "too_slow"),
    "55P03": (Unreachable, "too_slow"),
    "PGRST003": (Unreachable, "too_slow"),
    "504": (Unreachable, "too_slow"),
    "429": (Unreachable, "busy"),
    "413": (Invalid, "too_large"),
}
_REST_KINDS: tuple[tuple[re.Pattern[str], _Known], ...] = (
    (re.compile(r"22...|23..."), (Invalid, "not_valid")),
    (re.compile(r"08...|53...|57P..|PGRST00\d|5\d\d"), (Unreachable, "unreachable")),
)
_DEAD = (
    "bad_jwt",
    "invalid_jwt",
    "no_authorization",
    "refresh_token_already_used",
    "refresh_token_not_found",
    "session_expired",
    "session_not_found",
    "user_banned",
    "user_not_found",
)
_AUTH: dict[str, _Known] = {
    "invalid_credentials": (NotAllowed, "wrong_secret"),
    "email_not_confirmed": (NotAllowed, "wrong_secret"),
    "insufficient_aal": (NotAllowed, "second_factor_needed"),
    "not_admin": (NotAllowed, "not_allowed"),
    "signup_disabled": (NotAllowed, "not_allowed"),
    "otp_expired": (NotAllowed, "link_not_valid"),
    "over_request_rate_limit": (NotAllowed, "too_many_tries"),
    "over_email_send_rate_limit": (NotAllowed, "too_many_tries"),
    "user_already_exists": (Conflict, "already_there"),
    "email_exists": (Conflict, "already_there"),
    "same_password": (Invalid, "same_secret"),
    "weak_password": (Invalid, "weak_secret"),
    "validation_failed": (Invalid, "not_valid"),
    "email_address_invalid": (Invalid, "not_valid"),
    "bad_json": (Invalid, "not_valid"),
    **dict.fromkeys(_DEAD, (NotAllowed, "signed_out")),
}
_STORAGE: dict[str, _Known] = {
    "401": (NotAllowed, "signed_out"),
    "403": (NotAllowed, "not_allowed"),
    "404": (NotFound, "not_found"),
    "409": (Conflict, "already_there"),
    "413": (Invalid, "too_large"),
    "415": (Invalid, "type_not_allowed"),
    "429": (Unreachable, "busy"),
    "544": (Unreachable, "too_slow"),
}
_TOO_LONG = 200


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Around every call of a supabase client: what comes out is an `AppError` or a bug."""
    try:
        yield
    except APIError as error:
        raise _from_rest(error) from error
    except AuthError as error:
        raise _from_auth(error) from error
    except StorageException as error:
        raise _from_storage(error) from error
    except (httpx.TimeoutException, TimeoutError) as error:
        raise Unreachable("too_slow") from error
    except httpx.HTTPError as error:
        raise Unreachable("unreachable") from error
    except UnicodeEncodeError as error:
        # Half a surrogate pair: what the client would send is not text.
        raise Invalid("not_valid") from error


def refusal(row: Mapping[str, str | None]) -> AppError:
    """What a function said that was called among others: `code`, `message` and `details`."""
    return _from_rest(APIError(dict(row)))


def _from_rest(error: APIError) -> AppError:
    code = error.code or ""
    if (kind := _RAISED.get(code)) and is_code(error.message or ""):
        return kind(error.message or "", _fields(error.details))
    if known := _REST.get(code):
        return _told(known)
    for pattern, known in _REST_KINDS:
        if pattern.fullmatch(code):
            return _told(known)
    return _not_understood(code)


def _from_auth(error: AuthError) -> AppError:
    if isinstance(error, AuthRetryableError | AuthUnknownError):
        return Unreachable("unreachable")
    if isinstance(error, AuthInvalidCredentialsError):
        return _told(_AUTH["invalid_credentials"])
    status = getattr(error, "status", 0)
    if known := _AUTH.get(error.code or ""):
        return _told(known)
    if status == 429:
        return _told(_AUTH["over_request_rate_limit"])
    return Unreachable("unreachable") if status >= 500 else _not_understood(error.code or "")


def _from_storage(error: StorageException) -> AppError:
    if not isinstance(error, StorageApiError):
        return _not_understood("storage")
    status = str(error.status)
    if known := _STORAGE.get(status):
        return _told(known)
    return Unreachable("unreachable") if status.startswith("5") else Invalid("not_valid")


def _told(known: _Known) -> AppError:
    kind, code = known
    return kind(code)


def _fields(details: object) -> dict[str, str | int]:
    """The facts that our SQL put beside a code; anything that is not a short fact is left out."""
    try:
        found = json.loads(details) if isinstance(details, str) and details else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: value
        for name, value in found.items()
        if is_code(name)
        and (isinstance(value, int) or (isinstance(value, str) and len(value) <= _TOO_LONG))
    }


def _not_understood(code: str) -> AppError:
    get_log().error("backend_not_understood", code=f"x_{code.lower()}")
    return Unexpected("backend_not_understood")
