"""Every way a Rest request can fail, with PostgREST's codes, words and status."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from app.local.keys import TokenError
from app.local.pool import PoolTimeout, Unreachable

# PostgREST's Error.hs, mapSQLtoHTTP: whole codes first, then their first two characters.
_BY_CODE = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "53400": 500,
    "57P01": 503,
    "P0001": 400,
    "21000": 500,
}
_BY_CLASS = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "XX": 500,
}


class RestError(Exception):
    """An answer that is not a result: everything its response needs."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Any = None,
        hint: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        fields = {
            "code": self.code,
            "message": self.message,
            "details": self.details,
            "hint": self.hint,
        }
        return json.dumps(fields, separators=(",", ":")).encode()


def unsupported(what: str, instead: str | None = None) -> RestError:
    """PostgREST can do it, the local Supabase does not. PGRST127 is "feature not implemented"."""
    return RestError(501, "PGRST127", f"The local Supabase does not support {what}", hint=instead)


def parse_error(what: str, text: str, column: int, details: str) -> RestError:
    """``column`` counts from 1, as PostgREST's parser does."""
    return RestError(
        400,
        "PGRST100",
        f'"failed to parse {what} ({text})" (line 1, column {column})',
        details=details,
    )


def nul_in_text() -> RestError:
    """What Postgres says of a zero byte, said before its wire protocol cuts the text there."""
    return RestError(400, "22021", 'invalid byte sequence for encoding "UTF8": 0x00')


def invalid_body(message: str = "Empty or invalid json", status: int = 400) -> RestError:
    return RestError(status, "PGRST102", message)


def invalid_range(details: str) -> RestError:
    return RestError(416, "PGRST103", "Requested range not satisfiable", details=details)


def not_single(rows: int) -> RestError:
    return RestError(
        406,
        "PGRST116",
        "Cannot coerce the result to a single JSON object",
        details=f"The result contains {rows} rows",
    )


def no_table(name: str, similar: str | None) -> RestError:
    hint = f"Perhaps you meant the table 'public.{similar}'" if similar else None
    return RestError(
        404, "PGRST205", f"Could not find the table 'public.{name}' in the schema cache", hint=hint
    )


def no_column(table: str, column: str) -> RestError:
    return RestError(
        400,
        "PGRST204",
        f"Could not find the '{column}' column of '{table}' in the schema cache",
    )


def no_function(
    name: str, arguments: Sequence[str], *, posted: bool, similar: str | None
) -> RestError:
    listed = ", ".join(sorted(arguments))
    if arguments:
        short = f"({listed})"
        searched = f" with parameter{'s' if len(arguments) > 1 else ''} {listed}"
    else:
        short = searched = " without parameters"
    or_json = " or with a single unnamed json/jsonb parameter" if posted else ""
    return RestError(
        404,
        "PGRST202",
        f"Could not find the function public.{name}{short} in the schema cache",
        details=f"Searched for the function public.{name}{searched}{or_json}, but no matches"
        " were found in the schema cache.",
        hint=f"Perhaps you meant to call the function public.{similar}" if similar else None,
    )


def ambiguous_function(candidates: Sequence[str]) -> RestError:
    return RestError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {', '.join(candidates)}",
        hint="Try renaming the parameters or the function itself in the database so function"
        " overloading can be resolved",
    )


def no_schema_cache() -> RestError:
    return RestError(
        503, "PGRST002", "Could not query the database for the schema cache. Retrying."
    )


def from_token(error: TokenError) -> RestError:
    code = "PGRST301" if error.kind == "undecodable" else "PGRST303"
    challenge = f'Bearer error="invalid_token", error_description="{error.message}"'
    return RestError(
        401, code, error.message, details=error.details, headers={"WWW-Authenticate": challenge}
    )


def from_database(error: psycopg.Error | PoolTimeout, *, signed_in: bool) -> RestError:
    """``signed_in``: the request has another role than anon; a refusal is then 403, not 401."""
    if isinstance(error, PoolTimeout):
        message = "Timed out acquiring connection from connection pool."
        return RestError(504, "PGRST003", message)
    if isinstance(error, Unreachable):
        return RestError(503, "PGRST000", "Database connection error.")
    if error.sqlstate is None:
        if isinstance(error, psycopg.DataError) and "NUL" in str(error):
            return nul_in_text()
        message = "Database client error. Retrying the connection."
        return RestError(503, "PGRST001", message)
    diagnosis = error.diag
    message = diagnosis.message_primary or ""
    if error.sqlstate == "PGRST":
        return _raised_response(message, diagnosis.message_detail)
    status = _status_of(error.sqlstate, message, signed_in)
    return RestError(
        status,
        error.sqlstate,
        message,
        details=diagnosis.message_detail,
        hint=diagnosis.message_hint,
        headers={"WWW-Authenticate": "Bearer"} if status == 401 else None,
    )


def _status_of(code: str, message: str, signed_in: bool) -> int:
    if code == "42501":
        return 403 if signed_in else 401
    if code == "21000" and message.endswith("requires a WHERE clause"):
        return 400
    if code == "22023" and message.startswith("role") and message.endswith("does not exist"):
        return 401
    if code.startswith("PT"):
        return _http_status(code[2:])
    return _BY_CODE.get(code) or _BY_CLASS.get(code[:2], 400)


def _http_status(text: Any) -> int:
    """A status that SQL chose; anything that HTTP cannot carry is the function's fault."""
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if isinstance(text, str) and text.isascii() and text.isdigit() and 200 <= int(text) <= 599:
        return int(text)
    return 500


def _raised_response(message: str, detail: str | None) -> RestError:
    """``raise sqlstate 'PGRST'`` states the whole response as JSON in message and detail."""
    said, shape = _json_object(message), _json_object(detail)
    if not {"code", "message"} <= said.keys():
        return _unreadable_raise(f"Invalid JSON value for MESSAGE: '{message}'")
    if detail is None:
        return _unreadable_raise("DETAIL is missing in the RAISE statement")
    headers = shape.get("headers")
    if "status" not in shape or not isinstance(headers, dict):
        return _unreadable_raise(f"Invalid JSON value for DETAIL: '{detail}'")
    return RestError(
        _http_status(shape["status"]),
        str(said["code"]),
        str(said["message"]),
        details=said.get("details"),
        hint=said.get("hint"),
        headers={str(name): str(value) for name, value in headers.items()},
    )


def _unreadable_raise(details: str) -> RestError:
    message = "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error"
    return RestError(500, "PGRST121", message, details=details)


def _json_object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
