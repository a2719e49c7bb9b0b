"""Logs that cannot tell a secret: JSON lines with a closed list of keys and shapes.

A line keeps only the keys of `SHAPES`, and of those only values that have their shape: no sentence,
token, address or key of ours fits any of them, should somebody pass one by mistake. Lines of
libraries lose their text altogether (their messages quote URLs and payloads): what is left says who
warned, and where.
"""

import contextlib
import contextvars
import hashlib
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TextIO

import structlog

from app.core.ids import device_tag

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MODULE = re.compile(r"[a-z_][a-z0-9_]{0,39}(\.[a-z_][a-z0-9_]{0,39}){0,8}(:[A-Za-z_]{1,64})?")
_FAULT = re.compile(
    r"[A-Z][A-Za-z]{0,39}(Error|Exception|Timeout|Warning|Group|Exit|Closed|OK|URL)"
    r"|NotAllowed|NotFound|Conflict|Invalid|Unreachable|Unexpected"
)
_HEX = re.compile(r"[0-9a-f]{8,64}")

SHAPES: dict[str, re.Pattern[str] | type] = {
    "event": _WORD,
    "level": _WORD,
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}Z"),
    "request": _HEX,
    "device": _HEX,
    "fingerprint": _HEX,
    "code": _WORD,
    "error": _FAULT,
    "place": _MODULE,
    "library": _MODULE,
    "job": _WORD,
    "kind": _WORD,
    "method": re.compile(r"[A-Z]{3,7}"),
    "route": re.compile(r"/[a-z_{}/.-]{0,63}"),
    "status": int,
    "count": int,
    "attempt": int,
    "port": int,
    "ms": float,
    "seconds": float,
}

_OWN = str(Path(__file__).resolve().parents[1])
_request: contextvars.ContextVar[str | None] = contextvars.ContextVar("request", default=None)
_device: contextvars.ContextVar[str | None] = contextvars.ContextVar("device", default=None)


_faults: Counter[str] = Counter()


class Fingerprint(NamedTuple):
    """What may be kept of an exception: its type and the innermost place in our code."""

    id: str
    code: str
    place: str


def fingerprint(error: BaseException) -> Fingerprint:
    """The same for the same fault, whatever the data was: no text, no values, no line numbers."""
    place = _innermost_own_place(error.__traceback__)
    code = f"{type(error).__module__}.{type(error).__qualname__}"
    digest = hashlib.sha256(f"{code} {place}".encode()).hexdigest()[:16]
    return Fingerprint(digest, type(error).__name__, place)


def set_up_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Sends our own and the libraries' log lines to `stream` (standard output) as safe JSON."""
    number = logging.getLevelNamesMapping()[level.upper()]
    output = stream or sys.stdout
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_context,
            keep_only_shapes,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_LibraryHandler()]
    root.setLevel(max(number, logging.WARNING))


def get_log() -> structlog.typing.FilteringBoundLogger:
    """The log; `get_log().info("job_done", job="sweep", ms=12.5)`: event and keys of `SHAPES`."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return log


@contextlib.contextmanager
def log_context(*, request: str | None = None, cookie_hash: str | None = None) -> Iterator[None]:
    """Marks every line logged inside with the request and the device it is about."""
    tokens = (
        _request.set(request or _request.get()),
        _device.set(device_tag(cookie_hash) if cookie_hash else _device.get()),
    )
    try:
        yield
    finally:
        _request.reset(tokens[0])
        _device.reset(tokens[1])


def log_fault(event: str, error: BaseException, **facts: object) -> Fingerprint:
    """Logs an exception by its fingerprint and gives it back, for the table of errors."""
    mark = fingerprint(error)
    _faults[event] += 1
    get_log().error(event, fingerprint=mark.id, error=mark.code, place=mark.place, **facts)
    return mark


def faults(event: str) -> int:
    """How often `log_fault` was called for this event since the process began."""
    return _faults[event]


def keep_only_shapes(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The structlog processor that makes the promise of this module's docstring true."""
    kept = {key: value for key, value in line.items() if _has_shape(key, value)}
    kept.setdefault("event", "unnamed")
    left_out = len(line) - len(kept)
    return {**kept, "left_out": left_out} if left_out > 0 else kept


def _has_shape(key: object, value: object) -> bool:
    shape = SHAPES.get(key) if isinstance(key, str) else None
    if shape is None:
        return False
    if isinstance(shape, type):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and shape.fullmatch(value) is not None


def _add_context(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, variable in (("request", _request), ("device", _device)):
        if value := variable.get():
            line[key] = value
    return line


def _innermost_own_place(traceback: TracebackType | None) -> str:
    place = "elsewhere"
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(_OWN):
            module = traceback.tb_frame.f_globals.get("__name__", "app")
            place = f"{module}:{code.co_name.strip('<>')}"
        traceback = traceback.tb_next
    return place


class _LibraryHandler(logging.Handler):
    """Passes on that a library logged something, never what."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, object] = {
            "library": record.name,
            "place": f"{record.module}:{record.funcName}",
        }
        if record.exc_info and record.exc_info[1]:
            facts["error"] = type(record.exc_info[1]).__name__
        get_log().log(record.levelno, "library_said", **facts)
