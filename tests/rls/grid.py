"""Reads the grids of matrix.py: a header of personas, then one line each."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Grid:
    """`cells[key][persona]` is the word that stands there; keys are the columns before personas."""

    personas: tuple[str, ...]
    cells: Mapping[tuple[str, ...], Mapping[str, str]]


def read_grid(text: str, *, keys: int) -> Grid:
    """Raises ValueError for a line that is too short or long, or stands there twice."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    personas = tuple(header[keys:])
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for line in lines:
        key = tuple(line[:keys])
        if key in cells:
            raise ValueError(f"{key} stands twice in the grid")
        cells[key] = dict(zip(personas, line[keys:], strict=True))
    return Grid(personas, cells)


def differences(
    expected: Mapping[tuple[str, ...], Mapping[str, str]],
    observed: Mapping[tuple[str, ...], Mapping[str, str]],
) -> list[str]:
    """One line for each cell of the two that is not the same, `.` on either side counting."""
    found = []
    for key in sorted(set(expected) | set(observed)):
        wanted, seen = expected.get(key, {}), observed.get(key, {})
        for persona in dict.fromkeys(itertools.chain(wanted, seen)):
            if wanted.get(persona) != seen.get(persona):
                found.append(
                    f"{' '.join(key)} {persona}: the matrix says {wanted.get(persona)},"
                    f" the database {seen.get(persona)}"
                )
    return found
