"""From the one row a statement returns to PostgREST's status, headers and body."""

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from app.local.rest.errors import RestError, invalid_range, not_single
from app.local.rest.request import Preferences

JSON_TYPE = "application/json; charset=utf-8"
_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")
_HOP_HEADERS = ("content-length", "transfer-encoding", "connection")
_OBJECT_TYPE = "application/vnd.pgrst.object+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Result:
    """``total`` is None unless counted; ``headers`` and ``status`` are a function's own."""

    total: int | None
    rows: int
    body: str | None
    headers: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the client wants the answer. ``profiled``: it named the schema itself."""

    single: bool
    profiled: bool
    head: bool
    prefer: Preferences


def check_single(wanted: Wanted, result: Result) -> None:
    """Raises RestError 406 PGRST116; a write must be rolled back then."""
    if wanted.single and result.rows != 1:
        raise not_single(result.rows)


def page_response(wanted: Wanted, result: Result, offset: int, *, void: bool = False) -> Response:
    """Rows that were read, or what a function returned. Raises RestError 416 PGRST103."""
    last = offset + result.rows - 1
    if result.total is not None and offset > result.total:
        error = invalid_range(
            f"An offset of {offset} was requested, but there are only {result.total} rows."
        )
        error.headers["Content-Range"] = _content_range(offset, last, result.total)
        raise error
    partial = result.total is not None and result.rows < result.total
    headers = {"Content-Range": _content_range(offset, last, result.total)}
    _add_applied(headers, wanted.prefer, write=False)
    if void:
        return _finish(204, headers, None, result)
    _add_content_type(headers, wanted)
    body = "" if wanted.head else result.body
    return _finish(206 if partial else 200, headers, body, result)


def write_response(wanted: Wanted, result: Result, method: str) -> Response:
    """What an insert, update or delete did."""
    total = result.rows if wanted.prefer.counted else None
    first, last = (0, result.rows - 1) if method == "PATCH" else (1, 0)
    headers = {"Content-Range": _content_range(first, last, total)}
    _add_applied(headers, wanted.prefer, write=True)
    created = method == "POST"
    if wanted.prefer.returning == "representation":
        _add_content_type(headers, wanted)
        return _finish(201 if created else 200, headers, result.body, result)
    return _finish(201 if created else 204, headers, "" if created else None, result)


def error_response(error: RestError) -> Response:
    headers = {
        "Content-Type": JSON_TYPE,
        "Proxy-Status": f"PostgREST; error={error.code}",
        **error.headers,
    }
    return Response(error.body(), error.status, headers)


def _content_range(first: int, last: int, total: int | None) -> str:
    span = f"{first}-{last}" if total != 0 and first <= last else "*"
    return f"{span}/{'*' if total is None else total}"


def _add_applied(headers: dict[str, str], prefer: Preferences, *, write: bool) -> None:
    applied = [
        f"return={prefer.returning}" if write and prefer.returning else "",
        "count=exact" if prefer.counted else "",
        f"handling={prefer.handling}" if prefer.handling else "",
    ]
    if any(applied):
        headers["Preference-Applied"] = ", ".join(filter(None, applied))


def _add_content_type(headers: dict[str, str], wanted: Wanted) -> None:
    headers["Content-Type"] = _OBJECT_TYPE if wanted.single else JSON_TYPE
    if wanted.profiled:
        headers["Content-Profile"] = "public"


def _finish(status: int, headers: dict[str, str], body: str | None, result: Result) -> Response:
    """A function may replace the status and any header (PostgREST docs: response headers)."""
    if result.status is not None:
        status = _own_status(result.status)
    own = _own_headers(result.headers)
    replaced = {name.lower() for name, _ in own}
    kept = {name: value for name, value in headers.items() if name.lower() not in replaced}
    response = Response(body, status, kept)
    for name, value in own:
        response.headers.append(name, value)
    return response


def _own_status(text: str) -> int:
    if text.isascii() and text.isdigit() and 200 <= int(text) <= 599:
        return int(text)
    raise RestError(500, "PGRST112", "response.status guc must be a valid status code")


def _own_headers(text: str | None) -> list[tuple[str, str]]:
    if text is None:
        return []
    try:
        listed: Any = json.loads(text)
    except (ValueError, RecursionError):
        listed = None
    pairs: list[tuple[str, str]] = []
    for entry in listed if isinstance(listed, list) else [None]:
        if not (isinstance(entry, dict) and len(entry) == 1 and _sendable(entry)):
            raise RestError(
                500,
                "PGRST111",
                "response.headers guc must be a JSON array composed of objects with a single"
                " key and a string value",
            )
        pairs.extend(entry.items())
    return pairs


def _sendable(header: dict[str, Any]) -> bool:
    """A line break here would let a function's data write the rest of the response."""
    name, value = next(iter(header.items()))
    return (
        isinstance(value, str)
        and _HEADER_NAME.fullmatch(name) is not None
        and name.lower() not in _HOP_HEADERS
        and value.isascii()
        and value.isprintable()
    )
