"""The file of help numbers: what stands in it has a source, and what has none is not shown."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.safety.model import COUNTRIES, NUMBERS, HelpBook, Number, help_book, read_book
from app.shell.pages import NEUTRAL_SITE

SEED = Path(__file__).resolve().parents[2] / "supabase" / "seed.sql"
GOOD: dict[str, Any] = {
    "country": "AT",
    "number": "147",
    "name": "Rat auf Draht",
    "what": "talk",
    "who": "young",
    "source": "somebody",
    "url": "https://example.org/",
    "checked": date(2026, 11, 22),
}


def book(**changed: object) -> HelpBook:
    """A book with one number."""
    row = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return read_book({"sites": {"default": "https://example.org/"}, "numbers": [row]})


@pytest.mark.parametrize(
    "number", help_book().numbers, ids=lambda each: f"{each.country}-{each.number}"
)
def test_every_number_says_who_names_it_where_and_when_that_was_read(number: Number) -> None:
    assert number.source.strip()
    assert re.fullmatch(r"https?://[^\s/]+\.[a-z]+/\S*", number.url)
    assert date(2026, 1, 1) < number.checked <= date(2026, 12, 31)


def test_nobody_is_said_to_have_reviewed_a_number() -> None:
    known = {"country", "number", "name", "what", "who", "free", "hours", "languages"}
    rows = tomllib.loads(NUMBERS.read_text(encoding="utf-8"))["numbers"]
    assert {field for row in rows for field in row} <= known | {"source", "url", "checked"}


def test_only_112_works_everywhere() -> None:
    assert [each.number for each in help_book().everywhere()] == ["112"]


def test_no_number_stands_twice_in_a_country() -> None:
    places = [(each.country, each.dial) for each in help_book().numbers]
    assert len(set(places)) == len(places)


def test_the_countries_are_those_of_the_database() -> None:
    seeded = re.findall(r"\('([A-Z]{2})'\)", SEED.read_text(encoding="utf-8"))
    assert sorted(COUNTRIES) == sorted(seeded)


def test_a_country_without_a_source_has_no_number_of_its_own() -> None:
    named = {row["country"] for row in tomllib.loads(NUMBERS.read_text())["numbers"][1:]}
    without = [country for country in COUNTRIES if country not in named]
    assert without
    assert all(help_book().of(country) == () for country in without)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"source": None}, "no source"),
        ({"url": None}, "no source"),
        ({"url": "example.org"}, "no source"),
        ({"checked": None}, "no date"),
        ({"country": "XX"}, "no such country"),
        ({"what": "horoscope"}, "no word we know"),
        ({"who": "clients"}, "no word we know"),
        ({"number": "call us"}, "no digits"),
        ({"hours": ["mornings"]}, "hours like"),
    ],
)
def test_an_entry_that_lacks_something_does_not_load(changed: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        book(**changed)


def test_hours_that_nobody_names_are_not_known() -> None:
    (number,) = book().numbers
    assert not number.always
    assert number.hours == ()
    assert number.free is None


def test_the_neutral_sites_are_safe_and_one_stands_in_for_the_others() -> None:
    found = help_book()
    assert found.neutral_site(None) == found.neutral_site("AL") == NEUTRAL_SITE
    assert set(found.sites) <= set(COUNTRIES)
    assert all(found.neutral_site(each).startswith("https://") for each in COUNTRIES)
