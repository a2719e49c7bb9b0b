"""The far end of a Flet session: keeps the tree that a browser would have, from the bytes alone."""

import asyncio
import functools
import operator
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import Operation
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    configure_encode_object_for_msgpack,
    decode_ext_from_msgpack,
)
from flet.pubsub.pubsub_hub import PubSubHub

_encode = configure_encode_object_for_msgpack(BaseControl)
# What people read or hear.
_TEXTS = ("value", "content", "label", "tooltip", "semantics_label")


def packed(value: object) -> bytes:
    """What goes over the wire. Encoding is part of Flet's comparing: without it nothing changes."""
    data: bytes = msgpack.packb(value, default=_encode)
    return data


class Browser(Connection):
    """One socket. `frames` are the bytes it got, `tree` what they add up to."""

    def __init__(self, memory: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Flet's gap
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop, executor=None)
        self.page_url = "http://localhost"
        self.frames: list[bytes] = []
        self.tree: dict[str, Any] = {}
        self.crash: str | None = None
        self.calls: list[tuple[int, str, str, dict[str, Any]]] = []
        self.memory = memory

    def send_message(self, message: Message) -> None:
        frame = packed([message.action, message.body])
        self.frames.append(frame)
        action, body = _unpacked(frame)
        match MessageAction(action):
            case MessageAction.PATCH_CONTROL:
                apply_patch(self.find(body["id"]), body["patch"])
            case MessageAction.INVOKE_METHOD:
                self.calls.append(
                    (body["control_id"], body["call_id"], body["name"], body.get("args") or {})
                )
            case MessageAction.SESSION_CRASHED:
                self.crash = body["message"]

    def dispose(self) -> None:
        pass

    def begin(self, page: object) -> None:
        """The answer to a browser's first message: the page as it is now."""
        frame = packed(page)
        self.frames.append(frame)
        self.tree = _unpacked(frame)

    def find(self, control_id: int) -> dict[str, Any]:
        """The control with this number; it is an error when the browser never got it."""
        for node in self.nodes():
            if node.get("_i") == control_id:
                return node
        raise AssertionError(f"a patch for control {control_id}, which the browser does not have")

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Every control in the tree, in the order of reading."""
        yield from _walk(self.tree)

    def texts(self) -> list[str]:
        """Every text that a person reads or hears, in order."""
        shown = (node.get(name) for node in _walk(self.tree, is_closed) for name in _TEXTS)
        return [text for text in shown if isinstance(text, str)]


def _unpacked(frame: bytes) -> Any:
    return msgpack.unpackb(frame, ext_hook=decode_ext_from_msgpack, strict_map_key=False)


def _walk(
    value: object, skipped: Callable[[dict[str, Any]], bool] = lambda node: False
) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if skipped(value):
            return
        if "_i" in value:
            yield value
        for part in value.values():
            yield from _walk(part, skipped)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part, skipped)


def is_closed(node: dict[str, Any]) -> bool:
    """A sheet that is going: Flet takes it away when the browser says that it is gone."""
    return node.get("_c") == "BottomSheet" and not node.get("open")


def apply_patch(root: Any, patch: list[Any]) -> None:
    """Change a tree as the client does; `patch` is a table of paths followed by operations.

    A path is walked when its operation comes: what came before may have moved things in lists.
    """
    paths: dict[int, tuple[Any, ...]] = {}

    def index(path: tuple[Any, ...], table: list[Any]) -> None:
        paths[table[0]] = path
        for key, below in (table[1] if len(table) > 1 else {}).items():
            index((*path, key), below)

    def at(place: int) -> Any:
        return functools.reduce(operator.getitem, paths[place], root)

    index((), patch[0])
    for kind, place, key, *rest in patch[1:]:
        node = at(place)
        match Operation(kind):
            case Operation.Replace:
                node[key] = rest[0]
            case Operation.Add if isinstance(node, list):
                node.insert(key, rest[0])
            case Operation.Add:
                node[key] = rest[0]
            case Operation.Remove:
                del node[key]
            case Operation.Move:
                moved = node.pop(key)
                at(rest[0]).insert(rest[1], moved)
