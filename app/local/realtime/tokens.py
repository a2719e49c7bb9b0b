"""Tokens and API keys as Realtime takes them, and how it refuses."""

import time
from collections.abc import Mapping
from typing import Any

import jwt

from app.local.keys import Keys, TokenError


class Refused(Exception):
    """No to a client, as upstream's ``Code: message``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message


class Tokens:
    """Checks tokens with the project's keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def claims_of(self, token: str) -> Mapping[str, Any]:
        """Whose token or API key this is; raises Refused. An API key has no ``exp``."""
        role = self._keys.role_of_key(token)
        if role is not None:
            return {"role": role}
        try:
            claims = self._keys.verify(token)
        except TokenError as error:
            raise _refused(token, error) from error
        if not isinstance(claims.get("role"), str) or claims.get("exp") is None:
            raise Refused("InvalidJWTToken", "Fields `role` and `exp` are required in JWT")
        return claims


def _refused(token: str, error: TokenError) -> Refused:
    if error.kind == "expired":
        # The signature was found good before the time was looked at.
        claims = jwt.decode(token, options={"verify_signature": False})
        seconds = max(0, int(time.time() - claims["exp"]))
        return Refused("InvalidJWTToken", f"Token has expired {seconds} seconds ago")
    if token.count(".") != 2:
        return Refused("MalformedJWT", "The token provided is not a valid JWT")
    if error.kind == "invalid":
        return Refused("InvalidJWTToken", error.message)
    return Refused("JwtSignatureError", "Failed to validate JWT signature")
