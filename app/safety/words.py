"""How a help number is spoken of, on pages and on screens."""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import Translator, own_name
from app.safety.model import Number, Opening

DOMAIN: Final = "safety"
"""The catalogue of this room. A language may have it and nothing else of the product."""


@dataclass(frozen=True)
class Line:
    """One number as the page shows it, in the reader's words."""

    name: str
    number: str
    dial: str
    what: str
    facts: tuple[str, ...]
    source: str


def line_of(t: Translator, number: Number) -> Line:
    """A number in the words of `t`, which speaks the domain `DOMAIN`."""
    return Line(
        name=number.name,
        number=number.number,
        dial=number.dial,
        what=_what(t, number),
        facts=tuple(_facts(t, number)),
        source=t("{source}, read on {date}", source=number.source, date=t.date(number.checked)),
    )


def _what(t: Translator, number: Number) -> str:
    match number.what:
        case "emergency":
            return t("Police, ambulance, fire brigade")
        case "talk":
            return t("Somebody who listens to you")
        case "suicide":
            return t("When you think of ending your life")
        case "harm":
            return t("When somebody hurts you or another young person")
        case "bed":
            return t("A place to sleep")


def _facts(t: Translator, number: Number) -> list[str]:
    """For whom, at what price, when: what is not known is said to be unknown."""
    facts = [t("For children and young people") if number.who == "young" else t("For everyone")]
    if number.free is None:
        facts.append(t("We do not know if it is free"))
    else:
        facts.append(t("Free") if number.free else t("Not free"))
    facts.append(_hours(t, number))
    if number.languages:
        facts.append(", ".join(own_name(code) or code for code in number.languages))
    return facts


def _hours(t: Translator, number: Number) -> str:
    if number.always:
        return t("Day and night")
    if not number.hours:
        return t("Hours not known")
    return " · ".join(_opening(t, each) for each in number.hours)


def _opening(t: Translator, opening: Opening) -> str:
    days = f"{t.weekday(opening.first)} – {t.weekday(opening.last)}"
    # Digits and colons keep their order in a right-to-left line.
    return f"{days} \u2066{opening.start}–{opening.end}\u2069"
