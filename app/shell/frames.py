"""What a browser may say on the socket: checked before Flet sees a byte of it.

Flet trusts its client: it sets any property of any control, takes events such as `close` of the
page from outside, and its receive loop dies without a close code on anything it does not
understand. Here a frame is either clean, or refused with a close code; nothing of its content is
kept or logged. The allowed names are those that Flet's own client sends (`updateProperties` and
`_registerClient` in its Dart source).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

import msgpack

from app.shell.codes import Close

PROTOCOL, PING, PONG = 0x00, 0x02, 0x03
# Ours, from host page to server and back: a person is there; the screen is covered after so many
# idle minutes; it takes up its client's session where the connection was lost; the server's first
# word, which says what build it is and whose socket.
ACTIVE, LOCK_MINUTES, RESUME, GREETING = 0x10, 0x11, 0x12, 0x13
REGISTER, EVENT, UPDATE, RESULT = 1, 3, 4, 5
PAGE_ID: Final = 1

MAX_DEPTH: Final = 16
MAX_NODES: Final = 5_000
_MAX_NAME, _MAX_ROUTE = 64, 2_048
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COUNT = re.compile(r"[0-9]{1,9}")
_SESSION_ID = re.compile(r"[A-Za-z0-9]{0,64}")

_PAGE_PROPS: Final = frozenset(
    {"route", "pwa", "web", "wasm", "platform", "platform_brightness", "width", "height", "media"}
)
_CONTROL_PROPS: Final = frozenset(
    {
        *("value", "text", "open", "expanded", "entry_mode", "start_value", "end_value"),
        *("selected", "selected_index", "selection", "_selected_index", "_dismissed"),
        *("route", "width", "height", "media", "platform_brightness"),
    }
)
# What no control says of itself while nobody is there.
_BY_PEOPLE: Final = frozenset(
    {"click", "tap", "long_press", "change", "submit", "select", "scroll", "dismiss"}
)
# The server tells these to a page when its own socket comes and goes.
_SERVER_EVENTS: Final = frozenset({"connect", "disconnect", "close"})


class BadFrame(Exception):
    """A frame that is refused; `code` is the close code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Frame:
    """A clean frame. `data` is what may be handed on, with its leading type byte."""

    action: int
    body: dict[str, Any]
    data: bytes

    @property
    def types(self) -> bool:
        """Whether it tells what stands in a field."""
        if self.action == UPDATE:
            return "value" in self.body["props"]
        return self.action == EVENT and self.body["name"] == "change"

    @property
    def by_a_person(self) -> bool:
        """Whether it tells of something that only a person does."""
        return (
            self.action == EVENT
            and self.body["target"] != PAGE_ID
            and self.body["name"] in _BY_PEOPLE
        )


def read(data: bytes) -> Frame:
    """The frame in `data`, without properties that no honest client sends.

    Raises `BadFrame`.
    """
    if not data or data[0] != PROTOCOL:
        raise BadFrame(Close.NOT_UNDERSTOOD)
    message = _unpack(data[1:])
    if not (isinstance(message, list) and len(message) == 2 and isinstance(message[1], dict)):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    action, body = message
    clean = _CLEANERS.get(action) if type(action) is int else None
    if clean is None:
        raise BadFrame(Close.NOT_UNDERSTOOD)
    kept = clean(body)
    if kept != body:
        data = bytes([PROTOCOL]) + msgpack.packb([action, kept])
    return Frame(action, kept, data)


def resuming(data: bytes) -> tuple[Frame, int]:
    """The frame in which a browser takes up the session that `data` names, as Flet would write it,
    and how many messages of that session it has drawn.

    It says nothing of the page: what that was like stays. Raises `BadFrame`.
    """
    name, _, drawn = data[1:].decode("latin-1").partition(".")
    if not _COUNT.fullmatch(drawn):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    body = _register({"session_id": name, "page_name": "", "page": {}})
    return Frame(REGISTER, body, bytes([PROTOCOL]) + msgpack.packb([REGISTER, body])), int(drawn)


