"""Words, dates and numbers in the language of the person who reads them.

Every session holds its own `Translator`: one process serves many people, so nothing here is
installed globally. The English sentence is the key; catalogues are gettext files under
`locales/<language>/LC_MESSAGES/<domain>.po`, compiled by `./dev i18n compile`.
"""

import gettext
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, lists, numbers

LOCALES = Path(__file__).resolve().parents[2] / "locales"
SOURCE = "en"
# Easy English. `simple` is a registered variant of BCP 47 and, as `lang="en-simple"`, English to
# every browser and screen reader.
EASY = "en_simple"
MACHINE_MARK = "#. machine\n"

# CLDR has no name of its own for Dari as Afghans call it.
_OWN_NAMES = {"fa_AF": "دری", EASY: "Easy English"}
# Left-to-right isolate … pop: a name or number keeps its own direction inside any sentence.
_ISOLATE, _POP = "\u2068", "\u2069"


def in_own_direction(text: str) -> str:
    """What a person wrote, for readers of any language: each line runs as its own letters do."""
    return "\n".join(f"{_ISOLATE}{line}{_POP}" for line in text.split("\n"))


@dataclass(frozen=True)
class Language:
    """One language a person can choose: `code` as gettext writes it, `name` in itself."""

    code: str
    name: str
    rtl: bool


class Translator:
    """The words for one reader; call it with the English sentence.

    `t("Hello {name}", name=…)` looks the sentence up, then fills the braces. Filled-in text is
    wrapped in Unicode isolates, so that an Arabic name in a German sentence keeps both readable.
    A sentence without translation falls back along the language's chain and ends in English:
    never blank. `domain` is the catalogue; a language that lacks it is read in English.
    """

    def __init__(
        self, language: str = SOURCE, time_zone: str = "UTC", *, domain: str = "messages"
    ) -> None:
        self.language = language if language in languages(domain) else SOURCE
        self.time_zone = time_zone
        self.rtl = _locale(self.language).text_direction == "rtl"
        self._catalogue = _catalogue(self.language, domain)
        self._zone = ZoneInfo(time_zone)

    def __call__(self, text: str, **values: object) -> str:
        return self._fill(self._catalogue.gettext(text), values)

    def n(self, one: str, many: str, n: int, **values: object) -> str:
        """The sentence for `n` things, by the plural rules of the reader's language."""
        filled = {"n": self.number(n), **values}
        return self._fill(self._catalogue.ngettext(one, many, n), filled)

    def listed(self, items: Sequence[str]) -> str:
        """Several things in one sentence: "you, Sam and Kim"."""
        return lists.format_list(list(items), locale=_locale(self.language))

    @property
    def tag(self) -> str:
        """The language as browsers want it in `lang`, e.g. `fa-AF`."""
        return self.language.replace("_", "-")

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the `dir` attribute."""
        return "rtl" if self.rtl else "ltr"

    def number(self, value: float) -> str:
        """A number with the reader's separators; digits stay 0–9 as CLDR has it."""
        return numbers.format_decimal(value, locale=_locale(self.language))

    def date(self, when: datetime | date) -> str:
        """Weekday and digits, e.g. `Mon 23.11.2026`, in the reader's time zone.

        Never a month name alone: the same name can mean another month in another calendar.
        """
        if isinstance(when, datetime):
            when = when.astimezone(self._zone).date()
        weekday = dates.format_date(when, "EEE", locale=_locale(self.language))
        return f"{weekday} {when:%d.%m.%Y}"

    def weekday(self, day: int) -> str:
        """The short name of a day of the week, Monday being 1."""
        return str(_locale(self.language).days["format"]["abbreviated"][day - 1])

    def country(self, code: str) -> str:
        """The name of a country (ISO 3166, two letters), or its code where CLDR has none."""
        return str(_locale(self.language).territories.get(code, code))

    def tongue(self, code: str) -> str:
        """A language's name: its own where we have its letters, else as the reader calls it."""
        if code in languages():
            return languages()[code].name
        try:
            return Locale.parse(code).get_display_name(_locale(self.language)) or code
        except (ValueError, UnknownLocaleError):
            return code

    def time(self, when: datetime) -> str:
        """Hours and minutes on the 24-hour clock, in the reader's time zone."""
        return f"{when.astimezone(self._zone):%H:%M}"

    @staticmethod
    def _fill(text: str, values: Mapping[str, object]) -> str:
        if not values:
            return text
        return text.format_map({name: f"{_ISOLATE}{value}{_POP}" for name, value in values.items()})


@lru_cache(maxsize=16)
def languages(domain: str = "messages") -> dict[str, Language]:
    """Languages that have this catalogue, English first, the rest by their own names."""
    codes = sorted(folder.parent.name for folder in LOCALES.glob("*/LC_MESSAGES"))
    found = {code: _language(code) for code in codes if code == SOURCE or _has_words(code, domain)}
    found.setdefault(SOURCE, _language(SOURCE))
    ordered = sorted(found.values(), key=lambda each: (each.code != SOURCE, each.name))
    return {each.code: each for each in ordered}


def best_language(accept_language: str, domain: str = "messages") -> str:
    """The offered language that fits an `Accept-Language` header best; English if none does."""
    offered = {code.lower(): code for code in languages(domain)}
    for tag in wished_languages(accept_language):
        for candidate in (tag.lower(), tag.split("_")[0].lower()):
            if candidate in offered:
                return offered[candidate]
    return SOURCE


def wished_languages(accept_language: str) -> list[str]:
    """The tags of an `Accept-Language` header as gettext writes them (`de_AT`), best first.

    Weights are honoured; anything that is not a language is skipped, never an error.
    """
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.replace("-", "_")))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(wanted) if tag]


def own_name(code: str) -> str | None:
    """What a language calls itself, also one that is not offered; None if it is no language."""
    try:
        return _language(code).name
    except (ValueError, UnknownLocaleError):
        return None


@lru_cache(maxsize=64)
def machine_made(language: str, domain: str) -> bool:
    """Whether entries of the catalogue still carry the mark `#. machine`: nobody reviewed them."""
    catalogue = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    return catalogue.exists() and MACHINE_MARK in catalogue.read_text(encoding="utf-8")


def reviewed(language: str, domain: str) -> date | None:
    """When a person had read this whole catalogue, as `locales/reviewed.toml` says."""
    day = _reviews().get(language, {}).get(domain)
    return day if isinstance(day, date) else None


@lru_cache(maxsize=1)
def _reviews() -> dict[str, dict[str, date]]:
    return tomllib.loads((LOCALES / "reviewed.toml").read_text(encoding="utf-8"))


def _has_words(code: str, domain: str) -> bool:
    return any((LOCALES / code / "LC_MESSAGES").glob(f"{domain}.*o"))


def _language(code: str) -> Language:
    locale = _locale(code)
    name = _OWN_NAMES.get(code) or locale.get_display_name(code) or code
    return Language(code, name, locale.text_direction == "rtl")


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=128)
def _catalogue(code: str, domain: str) -> gettext.NullTranslations:
    chain = [code, code.split("_")[0]] if "_" in code else [code]
    return gettext.translation(domain, LOCALES, languages=chain, fallback=True)
