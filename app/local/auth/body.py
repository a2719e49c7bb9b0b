"""Reading requests: a bounded body, sane JSON, and fields of the right type."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from app.local.auth.errors import AuthError, bad_json, validation_failed

# As supabase/auth: api.go, limitRequestBody.
LARGEST_BODY = 1 << 20
DEEPEST_JSON = 64
LONGEST_EMAIL = 255

# What is read and thrown away so that a client that is still sending gets to see its 413.
_DRAINED = 32 << 20

# The pattern of badoux/checkmail, which supabase/auth validates addresses with.
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*",
    re.ASCII | re.IGNORECASE,
)


class Fields:
    """The JSON object of a request. A missing field and ``null`` are the same, as upstream."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """The string under this name."""
        value = self._typed(name, str, "string")
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        """The boolean under this name; missing means no."""
        return bool(self._typed(name, bool, "boolean"))

    def mapping(self, name: str) -> dict[str, Any] | None:
        """The JSON object under this name."""
        value = self._typed(name, dict, "object")
        return value if isinstance(value, dict) else None

    def email(self, name: str = "email") -> str | None:
        """The address under this name, checked and in lower case; empty counts as missing."""
        value = self.text(name)
        return normalised_email(value) if value else None

    def uuid(self, name: str) -> UUID | None:
        """The id under this name; empty counts as missing."""
        value = self.text(name)
        if not value:
            return None
        try:
            return UUID(value)
        except ValueError:
            raise validation_failed("ID must conform to the uuid v4 format") from None

    def given(self, names: Iterable[str]) -> str | None:
        """The first of these names that carries a value: not null, empty or false."""
        return next((name for name in names if self._values.get(name)), None)

    def _typed(self, name: str, kind: type, word: str) -> object | None:
        value: object = self._values.get(name)
        if value is not None and not isinstance(value, kind):
            raise bad_json(f"{name} must be a {word}")
        return value


def normalised_email(text: str) -> str:
    """The address as Auth stores and compares it. Raises AuthError for what cannot be one."""
    if len(text.encode()) > LONGEST_EMAIL:
        raise validation_failed("An email address is too long")
    # Checked before lower(), which makes ASCII letters of some that are not.
    if not _EMAIL.fullmatch(text):
        raise validation_failed("Unable to validate email address: invalid format")
    return text.lower()


async def read_fields(request: Request, *, optional: bool = False) -> Fields:
    """The request's JSON object; ``optional`` takes no body at all as an empty one."""
    raw = await _read(request)
    if not raw and optional:
        return Fields({})
    return Fields(parse(raw))


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes, if PostgreSQL can store whatever it holds.

    The content type is not looked at, as upstream. Raises AuthError ``bad_json``.
    """
    try:
        value = json.loads(raw.decode(), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise bad_json("invalid UTF-8") from None
    except RecursionError:
        raise bad_json("exceeded max depth") from None
    except ValueError as error:
        raise bad_json(str(error)) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_json("expected an object")
    _refuse_unstorable(value)
    return value


def _refuse_unstorable(value: object) -> None:
    level: list[object] = [value]
    for _ in range(DEEPEST_JSON):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise bad_json("exceeded max depth")


def _children(parent: object) -> list[object]:
    if isinstance(parent, str):
        if "\0" in parent or not _is_unicode(parent):
            raise bad_json("a string holds NUL or half of a surrogate pair")
        return []
    if isinstance(parent, dict):
        return [*parent.keys(), *parent.values()]
    return parent if isinstance(parent, list) else []


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"number {text[:20]} is out of range")
    return number


def _no_constant(text: str) -> float:
    raise ValueError(f"invalid value {text}")


async def _read(request: Request) -> bytes:
    """The whole body, or 413 without ever holding more than the limit."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= LARGEST_BODY:
                chunks.append(chunk)
            else:
                chunks.clear()
                if size > _DRAINED:
                    break
    except ClientDisconnect:
        raise bad_json("unexpected end of JSON input") from None
    if size > LARGEST_BODY:
        raise AuthError(
            413,
            "request_entity_too_large",
            f"Request body too large (max {LARGEST_BODY} bytes)",
        )
    return b"".join(chunks)
