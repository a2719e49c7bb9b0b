"""What a request says besides its query string: media types, preferences, profile, body."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from starlette.datastructures import Headers
from starlette.types import Receive

from app.local.rest.errors import RestError, invalid_body, unsupported

LARGEST_BODY: Final = 1_048_576
_FORGOTTEN: Final = 32 * LARGEST_BODY

Returning = Literal["representation", "minimal"]
Handling = Literal["strict", "lenient"]

_OBJECT: Final = "application/vnd.pgrst.object+json"
_ARRAY: Final = "application/vnd.pgrst.array+json"
# What PostgREST can answer with or read and the local Supabase cannot.
_OTHER_ANSWERS: Final = (
    "text/csv",
    "application/geo+json",
    "application/openapi+json",
    "application/octet-stream",
    "application/vnd.pgrst.plan",
)
_OTHER_BODIES: Final = (
    "text/csv",
    "text/plain",
    "text/xml",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
)
_UNSUPPORTED_PREFERENCES: Final = {
    "return=headers-only": "Prefer: return=headers-only",
    "count=planned": "planned counts",
    "count=estimated": "estimated counts",
    "resolution=merge-duplicates": "upserts",
    "resolution=ignore-duplicates": "upserts",
    "missing=default": "Prefer: missing",
    "missing=null": "Prefer: missing",
}
_UNSUPPORTED_PREFIXES: Final = ("timezone=", "max-affected=")
_RETURNING: Final[dict[str, Returning]] = {
    "return=representation": "representation",
    "return=minimal": "minimal",
}
_HANDLING: Final[dict[str, Handling]] = {
    "handling=strict": "strict",
    "handling=lenient": "lenient",
}
# A project that lets nobody roll back by preference ignores these two.
_WITHOUT_EFFECT: Final = ("", "count=exact", "tx=commit", "tx=rollback")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the ``Prefer`` header asks for; None where it says nothing."""

    returning: Returning | None
    handling: Handling | None
    counted: bool


def wants_single(headers: Headers) -> bool:
    """Whether one JSON object is asked for; refuses every answer but JSON.

    Raises RestError: 501 for what PostgREST could send, 406 PGRST107 for anything else.
    """
    accepted = [part.strip() for part in headers.get("accept", "*/*").lower().split(",")]
    for one in accepted:
        kind, _, options = one.partition(";")
        if "nulls=stripped" in options.replace(" ", ""):
            raise unsupported("answers without nulls")
        if kind in (_OBJECT, _ARRAY, "application/json", "application/*", "*/*", ""):
            return kind == _OBJECT
        if kind.startswith(_OTHER_ANSWERS):
            raise unsupported(f"answers as {kind}", "Ask for application/json.")
    raise RestError(
        406, "PGRST107", f"None of these media types are available: {', '.join(accepted)}"
    )


def check_profile(headers: Headers, *, reads: bool) -> bool:
    """Whether a schema was named; raises RestError 406 PGRST106 when it is not public."""
    schema = headers.get("accept-profile" if reads else "content-profile")
    if schema not in (None, "public"):
        raise RestError(
            406,
            "PGRST106",
            f"Invalid schema: {schema}",
            hint="Only the following schemas are exposed: public",
        )
    return schema is not None


def preferences(headers: Headers) -> Preferences:
    """The first word of each kind counts. Raises RestError: 501, or 400 PGRST122 when an
    unknown preference comes with ``handling=strict``."""
    given = [part.strip() for line in headers.getlist("prefer") for part in line.split(",")]
    for one in given:
        if one in _UNSUPPORTED_PREFERENCES:
            raise unsupported(_UNSUPPORTED_PREFERENCES[one])
        if one.startswith(_UNSUPPORTED_PREFIXES):
            raise unsupported(f"the preference '{one.partition('=')[0]}'")
    handling = next((_HANDLING[one] for one in given if one in _HANDLING), None)
    known = (*_RETURNING, *_HANDLING, *_WITHOUT_EFFECT)
    unknown = [one for one in given if one not in known]
    if handling == "strict" and unknown:
        raise RestError(
            400,
            "PGRST122",
            "Invalid preferences given with handling=strict",
            details=f"Invalid preferences: {', '.join(unknown)}",
        )
    returning = next((_RETURNING[one] for one in given if one in _RETURNING), None)
    return Preferences(returning, handling, "count=exact" in given)


async def read_json(headers: Headers, receive: Receive) -> tuple[str, Any]:
    """The body as text and as a value; an absent body is empty text and None.

    Raises RestError: 413 as soon as it is too large, 400 PGRST102 for anything but JSON.
    """
    _check_content_type(headers)
    body = await _read_body(receive)
    if not body:
        return "", None
    try:
        text = body.decode("utf-8")
        return text, json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise invalid_body() from error


def one_row(text: str, value: Any) -> tuple[str, tuple[str, ...]]:
    """The JSON object that a write is about, as it was sent, and its keys.

    A list of one object is that object. Raises RestError: 501 for another number of rows,
    400 PGRST102 for anything that is no row.
    """
    if isinstance(value, list):
        if len(value) != 1:
            raise unsupported("writing several rows at once", "Write a function that takes them.")
        text, value = text.strip()[1:-1], value[0]
    if not isinstance(value, dict):
        raise invalid_body()
    return text, tuple(value)


def _check_content_type(headers: Headers) -> None:
    kind = headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind in _OTHER_BODIES:
        raise unsupported(f"bodies of type {kind}", "Send application/json.")
    if kind != "application/json":
        raise invalid_body(f"Content-Type not acceptable: {kind}")


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        piece, more = await _next_piece(receive)
        body += piece
        if len(body) > LARGEST_BODY:
            raise await _too_large(receive, more)
    return bytes(body)


async def _too_large(receive: Receive, more: bool) -> RestError:
    """Reads on for a while and forgets it: a client that is still sending when the connection
    closes may never see the answer."""
    error = invalid_body(f"The body is larger than {LARGEST_BODY} bytes", 413)
    left = _FORGOTTEN
    while more and left > 0:
        piece, more = await _next_piece(receive)
        left -= len(piece)
    if more:
        error.headers["Connection"] = "close"
    return error


async def _next_piece(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise invalid_body("The request ended before its body did")
    return message.get("body", b""), message.get("more_body", False)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
