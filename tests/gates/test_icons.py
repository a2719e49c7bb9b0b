"""Every icon that a screen names is in the font that phones get, and none is chosen unseen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.shell.icons import icons_used
from app.shell.static import APP


def icons_of(tree: ast.Module) -> Iterator[tuple[int, str | None]]:
    """Every mention of Flet's icons: its line and its name, None if the name is not written out."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    named = {id(node.value): node for node in attributes if is_icons(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and is_icons(node):
            yield node.lineno, named[id(node)].attr if id(node) in named else None
        if isinstance(node, ast.ImportFrom) and {each.name for each in node.names} & ICONS:
            yield node.lineno, None


ICONS = {"Icons", "CupertinoIcons"}


def is_icons(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ICONS


def mentions(code: Path) -> Iterator[tuple[str, str | None]]:
    for file in sorted(code.rglob("*.py")):
        for line, name in icons_of(ast.parse(file.read_text(encoding="utf-8"))):
            yield f"{file.relative_to(code)}:{line}", name


def test_every_icon_is_written_out_as_an_attribute() -> None:
    hidden = [place for place, name in mentions(APP) if name is None]
    assert hidden == [], "write ft.Icons.NAME there: the icon font is cut to what can be read"


def test_reading_finds_exactly_the_icons_of_the_code() -> None:
    assert icons_used(APP) == {name for _, name in mentions(APP)}


@pytest.mark.parametrize(
    "line",
    [
        "icon = getattr(ft.Icons, name)",
        "icon = ft.Icons[name]",
        "from flet import Icons",
        "icon = random.choice(list(ft.Icons))",
        "icons = ft.CupertinoIcons",
    ],
)
def test_an_icon_that_cannot_be_read_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "screen.py").write_text(f"import flet as ft\n{line}\n")
    assert [name for _, name in mentions(tmp_path)] == [None]
