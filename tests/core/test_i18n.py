"""Words, dates and directions for one reader."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.i18n import Translator, best_language, languages


def test_a_language_without_catalogue_falls_back_to_english() -> None:
    t = Translator("xx")
    assert t.language == "en"
    assert t("Nobody translated this") == "Nobody translated this"


def test_filled_in_text_keeps_its_own_direction() -> None:
    assert Translator("en")("Hello {name}", name="سلام") == "Hello \u2068سلام\u2069"


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
