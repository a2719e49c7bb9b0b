"""What Auth answers: JSON with its version header, and errors in the upstream's shape."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

API_VERSION = "2024-01-01"


class AuthError(Exception):
    """A refusal that the client reads: HTTP ``status``, stable ``code``, English ``message``.

    Codes and messages are those of supabase/auth (internal/api/apierrors), so that a client
    meets the same words locally and hosted. ``extra`` joins the body at its top level.
    """

    def __init__(
        self, status: int, code: str, message: str, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.extra = dict(extra or {})

    def response(self) -> Response:
        """Both spellings of the body: clients of either API version find their own."""
        body = {
            "code": self.code,
            "error_code": self.code,
            "msg": self.message,
            "message": self.message,
            **self.extra,
        }
        return answer(body, self.status, {"X-Sb-Error-Code": self.code})


def answer(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON response. Nothing that Auth says may be kept by a cache unless ``headers`` says so."""
    return Response(
        json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(),
        status,
        {"X-Supabase-Api-Version": API_VERSION, "Cache-Control": "no-store", **(headers or {})},
        "application/json",
    )


def nothing() -> Response:
    """Done, and there is nothing to say."""
    return Response(status_code=204, headers={"X-Supabase-Api-Version": API_VERSION})


def validation_failed(message: str) -> AuthError:
    """A field whose value makes no sense."""
    return AuthError(400, "validation_failed", message)


def bad_json(reason: str) -> AuthError:
    """A body that is not the JSON object the call expects."""
    return AuthError(400, "bad_json", f"Could not parse request body as JSON: {reason}")


def invalid_credentials() -> AuthError:
    """The one answer to a wrong password, an unknown address and an account without password."""
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def bad_jwt(reason: str) -> AuthError:
    """A bearer token that proves nothing."""
    return AuthError(403, "bad_jwt", reason)


def not_offered(what: str) -> AuthError:
    """Supabase Auth can do it, this local one does not."""
    return AuthError(
        501, "feature_disabled", f"{what} is not part of the local Supabase; use a Supabase project"
    )
