"""Closed days as people type and read them."""

from datetime import date

import pytest

from app.people.closed import read_span, spans

EVE, NEW_YEAR = date(2026, 12, 24), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        (" 24.12.2026 ", (EVE, EVE)),
        ("24.12.2026–1.1.2027", (EVE, NEW_YEAR)),
        ("24.12.2026 - 01.01.2027", (EVE, NEW_YEAR)),
        ("01.01.2027 - 24.12.2026", None),
        ("31.2.2027", None),
        ("Christmas", None),
        ("", None),
        ("24.12.2026 – ", None),
    ],
)
def test_a_day_or_two_are_read(typed: str, span: tuple[date, date] | None) -> None:
    assert read_span(typed) == span


def test_days_that_follow_each_other_are_one_line() -> None:
    days = [EVE, date(2026, 12, 25), date(2026, 12, 31), NEW_YEAR, date(2027, 5, 1)]
    assert spans(days) == [
        (EVE, date(2026, 12, 25)),
        (date(2026, 12, 31), NEW_YEAR),
        (date(2027, 5, 1), date(2027, 5, 1)),
    ]
    assert spans([]) == []
