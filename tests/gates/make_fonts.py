"""Makes the fallback fonts in assets/fonts, at the paths that the installed engine asks for:

    python -m tests.gates.make_fonts FOLDER

FOLDER holds the unpacked npm packages `@fontsource/noto-color-emoji`, `…/noto-sans-arabic`,
`…/noto-sans-ethiopic` and `…/noto-sans-hebrew` (each as `<name>/package`, as `npm pack` makes
them) and `NotoSans-Regular.ttf` (Debian's fonts-noto-core). Needed when an upgrade of Flet asks for
other paths; takes some minutes, most of it emoji.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from app.shell.engine import CLIENT, NO_LETTERS, installed_web
from app.shell.static import ASSETS
from tests.gates.fallback import Fallback

SCRIPTS = ("arabic", "ethiopic", "hebrew")
_EMOJI = "Noto Color Emoji "
_REST = "Noto Sans"
ROBOTO = "assets/fonts/roboto.woff2"
# Marks of direction, and the joiner of words: no width, nothing to see.
MARKS = (0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A))


def wanted(table: Fallback) -> Iterator[tuple[str, str]]:
    """Family and file of everything that is served besides the bundled Roboto."""
    families = {_REST, *(f"Noto Sans {script.title()}" for script in SCRIPTS)}
    for family, file in table.files.items():
        if family in families or family.startswith(_EMOJI):
            yield family, file


def main(source: Path) -> None:
    table = Fallback((installed_web() / CLIENT).read_text(encoding="utf-8"))
    for family, file in wanted(table):
        target = ASSETS / "fonts" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if family.startswith(_EMOJI):
            # The vector layers that the engine draws, without the SVG pictures it cannot read.
            emoji = _package(source, "noto-color-emoji", "emoji")
            _cut(emoji, target, table.characters(family), features=["*"], drop=["SVG "])
        elif family == _REST:
            [whole] = source.rglob("NotoSans-Regular.ttf")
            rest = table.characters(family) - _bundled()
            _cut(whole, target, rest, features=["ccmp", "locl", "mark", "mkmk"])
        else:
            script = family.removeprefix("Noto Sans ").lower()
            shutil.copyfile(_package(source, f"noto-sans-{script}", script), target)
        print(target.stat().st_size, target.relative_to(ASSETS))
    make_empty(ASSETS.parent / NO_LETTERS)
    add_unseen(ASSETS.parent / ROBOTO)


def make_empty(target: Path) -> None:
    """A font without letters, for what the engine asks for and we do not have."""
    builder = FontBuilder(unitsPerEm=1000)
    builder.setupGlyphOrder([".notdef", "private"])
    # Some character there must be: one that nobody can type.
    builder.setupCharacterMap({0xE000: "private"})
    nothing = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": nothing, "private": nothing})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "private": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Nothing", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff2"
    builder.save(target)


def add_unseen(target: Path) -> None:
    """The bundled font with the marks that stand around names and numbers. Without them CanvasKit
    fetches 78 KB for a mark that nobody sees, on every screen."""
    font = TTFont(installed_web() / ROBOTO)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= dict.fromkeys(MARKS, table.cmap[0x200B])
            table.cmap[0x202F] = table.cmap[0x2009]
    font.save(target)


def _bundled() -> set[int]:
    """The letters of the font that every screen has."""
    return set(TTFont(installed_web() / ROBOTO).getBestCmap())


def _package(source: Path, name: str, part: str) -> Path:
    [found] = source.glob(f"*{name}*/package/files/{name}-{part}-400-normal.woff2")
    return found


def _cut(
    source: Path, target: Path, characters: set[int], features: list[str], drop: Sequence[str] = ()
) -> None:
    options = subset.Options(layout_features=features, flavor="woff2", hinting=False)
    options.drop_tables += drop
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
