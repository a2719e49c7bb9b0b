"""Words, dates and directions for one reader."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import words
from app.core import i18n
from app.core.i18n import EASY, Translator, best_language, languages


def test_a_language_without_catalogue_falls_back_to_english() -> None:
    t = Translator("xx")
    assert t.language == "en"
    assert t("Nobody translated this") == "Nobody translated this"


def test_filled_in_text_keeps_its_own_direction() -> None:
    assert Translator("en")("Hello {name}", name="سلام") == "Hello \u2068سلام\u2069"


def test_each_line_of_what_somebody_wrote_runs_as_its_letters_do() -> None:
    assert i18n.in_own_direction("Call us.\nسلام") == "\u2068Call us.\u2069\n\u2068سلام\u2069"


def test_braces_in_a_name_are_only_text() -> None:
    assert "{0.__class__}" in Translator("en")("Hello {name}", name="{0.__class__}")


@pytest.mark.parametrize(("code", "rtl"), [("en", False), ("de", False), ("ar", True)])
def test_direction_follows_the_language(code: str, rtl: bool) -> None:
    assert Translator(code).rtl is rtl
    assert languages()[code].rtl is rtl


def test_a_date_is_a_weekday_and_digits_in_the_readers_time_zone() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert Translator("en", "UTC").date(late) == "Sun 22.11.2026"
    assert Translator("en", "Europe/Berlin").date(late) == "Mon 23.11.2026"
    assert Translator("en", "Europe/Berlin").time(late) == "00:30"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("ar-SY", "ar"),
        ("en;q=0.2,de;q=0.8", "de"),
        ("zz,de;q=0.1", "de"),
        ("", "en"),
        ("de;q=nonsense", "en"),
    ],
)
def test_the_browsers_wish_finds_the_nearest_language(header: str, code: str) -> None:
    assert best_language(header) == code


@given(st.text(max_size=2000))
def test_any_header_gives_an_offered_language(header: str) -> None:
    assert best_language(header) in languages()


@pytest.fixture
def easy_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Catalogues in which the door, and nothing else, is there in easy English."""
    folder = tmp_path / "locales" / EASY / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entry = 'msgid "Please authenticate"\nmsgstr "Please say who you are"\n'
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "door.po").write_text(head + entry, encoding="utf-8")
    words.compile_catalogues(tmp_path)
    monkeypatch.setattr(i18n, "LOCALES", tmp_path / "locales")
    for cache in (i18n.languages, i18n._catalogue):
        cache.cache_clear()
    yield
    for cache in (i18n.languages, i18n._catalogue):
        cache.cache_clear()


@pytest.mark.usefixtures("easy_door")
def test_easy_english_is_a_language_of_its_own_and_english_to_a_browser() -> None:
    assert [each.name for each in languages("door").values()] == ["English", "Easy English"]
    t = Translator(EASY, domain="door")
    assert (t.language, t.tag, t.direction) == (EASY, "en-simple", "ltr")
    assert t("Please authenticate") == "Please say who you are"
    assert t.n("{n} try", "{n} tries", 2) == "\u20682\u2069 tries"
    assert t.date(datetime(2026, 11, 23, tzinfo=UTC)) == "Mon 23.11.2026"
    assert Translator(EASY).language == "en"


@pytest.mark.usefixtures("easy_door")
@pytest.mark.parametrize(
    ("header", "code"), [("en-simple", EASY), ("en-GB,en;q=0.8", "en"), ("de", "en")]
)
def test_easy_english_is_read_by_whoever_asks_for_it(header: str, code: str) -> None:
    assert best_language(header, "door") == code
