"""Which file the engine asks for when a character is in no font it has: read from the engine.

The compiled client holds a list of families with their files, and a packed table that says for
each character which of them have it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_FAMILY = re.compile(r'"(Noto [^"]+)","(noto[^"]+/v\d+/[^"]+\.woff2)"')
# Digits, then one letter that ends a number: small for a font or the length of a run, capital for
# the set of fonts that a run of characters has.
_NUMBER = re.compile(r"(\d*)([a-zA-Z])")
_SETS = re.compile(r'"((?:\d*[a-z])*,(?:(?:\d*[a-z])*,){200,}(?:\d*[a-z])*)"')
_RANGES = re.compile(r'"((?:(?:\d*[a-z])?\d*[A-Z]){1000,})"')
_LAST = 0x10FFFF


@dataclass(frozen=True)
class Fallback:
    """The table of one compiled client."""

    client: str

    @cached_property
    def files(self) -> dict[str, str]:
        """Family → its file below the folder of fallback fonts, in the engine's order."""
        return dict(_FAMILY.findall(self.client))

    @cached_property
    def families(self) -> list[frozenset[str]]:
        """For each character of Unicode the families that have it."""
        names = list(self.files)
        sets = [
            frozenset(names[index] for index in _indexes(packed))
            for packed in self._only(_SETS).split(",")
        ]
        found: list[frozenset[str]] = []
        size = 1
        for number, letter in _numbers(self._only(_RANGES)):
            if letter == "a":
                size = number + 2
            else:
                found += [sets[number]] * size
                size = 1
        assert len(found) == _LAST + 1, len(found)
        return found

    def characters(self, family: str) -> set[int]:
        """What the engine believes this family has."""
        return {point for point, names in enumerate(self.families) if family in names}

    def _only(self, pattern: re.Pattern[str]) -> str:
        [packed] = set(pattern.findall(self.client))
        return str(packed)


def _indexes(packed: str) -> Iterator[int]:
    index = -1
    for number, _ in _numbers(packed):
        index += number + 1
        yield index


def _numbers(packed: str) -> Iterator[tuple[int, str]]:
    """Each number and the letter of its kind, "a" or "A"."""
    for prefix, letter in _NUMBER.findall(packed):
        kind = "a" if letter.islower() else "A"
        yield int(prefix or 0) * 26 + ord(letter) - ord(kind), kind
