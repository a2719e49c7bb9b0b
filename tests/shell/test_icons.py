"""The icon font: cut to what is drawn, and nothing that is drawn is missing."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from app.shell.engine import CLIENT, ICON_FONT, installed_web
from app.shell.icons import IconError, code_points, cut, icons_used, own_points
from app.shell.static import APP

WEB = installed_web()
# What Flutter calls otherwise than the font.
RENAMED = {"RADIO_BUTTON_OFF_ROUNDED": "radio_button_unchecked_rounded"}


@pytest.fixture(scope="module")
def client() -> str:
    return (WEB / CLIENT).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def whole() -> bytes:
    return (WEB / ICON_FONT).read_bytes()


def test_a_name_leads_to_the_picture_of_that_name(client: str, whole: bytes) -> None:
    """The font names its pictures too, and knows nothing of lists and places."""
    pictures = TTFont(BytesIO(whole)).getBestCmap()
    for name, point in code_points(client, icons_used(APP)).items():
        wanted = RENAMED.get(name, name.lower())
        assert pictures[point].removesuffix("_baseline") == wanted


def test_the_clients_own_icons_are_known(client: str) -> None:
    theirs = own_points(client)
    known = code_points(client, ["ARROW_BACK", "CLOSE", "ARROW_DROP_DOWN", "MORE_VERT", "CHECK"])
    assert set(known.values()) <= theirs
    assert len(theirs) < 200


def test_every_icon_in_use_has_a_picture_in_the_cut_font(client: str, whole: bytes) -> None:
    names = icons_used(APP)
    small = cut(whole, client, names)
    font = TTFont(BytesIO(small))
    table, glyphs = font.getBestCmap(), font.getGlyphSet()
    original = TTFont(BytesIO(whole))
    wanted = {*code_points(client, names).values(), *own_points(client)}
    assert wanted == set(table)
    for point in wanted:
        assert _box(glyphs, table[point])
        assert _box(glyphs, table[point]) == _box(
            original.getGlyphSet(), original.getBestCmap()[point]
        )
    assert len(small) < len(whole) / 20


def _box(glyphs: Any, name: str) -> tuple[float, ...] | None:
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    bounds: tuple[float, ...] | None = pen.bounds
    return bounds


def test_icons_that_nobody_uses_are_gone(client: str, whole: bytes) -> None:
    small = TTFont(BytesIO(cut(whole, client, ["HOME_ROUNDED"])))
    [rocket] = code_points(client, ["ROCKET_LAUNCH_ROUNDED"]).values()
    assert rocket not in small.getBestCmap()


def test_another_client_or_an_unknown_icon_is_told(client: str, whole: bytes) -> None:
    with pytest.raises(IconError, match="NO_SUCH_ICON"):
        cut(whole, client, ["NO_SUCH_ICON"])
    with pytest.raises(IconError, match="another shape"):
        cut(whole, "function main() {}", ["HOME_ROUNDED"])


def test_names_are_read_from_the_code(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "screen.py").write_text(
        "icon = ft.Icons.HOME_ROUNDED if x else ft.Icons.CHECK"
    )
    assert icons_used(tmp_path) == {"HOME_ROUNDED", "CHECK"}
