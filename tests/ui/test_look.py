"""The materials: contrast as it is measured, and pieces that must not differ between sessions."""

from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path

import flet as ft
import pytest

from app.design.buttons import IconButton, MainButton, QuietButton
from app.design.cards import initials
from app.design.look import SIZES, Look, Scheme
from app.design.theme import themes
from app.design.tokens import CONTRAST, CONTRAST_DARK, DARK, LIGHT, Tone, css
from tests.ui.browser import packed

ENOUGH, ENOUGH_ON_PAPER = 4.5, 5.6
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


TONES = [LIGHT, DARK, CONTRAST, CONTRAST_DARK]
MEANINGS = ("error", "tertiary", "secondary")
# Text and what it stands on, by the names of Material's roles.
PAIRS = [
    *(
        (text, back)
        for text in ("on_surface", "on_surface_variant", "primary", *MEANINGS)
        for back in ("surface", "surface_container", "primary_container")
    ),
    ("on_primary", "primary"),
    ("on_primary_container", "primary_container"),
    ("on_secondary_container", "secondary_container"),
    ("on_error", "error"),
]


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("text", ["ink", "muted", "primary", "danger", "ok", "warn"])
@pytest.mark.parametrize("back", ["paper", "surface"])
def test_every_text_colour_can_be_read_on_paper_and_surface(
    tone: Tone, text: str, back: str
) -> None:
    assert _contrast(getattr(tone, text), getattr(tone, back)) >= ENOUGH_ON_PAPER


@pytest.mark.parametrize("look", [Look(), Look(scheme=Scheme.CONTRAST)])
@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("text", "back"), PAIRS)
def test_every_text_of_every_theme_can_be_read(
    look: Look, theme: int, text: str, back: str
) -> None:
    colours = themes(look, rtl=False)[theme].color_scheme
    assert colours

    assert _contrast(str(getattr(colours, text)), str(getattr(colours, back))) >= ENOUGH


@pytest.mark.parametrize("look", [Look(), Look(scheme=Scheme.CONTRAST)])
@pytest.mark.parametrize("theme", [0, 1])
def test_short_messages_and_the_place_in_the_bar_can_be_read(look: Look, theme: int) -> None:
    drawn = themes(look, rtl=False)[theme]
    assert drawn.snackbar_theme
    assert drawn.snackbar_theme.content_text_style
    assert drawn.navigation_bar_theme
    assert drawn.color_scheme
    message = drawn.snackbar_theme.content_text_style.color, drawn.snackbar_theme.bgcolor
    place = (
        drawn.color_scheme.on_secondary_container,
        drawn.navigation_bar_theme.indicator_color,
    )

    for text, back in (message, place):
        assert _contrast(str(text), str(back)) >= ENOUGH


@pytest.mark.parametrize("tone", [CONTRAST, CONTRAST_DARK])
def test_high_contrast_is_black_and_white_alone(tone: Tone) -> None:
    colours = {value for value in asdict(tone).values() if isinstance(value, str)}

    assert colours == {"#000000", "#FFFFFF"}


@pytest.mark.parametrize("percent", SIZES)
def test_icons_grow_with_the_text_while_it_has_room(percent: int) -> None:
    theme = themes(Look(percent=percent), rtl=False)[0]
    assert theme.icon_theme
    assert theme.filled_button_theme
    assert theme.filled_button_theme.style

    assert theme.icon_theme.size == min(24 * percent / 100, 36)
    assert theme.filled_button_theme.style.icon_size == 20 * percent / 100


def test_the_pages_get_the_same_colours_by_name() -> None:
    assert "--paper: #FBF9F5;" in css(LIGHT)
    assert "--on-primary: #14181F;" in css(DARK)


def test_a_theme_is_made_once_and_sent_alike_to_everybody() -> None:
    first = packed(themes(Look(), rtl=False)[0])

    assert themes(Look(), rtl=False)[0] is themes(Look(), rtl=False)[0]
    assert packed(themes(Look(), rtl=False)[0]) == first
    assert packed(themes(Look(), rtl=True)[0]) != first
    assert packed(themes(Look(percent=125), rtl=False)[0]) != first


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


def test_every_style_of_text_names_its_font() -> None:
    """CanvasKit fetches 78 KB for the first letter beyond ASCII in a text that names none."""
    found: list[ft.TextStyle] = []

    def collect(part: object) -> None:
        if isinstance(part, ft.TextStyle):
            found.append(part)
        elif is_dataclass(part):
            for field in fields(part):
                collect(getattr(part, field.name))

    for theme in themes(Look(), rtl=False):
        collect(theme)
    assert len(found) > 20
    assert {style.font_family for style in found} == {"Roboto"}
