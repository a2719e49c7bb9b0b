"""The materials: contrast as it is measured, and pieces that must not differ between sessions."""

from collections.abc import Callable
from pathlib import Path

import flet as ft
import pytest

from app.design.buttons import IconButton, MainButton, QuietButton
from app.design.cards import initials
from app.design.theme import themes
from app.design.tokens import DARK, LIGHT, Tone, css
from tests.ui.browser import packed

ENOUGH = 5.6
APP = Path(__file__).parents[2] / "app"


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("tone", "text", "back"),
    [
        (tone, text, back)
        for tone in (LIGHT, DARK)
        for text in ("ink", "muted", "primary", "danger", "ok", "warn")
        for back in ("paper", "surface")
    ],
)
def test_every_text_colour_can_be_read_on_paper_and_surface(
    tone: Tone, text: str, back: str
) -> None:
    assert _contrast(getattr(tone, text), getattr(tone, back)) >= ENOUGH


@pytest.mark.parametrize("tone", [LIGHT, DARK])
def test_the_text_on_the_main_button_can_be_read(tone: Tone) -> None:
    assert _contrast(tone.on_primary, tone.primary) >= ENOUGH


def test_the_pages_get_the_same_colours_by_name() -> None:
    assert "--paper: #FBF9F5;" in css(LIGHT)
    assert "--on-primary: #14181F;" in css(DARK)


def test_a_theme_is_made_once_and_sent_alike_to_everybody() -> None:
    first = packed(themes(rtl=False)[0])

    assert themes(rtl=False)[0] is themes(rtl=False)[0]
    assert packed(themes(rtl=False)[0]) == first
    assert packed(themes(rtl=True)[0]) != first


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amina Haddad", "AH"),
        ("Li", "L"),
        ("  Juan  Carlos de la Cruz ", "JC"),
        ("أمينة حداد", "أح"),
        ("(she) Kim", "K"),
        ("…", "·"),
        ("", "·"),
    ],
)
def test_initials_stand_for_any_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_button_with_an_icon_alone_has_a_name_of_its_own() -> None:
    button = IconButton("Close", ft.Icons.CLOSE_ROUNDED, lambda: None)

    assert isinstance(button, ft.MergeSemantics)
    assert isinstance(button.content, ft.IconButton)
    assert button.content.tooltip == "Close"


def test_nobody_makes_a_button_without_a_name_elsewhere() -> None:
    bare = [
        path
        for path in APP.rglob("*.py")
        if path.name != "buttons.py" and "ft.IconButton(" in path.read_text(encoding="utf-8")
    ]

    assert bare == []


@pytest.mark.parametrize("make", [MainButton, QuietButton])
def test_a_button_that_is_at_work_is_off_and_shows_it(
    make: Callable[..., ft.FilledButton],
) -> None:
    idle, busy = make("Save", lambda: None), make("Save", lambda: None, running=True)

    assert (idle.disabled, busy.disabled) == (False, True)
    assert isinstance(busy.icon, ft.ProgressRing)
