"""What a screen reader needs to know of a drawn tree: names, roles, headings."""

from collections.abc import Iterator
from typing import Any

from tests.ui.browser import is_closed

Node = dict[str, Any]

# Where a text can stand that gives a control its name.
_NAMES = ("value", "content", "label", "tooltip", "semantics_label")
_EVENTS = ("on_click", "on_tap", "on_change", "on_submit", "on_long_press", "on_select")
_BUTTONS = {"FilledButton", "OutlinedButton", "TextButton", "Button", "FilledTonalButton"}
_BARS = {"NavigationBar", "NavigationRail"}
_FIELDS = {"TextField", "Checkbox", "Switch", "Radio"}
# Frames that a person does not press: the page itself, and what only reports to the server.
_FRAMES = {"Page", "View", "BottomSheet", "SnackBar", "SafeArea"}


def nameless(tree: Node) -> list[str]:
    """Each control that can be used and has no name, or none of its own that is read as such."""
    return [
        f"{node['_c']} {wrong}: {_shown(node)}"
        for node, around in _walk(tree, ())
        if (wrong := _wrong(node, around))
    ]


def headings(tree: Node) -> list[tuple[int, str]]:
    """The headings in the order of reading: level and text."""
    return [
        (int(node["heading_level"]), " ".join(_texts(node)))
        for node, _ in _walk(tree, ())
        if node.get("heading_level")
    ]


def controls(tree: Node) -> int:
    """How many controls can be used."""
    return sum(1 for node, _ in _walk(tree, ()) if _is_used(node))


def _wrong(node: Node, around: tuple[Node, ...]) -> str | None:
    kind = node["_c"]
    if kind == "Image" and not node.get("semantics_label") and not _is_hidden(around):
        return "says nothing about its picture"
    if not _is_used(node):
        return None
    if kind in _BARS:
        places = node.get("destinations") or []
        return None if all(each.get("label") for each in places) else "has a place without a name"
    if kind in _FIELDS:
        return None if node.get("label") else "has no label"
    if kind in _BUTTONS:
        return None if any(_texts(node)) else "has no text"
    merged = [each for each in around if each["_c"] == "MergeSemantics"]
    if not merged:
        return "has a name only beside itself"
    if not any(_texts(merged[-1])):
        return "has no name"
    told = [node, *around[around.index(merged[-1]) :]]
    if kind != "IconButton" and not any(each.get("button") for each in told):
        return "is not said to be a button"
    return None


def _is_used(node: Node) -> bool:
    kind = node["_c"]
    if kind in _FRAMES:
        return False
    known = kind in _BARS | _FIELDS | _BUTTONS | {"IconButton"}
    return known or any(node.get(event) for event in _EVENTS)


def _is_hidden(around: tuple[Node, ...]) -> bool:
    return any(each.get("exclude_semantics") for each in around)


def _walk(value: object, around: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    if isinstance(value, dict):
        if is_closed(value) or value.get("visible") is False:
            return
        if "_c" in value:
            yield value, around
            around = (*around, value)
        for part in value.values():
            yield from _walk(part, around)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part, around)


def _texts(node: Node) -> list[str]:
    found = (each.get(name) for each, _ in _walk(node, ()) for name in _NAMES)
    return [text for text in found if isinstance(text, str) and text.strip()]


def _shown(node: Node) -> str:
    return " · ".join(_texts(node)) or "nothing"
