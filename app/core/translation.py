"""The seam to a machine that translates, and what is checked of what it answers."""

import re
import unicodedata
from collections import Counter
from typing import Final, Protocol

_DIGITS: Final = re.compile(r"\d+")
# Up to what cannot belong to an address; a full stop at the end belongs to the sentence.
_LINKS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:!?)]", re.IGNORECASE)
_MAILS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class TranslationProvider(Protocol):
    """A translator somewhere. `place` is the host that texts go to, as people are told it."""

    @property
    def place(self) -> str: ...

    async def translate(self, text: str, language: str) -> str:
        """The text in another language (a catalogue's code: `de`, `fa_AF`).

        Raises `Unreachable("translator_silent")`, `Invalid("language_not_offered")` or
        `Unexpected("translator_failed")`. Nothing of the text is logged.
        """
        ...


def lost_in(text: str, translated: str) -> bool:
    """Whether numbers, dates or links of `text` are not in its translation, or others are.

    Digits of every script count by their value, `08:00` and `8:00` are the same. A number that the
    translation spells out counts as lost: a person looks at it then.
    """
    return _facts(text) != _facts(translated)


def _facts(text: str) -> tuple[Counter[str], Counter[int]]:
    links = Counter([*_LINKS.findall(text), *_MAILS.findall(text)])
    return links, Counter(_value(digits) for digits in _DIGITS.findall(text))


def _value(digits: str) -> int:
    # As many as no date has: a longer number is compared by its last digits.
    return int("".join(str(unicodedata.digit(each)) for each in digits[-40:]))
