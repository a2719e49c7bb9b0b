"""Every word of the app can be drawn: its letters are in a font that the engine finds here."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from app.shell.engine import CLIENT, installed_web
from app.shell.static import APP, ASSETS
from tests.gates.fallback import Fallback
from tests.gates.make_fonts import MARKS, ROBOTO, SCRIPTS, wanted

FONTS = ASSETS / "fonts"
LOCALES = APP.parent / "locales"
# What no font needs: the engine breaks lines and joins emoji by itself.
UNSEEN = {ord("\n"), 0x200D, 0xFE0F}
LETTERS = {
    "Polish, Czech, Romanian, Turkish": "ąćęłńóśźżčďěňřšťůžăâîșțçğıİöşü",
    "Russian, Ukrainian, Bulgarian": "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
    "Vietnamese": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "Hausa, Azerbaijani, Yoruba, Sámi": "ɓɗƙƴəƏẹọṣŋŧđ",
    "Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويًٌٍَُِّْ،؛؟٠١٢٣٤٥٦٧٨٩",
    "Persian, Dari": "پچژگکی۰۱۲۳۴۵۶۷۸۹",
    "Pashto": "ټډړږښڼېۍئګځڅ",
    "Sorani": "ڕڵۆێەھڤ",
    "Urdu": "ٹڈڑںےہھۂۓ",
    "Tigrinya, Amharic": "ሀለሐመሠረሰሸቀቐበተኀነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐ።፣፤፦",
    "Hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "faces and signs of messages": "😀😊😂😢😡👍👎🙏❤💪🎉🌈🏠🚌📅⏰☎✅❌⚽🐶🍕🇩🇪",
}


@cache
def fallback() -> Fallback:
    return Fallback((installed_web() / CLIENT).read_text(encoding="utf-8"))


@cache
def characters(path: Path) -> frozenset[int]:
    return frozenset(TTFont(path).getBestCmap())


def is_drawn(point: int) -> bool:
    """In the font of all screens, or in one that is here and that the engine asks for."""
    if point in UNSEEN or point in characters(ASSETS.parent / ROBOTO):
        return True
    files = [FONTS / fallback().files[family] for family in fallback().families[point]]
    return any(file.exists() and point in characters(file) for file in files)


def words_of(catalogue: Path) -> Iterator[str]:
    with catalogue.open("rb") as file:
        for message in read_po(file):
            for text in (message.id, message.string):
                yield from [text] if isinstance(text, str) else text or ()


@pytest.mark.parametrize(
    "language", sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
)
def test_no_catalogue_has_a_letter_that_no_font_has(language: str) -> None:
    letters: set[str] = set()
    for catalogue in (LOCALES / language / "LC_MESSAGES").glob("*.po"):
        letters.update(*words_of(catalogue))
    assert letters
    assert [each for each in sorted(letters) if not is_drawn(ord(each))] == []


@pytest.mark.parametrize("language", LETTERS)
def test_what_people_write_can_be_drawn(language: str) -> None:
    assert [each for each in LETTERS[language] if not is_drawn(ord(each))] == []


def test_a_letter_that_no_font_has_is_noticed() -> None:
    assert not is_drawn(ord("த"))


@pytest.mark.parametrize(("family", "file"), [*wanted(fallback())])
def test_each_file_lies_where_the_engine_asks_for_it(family: str, file: str) -> None:
    assert (FONTS / file).is_file(), "run python -m tests.gates.make_fonts"
    if family.startswith("Noto Color Emoji"):
        font = TTFont(FONTS / file)
        assert fallback().characters(family) - {0x20} <= set(font.getBestCmap())
        assert font["COLR"].version == 1
        assert "SVG " not in font


def test_nothing_lies_there_that_the_engine_never_asks_for() -> None:
    here = {path.relative_to(FONTS).as_posix() for path in FONTS.rglob("*.woff2")}
    assert here == {"none.woff2", "roboto.woff2", *(file for _, file in wanted(fallback()))}


def test_a_script_costs_little_and_all_emoji_three_megabytes_at_most() -> None:
    sizes = {family: (FONTS / file).stat().st_size for family, file in wanted(fallback())}
    emoji = [size for family, size in sizes.items() if "Emoji" in family]
    assert len(sizes) - len(emoji) == len(SCRIPTS) + 1
    assert max(size for family, size in sizes.items() if "Emoji" not in family) <= 150_000
    assert sum(emoji) <= 3_000_000


def test_marks_that_nobody_sees_cost_nobody_a_font() -> None:
    bundled, ours = installed_web() / ROBOTO, ASSETS.parent / ROBOTO
    assert characters(ours) - characters(bundled) == {*MARKS, 0x202F}
    assert characters(bundled) < characters(ours)


def test_the_licence_lies_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8").upper()
    assert "Apache License" in (FONTS / "roboto-LICENSE.txt").read_text(encoding="utf-8")
