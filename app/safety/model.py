"""Help numbers by country and the neutral sites of the quick exit, from `numbers.toml`.

The file is the review: an entry without a source, an address and a date does not load. A country
without entries has the numbers that work everywhere and no others; nothing is guessed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

NUMBERS: Final = Path(__file__).with_name("numbers.toml")
# The countries that the database knows; a test compares them with its reference rows.
COUNTRIES: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    "CH", "IS", "LI", "NO", "GB",
    "AL", "BA", "GE", "MD", "ME", "MK", "RS", "TR", "UA",
)  # fmt: skip

What = Literal["emergency", "talk", "suicide", "harm", "bed"]
"""What a number is for: danger now, somebody who listens, thoughts of suicide, a young person is
being hurt, a place to sleep."""
Who = Literal["young", "everyone"]
_OPENING = re.compile(r"([1-7])-([1-7]) (\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Opening:
    """From the first to the last day of the week (Monday is 1), from one time to another."""

    first: int
    last: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Number:
    """One help number. `country` is None when it works everywhere, `free` when nobody says.

    `always` means day and night; without it and without `hours` the hours are not known.
    `source` says who names the number, `url` where, `checked` when that was read.
    """

    country: str | None
    number: str
    name: str
    what: What
    who: Who
    free: bool | None
    always: bool
    hours: tuple[Opening, ...]
    languages: tuple[str, ...]
    source: str
    url: str
    checked: date

    @property
    def dial(self) -> str:
        """The digits as `tel:` wants them."""
        return "".join(character for character in self.number if character.isdigit())


@dataclass(frozen=True, slots=True)
class HelpBook:
    """All numbers, and the neutral site of each country that has one of its own."""

    numbers: tuple[Number, ...]
    sites: Mapping[str, str]
    site: str

    def everywhere(self) -> tuple[Number, ...]:
        """The numbers that work in every country."""
        return tuple(each for each in self.numbers if each.country is None)

    def of(self, country: str | None) -> tuple[Number, ...]:
        """The numbers of one country, without those that work everywhere."""
        return tuple(each for each in self.numbers if each.country and each.country == country)

    def neutral_site(self, country: str | None) -> str:
        """Where the quick exit leads in a browser: a site that tells nothing about anybody."""
        return self.sites.get(country or "", self.site)


@lru_cache(maxsize=1)
def help_book() -> HelpBook:
    """The book of this process."""
    return read_book(tomllib.loads(NUMBERS.read_text(encoding="utf-8")))


def read_book(file: Mapping[str, Any]) -> HelpBook:
    """The file's contents, checked. `ValueError` names the number that is wrong and why."""
    sites = dict(file["sites"])
    site = sites.pop("default")
    return HelpBook(tuple(_number(row) for row in file["numbers"]), sites, site)


def _number(row: Mapping[str, Any]) -> Number:
    hours = row.get("hours", [])
    number = Number(
        country=row.get("country"),
        number=row["number"],
        name=row["name"],
        what=row["what"],
        who=row["who"],
        free=row.get("free"),
        always=hours == "always",
        hours=() if hours == "always" else tuple(_opening(each) for each in hours),
        languages=tuple(row.get("languages", [])),
        source=row.get("source", ""),
        url=row.get("url", ""),
        checked=row.get("checked", date.min),
    )
    problem = _problem(number)
    if problem:
        raise ValueError(f"{number.number} ({number.country or 'everywhere'}): {problem}")
    return number


def _problem(number: Number) -> str | None:
    if number.country is not None and number.country not in COUNTRIES:
        return "no such country"
    if number.what not in get_args(What) or number.who not in get_args(Who):
        return "what it is for, or for whom, is no word we know"
    if not number.dial:
        return "no digits"
    if not number.source or not number.url.startswith(("https://", "http://")):
        return "no source"
    return None if number.checked > date(2026, 1, 1) else "no date"


def _opening(text: str) -> Opening:
    found = _OPENING.fullmatch(text)
    if not found:
        raise ValueError(f"hours like “1-5 09:00-17:00”, not “{text}”")
    return Opening(int(found[1]), int(found[2]), found[3], found[4])
