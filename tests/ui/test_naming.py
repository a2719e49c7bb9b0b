"""The lint itself: what it finds, and what it lets pass."""

from collections.abc import Callable
from uuid import uuid4

import flet as ft
import pytest

from app.design.buttons import Choice, IconButton, MainButton
from app.design.cards import Heading
from app.design.forms import Field
from app.design.guard import screen
from app.design.rows import Row
from tests.ui.bare import Bell, opening
from tests.ui.harness import Visitor
from tests.ui.naming import controls, headings, nameless


def nothing() -> None:
    pass


async def _drawn(control: Callable[[], ft.Control]) -> Visitor:
    return await Visitor.open(opening(screen(control), Bell(), uuid4()))


@pytest.mark.parametrize(
    "control",
    [
        lambda: ft.IconButton(icon=ft.Icons.CLOSE_ROUNDED, tooltip="Close", on_click=nothing),
        lambda: ft.MergeSemantics(
            content=ft.IconButton(icon=ft.Icons.CLOSE_ROUNDED, on_click=nothing)
        ),
        lambda: ft.FilledButton(icon=ft.Icons.CLOSE_ROUNDED, on_click=nothing),
        lambda: ft.Container(content=ft.Text("Open"), on_click=nothing),
        lambda: ft.MergeSemantics(content=ft.Container(content=ft.Text("Open"), on_click=nothing)),
        lambda: ft.TextField(hint_text="Your name"),
        lambda: ft.Switch(),
        lambda: ft.Dropdown(label="Language", on_select=nothing),
        lambda: ft.Image(src="x.png"),
        lambda: ft.GestureDetector(content=ft.Text("Open"), on_tap=nothing),
    ],
)
async def test_a_control_without_a_name_or_role_of_its_own_is_found(
    control: Callable[[], ft.Control],
) -> None:
    visitor = await _drawn(control)

    assert len(nameless(visitor.browser.tree)) == 1


@pytest.mark.parametrize(
    "control",
    [
        lambda: IconButton("Close", ft.Icons.CLOSE_ROUNDED, nothing),
        lambda: MainButton("Save", nothing),
        lambda: MainButton("Save", nothing, running=True),
        lambda: Choice("German", nothing, chosen=True),
        lambda: Row(ft.Icons.LOCK_ROUNDED, "Lock", nothing, meta="After 5 minutes"),
        lambda: Field("Your name", lambda text: None),
    ],
)
async def test_our_own_pieces_pass(control: Callable[[], ft.Control]) -> None:
    visitor = await _drawn(control)

    assert nameless(visitor.browser.tree) == []
    assert controls(visitor.browser.tree) == 1


async def test_a_picture_that_says_nothing_may_be_left_out_of_what_is_read() -> None:
    visitor = await _drawn(
        lambda: ft.Semantics(exclude_semantics=True, content=ft.Image(src="x.png"))
    )

    assert nameless(visitor.browser.tree) == []


async def test_headings_are_read_with_their_levels() -> None:
    visitor = await _drawn(
        lambda: ft.Column([Heading("Me", level=1), Heading("Language"), Heading("More", level=3)])
    )

    assert headings(visitor.browser.tree) == [(1, "Me"), (2, "Language"), (3, "More")]
