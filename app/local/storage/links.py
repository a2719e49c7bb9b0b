"""Signed links: who holds one may read one object until it expires, without signing in."""

import time
from urllib.parse import quote

import jwt

from app.local.storage import errors

_ALGORITHM = "HS256"
_SCOPE = "download"
_LONGEST_LIFE = 10 * 365 * 24 * 3600


def sign(secret: bytes, bucket: str, name: str, seconds: int) -> str:
    """The path of the link below ``/storage/v1``, with its token."""
    now = int(time.time())
    claims = {"url": f"{bucket}/{name}", "scope": _SCOPE, "iat": now, "exp": now + seconds}
    token = jwt.encode(claims, secret, algorithm=_ALGORITHM)
    return f"/object/sign/{quote(f'{bucket}/{name}')}?token={token}"


def check(secret: bytes, token: str, bucket: str, name: str) -> None:
    """Raise StorageError unless the token opens exactly this object now."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            options={"require": ["exp", "url", "scope"], "verify_iat": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise errors.invalid_token('"exp" claim timestamp check failed') from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise errors.invalid_token("Invalid JWT") from error
    if claims["scope"] != _SCOPE:
        raise errors.invalid_signature(f"Token is not scoped for {_SCOPE}")
    if claims["url"] != f"{bucket}/{name}":
        raise errors.invalid_signature()


def seconds(value: object) -> int:
    """The life of a link as clients send it: a whole number of seconds, also as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LONGEST_LIFE:
        raise errors.invalid_request("body/expiresIn must be a whole number of seconds from 1")
    return value
