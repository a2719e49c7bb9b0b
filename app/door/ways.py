"""The three ways to come back in, as a form sends them: PIN, pictures, passphrase."""

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from app.core.bindings import PICTURES, answer_trouble
from app.core.i18n import Translator
from app.door.join_words import Trouble

Kind = Literal["pin", "pictures"]
ANSWER_FIELDS: Final = ("pin", "p1", "p2", "p3", "p4")
_MOST_TYPED: Final = 64


@dataclass(frozen=True)
class Chosen:
    """A PIN in ASCII digits, or the names of pictures in their order, joined by dashes."""

    kind: Kind
    answer: str


def chosen(kind: str, pin: str, p1: str, p2: str, p3: str, p4: str) -> Chosen | None:
    """From a form's choice and its `ANSWER_FIELDS`; None when neither was chosen."""
    match kind:
        case "pin":
            return Chosen("pin", plain_digits(pin))
        case "pictures":
            return Chosen("pictures", "-".join((p1, p2, p3, p4))[:_MOST_TYPED])
    return None


def plain_digits(typed: str) -> str:
    """A PIN as people type it, blanks and the digits of any script, in ASCII digits."""
    kept = (letter for letter in typed[:_MOST_TYPED] if not letter.isspace() and letter != "-")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept)


def new_trouble(t: Translator, chosen: Chosen) -> Trouble | None:
    """Why this cannot be taken as somebody's new PIN or pictures, if it cannot."""
    match answer_trouble(chosen.kind, chosen.answer):
        case "not_six_digits":
            return Trouble("pin", t("A PIN has six digits."))
        case "too_simple":
            return Trouble("pin", t("Many people choose this PIN. Please take another."))
        case "not_four_pictures":
            return Trouble("pictures", t("Please choose four different pictures."))
    return None


def try_trouble(t: Translator, chosen: Chosen) -> Trouble | None:
    """Why this is not even a try, so that it costs none: too few digits, or pictures."""
    if answer_trouble(chosen.kind, chosen.answer) == "too_simple":
        return None
    return new_trouble(t, chosen)


def tries_left(t: Translator, field: str, left: int) -> Trouble:
    """After a wrong answer that was not the last one."""
    words = t.n(
        "That was not it. You have {n} try left.", "That was not it. You have {n} tries left.", left
    )
    return Trouble(field, words)


def picture_words(t: Translator) -> dict[str, str]:
    """Every picture with its word, in the order in which they are always shown."""
    words = {
        "boat": t("Boat"),
        "tree": t("Tree"),
        "cup": t("Cup"),
        "key": t("Key"),
        "sun": t("Sun"),
        "bird": t("Bird"),
        "house": t("House"),
        "star": t("Star"),
        "fish": t("Fish"),
        "bike": t("Bike"),
        "lamp": t("Lamp"),
        "leaf": t("Leaf"),
    }
    return {name: words[name] for name in PICTURES}