def _unpack(data: bytes) -> object:
    try:
        message = msgpack.unpackb(data, ext_hook=_extension, strict_map_key=True)
        _measure(message)
    except BadFrame:
        raise
    except Exception as error:
        raise BadFrame(Close.NOT_UNDERSTOOD) from error
    return message


def _extension(code: int, data: bytes) -> msgpack.ExtType:
    """Flet parses these without a net, so they are parsed here first."""
    text = data.decode()
    match code:
        case 1:
            datetime.fromisoformat(text)
        case 2:
            hours, minutes = text.split(":")
            time(int(hours), int(minutes))
        case 3:
            int(text)
        case 4:
            pass
        case _:
            raise BadFrame(Close.NOT_UNDERSTOOD)
    return msgpack.ExtType(code, data)


def _measure(message: object) -> None:
    """Refuses what is nested or branched further than any screen needs."""
    nodes, pending = 0, [(message, 0)]
    while pending:
        value, depth = pending.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise BadFrame(Close.NOT_ACCEPTABLE)
        if isinstance(value, dict):
            pending.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            pending.extend((each, depth + 1) for each in value)


def _register(body: dict[str, Any]) -> dict[str, Any]:
    _exactly(body, {"session_id", "page_name", "page"})
    session_id, page = body["session_id"] or "", body["page"]
    if not (isinstance(session_id, str) and _SESSION_ID.fullmatch(session_id)):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    if not (isinstance(page, dict) and isinstance(body["page_name"], str)):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    kept = {name: value for name, value in page.items() if name in _PAGE_PROPS}
    _check_page(kept)
    return {"session_id": session_id, "page_name": "", "page": kept}


def _event(body: dict[str, Any]) -> dict[str, Any]:
    _exactly(body, {"target", "name", "data"})
    target, name = body["target"], body["name"]
    if type(target) is not int or not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    if target == PAGE_ID and name in _SERVER_EVENTS:
        raise BadFrame(Close.NOT_ACCEPTABLE)
    # An event's data becomes the fields of an event object: never its control or its name.
    if isinstance(body["data"], dict) and {"control", "name"} & body["data"].keys():
        raise BadFrame(Close.NOT_ACCEPTABLE)
    return body


def _update(body: dict[str, Any]) -> dict[str, Any]:
    _exactly(body, {"id", "props"})
    if type(body["id"]) is not int or not isinstance(body["props"], dict):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    allowed = _PAGE_PROPS if body["id"] == PAGE_ID else _CONTROL_PROPS
    kept = {name: value for name, value in body["props"].items() if name in allowed}
    if body["id"] == PAGE_ID:
        _check_page(kept)
    return {"id": body["id"], "props": kept}


def _result(body: dict[str, Any]) -> dict[str, Any]:
    _exactly(body, {"control_id", "call_id", "result", "error"})
    call_id, error = body["call_id"], body["error"]
    if type(body["control_id"]) is not int or not isinstance(call_id, str):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    if len(call_id) > _MAX_NAME or not isinstance(error, str | None):
        raise BadFrame(Close.NOT_UNDERSTOOD)
    return body


def _check_page(props: dict[str, Any]) -> None:
    route = props.get("route")
    if route is not None and not (
        isinstance(route, str) and route.startswith("/") and len(route) <= _MAX_ROUTE
    ):
        raise BadFrame(Close.NOT_ACCEPTABLE)
    for name in ("width", "height"):
        if not isinstance(props.get(name), int | float | None):
            raise BadFrame(Close.NOT_UNDERSTOOD)
    if not isinstance(props.get("media"), dict | None):
        raise BadFrame(Close.NOT_UNDERSTOOD)


def _exactly(body: dict[str, Any], names: set[str]) -> None:
    if body.keys() != names:
        raise BadFrame(Close.NOT_UNDERSTOOD)


_CLEANERS: Final[dict[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    REGISTER: _register,
    EVENT: _event,
    UPDATE: _update,
    RESULT: _result,
}
