"""Makes the fallback fonts in assets/fonts, at the paths that the installed engine asks for:

    python -m tests.gates.make_fonts FOLDER

FOLDER holds the unpacked npm packages `@fontsource/noto-color-emoji`, `…/noto-sans-arabic`,
`…/noto-sans-ethiopic` and `…/noto-sans-hebrew` (each as `<name>/package`, as `npm pack` makes
them). Needed when an upgrade of Flet asks for other paths; takes some minutes, most of it emoji.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset

from app.shell.engine import CLIENT, installed_web
from app.shell.static import ASSETS
from tests.gates.fallback import Fallback

SCRIPTS = ("arabic", "ethiopic", "hebrew")
_EMOJI = "Noto Color Emoji "


def wanted(table: Fallback) -> Iterator[tuple[str, str]]:
    """Family and file of everything that is served besides the bundled Roboto."""
    families = {f"Noto Sans {script.title()}" for script in SCRIPTS}
    for family, file in table.files.items():
        if family in families or family.startswith(_EMOJI):
            yield family, file


def main(source: Path) -> None:
    table = Fallback((installed_web() / CLIENT).read_text(encoding="utf-8"))
    for family, file in wanted(table):
        target = ASSETS / "fonts" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if family.startswith(_EMOJI):
            _emoji(_package(source, "noto-color-emoji", "emoji"), target, table.characters(family))
        else:
            script = family.removeprefix("Noto Sans ").lower()
            shutil.copyfile(_package(source, f"noto-sans-{script}", script), target)
        print(target.stat().st_size, target.relative_to(ASSETS))


def _package(source: Path, name: str, part: str) -> Path:
    [found] = source.glob(f"*{name}*/package/files/{name}-{part}-400-normal.woff2")
    return found


def _emoji(source: Path, target: Path, characters: set[int]) -> None:
    """The vector layers that the engine draws (COLR), without the SVG pictures it cannot read."""
    options = subset.Options(layout_features=["*"], flavor="woff2", drop_tables=["SVG "])
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
