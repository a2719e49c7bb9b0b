"""What staff type about themselves, and what others read of it."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from app.core.clock import utc_now
from app.core.i18n import Translator
from app.people.card_draft import Draft, Unreadable
from app.people.model import OfficeHours, Part, TeamMember, who_stands_in
from app.people.staff_cards import StaffCard, hours_words, plain_time

NOTHING = ("",) * 7


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9", "09:00"),
        ("9:", "09:00"),
        ("09:05", "09:05"),
        ("9.30", "09:30"),
        ("9h15", "09:15"),
        (" 17 ", "17:00"),
        ("24", None),
        ("9:60", None),
        ("nine", None),
        ("", None),
        ("123", None),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, time: str | None) -> None:
    assert plain_time(typed) == time


@pytest.mark.parametrize("typed", ["9–17", "9-17", "09:00 - 17:00", " 9 — 17 "])
def test_hours_of_a_day_are_read(typed: str) -> None:
    card = Draft("", NOTHING, "").with_hours(3, typed).card(2)

    assert card == StaffCard("", (OfficeHours(3, "09:00", "17:00"),), None, 2)


@pytest.mark.parametrize("typed", ["9", "17–9", "9–9", "9–12–17", "morning", "–"])
def test_hours_that_say_nothing_are_named_by_their_day(typed: str) -> None:
    with pytest.raises(Unreadable) as error:
        Draft("", NOTHING, "").with_hours(5, typed).card(0)
    assert error.value.field == "day 5"


def test_a_day_to_be_back_is_read() -> None:
    assert Draft("", NOTHING, " 4.1.2027 ").card(0).back_on == date(2027, 1, 4)


@pytest.mark.parametrize("typed", ["31.2.2027", "tomorrow", "2027", "1.1.27", "٤.١.٢٠٢٧"])
def test_a_day_that_is_none_is_named(typed: str) -> None:
    with pytest.raises(Unreadable) as error:
        Draft("", NOTHING, typed).card(0)
    assert error.value.field == "back_on"


def test_a_card_stands_in_the_fields_as_it_is_read_from_them() -> None:
    card = StaffCard(
        "she/her", (OfficeHours(1, "09:00", "17:30"), OfficeHours(7, "08:00", "09:00")),
        date(2027, 1, 4), 9, away_words="At the sea.",
    )  # fmt: skip

    assert Draft.of(card).card(9) == card


def test_days_with_the_same_hours_stand_together() -> None:
    hours = [OfficeHours(day, "09:00", "17:00") for day in (1, 2, 3, 5)]
    hours.append(OfficeHours(6, "10:00", "12:00"))

    assert hours_words(Translator("en", "Europe/Berlin"), hours, "Europe/Berlin") == [
        "Mon–Wed, Fri 09:00–17:00",
        "Sat 10:00–12:00",
    ]


def test_another_clock_is_named() -> None:
    hours = [OfficeHours(1, "09:00", "17:00")]

    words = hours_words(Translator("en", "Europe/Athens"), hours, "America/New_York")
    assert words[-1].replace("\u2068", "").replace("\u2069", "") == "By the clock of New York"
    assert hours_words(Translator("en", "Europe/Athens"), [], "America/New_York") == []


def _member(part: Part, *, away: bool = False) -> TeamMember:
    back = date(2027, 1, 4) if away else None
    return TeamMember(uuid4(), uuid4(), "Kim", part, utc_now(), (), UUID(int=1), back_on=back)


def test_a_stand_in_who_is_there_answers_for_the_key_worker() -> None:
    away, here = _member(Part.STAND_IN, away=True), _member(Part.STAND_IN)

    assert who_stands_in([_member(Part.KEY_WORKER, away=True), away, here]) == here
    assert who_stands_in([_member(Part.KEY_WORKER), _member(Part.MENTOR), away]) is None
