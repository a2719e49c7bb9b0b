"""The rules of staying in touch: what we owe, quiet hours, and until when a message is answered."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contact.model import (
    USUAL_HOURS,
    Agreement,
    InTouch,
    Office,
    Quiet,
    answer_due,
    days_since,
    hand_on_at,
    is_quiet,
    owed_since,
)
from app.people.model import OfficeHours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Office(USUAL_HOURS, "Europe/Berlin")
# A Monday in winter time.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)


def due(
    sent: datetime, days: int = 2, office: Office = OFFICE, closed: frozenset[date] = frozenset()
) -> str:
    """The answer in the words of a clock in Berlin."""
    found = answer_due(sent, Agreement(answer_days=days), office, closed)
    assert found.tzinfo is UTC
    return f"{found.astimezone(BERLIN):%a %d.%m. %H:%M}"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (MONDAY, "Wed 25.11. 17:00"),
        (MONDAY.replace(hour=3), "Wed 25.11. 17:00"),
        (MONDAY.replace(hour=16, minute=59), "Wed 25.11. 17:00"),
        (MONDAY.replace(hour=17), "Thu 26.11. 17:00"),
        (MONDAY + timedelta(days=3), "Mon 30.11. 17:00"),
        (MONDAY + timedelta(days=5), "Wed 02.12. 17:00"),
        (MONDAY.astimezone(UTC), "Wed 25.11. 17:00"),
    ],
)
def test_two_working_days_count_from_the_day_on_which_it_can_be_read(
    sent: datetime, expected: str
) -> None:
    assert due(sent) == expected


def test_days_on_which_the_place_is_closed_do_not_count() -> None:
    assert due(MONDAY, closed=frozenset({date(2026, 11, 24)})) == "Thu 26.11. 17:00"
    assert due(MONDAY, closed=frozenset({date(2026, 11, 23)})) == "Thu 26.11. 17:00"
    assert due(MONDAY, closed=frozenset({date(2026, 11, 28)})) == "Wed 25.11. 17:00"


def test_only_days_with_office_hours_are_working_days() -> None:
    office = Office(
        (OfficeHours(1, "09:00", "12:00"), OfficeHours(4, "13:00", "15:30")), "Europe/Berlin"
    )
    assert due(MONDAY, 1, office) == "Thu 26.11. 15:30"
    assert due(MONDAY.replace(hour=12), 1, office) == "Mon 30.11. 12:00"


def test_who_has_said_no_hours_is_there_on_the_usual_days() -> None:
    assert due(MONDAY, 1, Office((), "Europe/Berlin")) == "Tue 24.11. 17:00"


def test_hours_are_those_of_the_place_also_across_the_change_of_the_clock() -> None:
    friday = datetime(2026, 10, 23, 10, 0, tzinfo=BERLIN)
    found = answer_due(friday, Agreement(answer_days=1), OFFICE, frozenset())
    assert found == datetime(2026, 10, 26, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("back_on", "expected"),
    [
        (None, "Wed 25.11. 17:00"),
        (date(2026, 11, 24), "Wed 25.11. 17:00"),
        (date(2026, 11, 25), "Wed 25.11. 17:00"),
        (date(2026, 11, 26), "Mon 23.11. 10:00"),
        (date(2027, 1, 4), "Mon 23.11. 10:00"),
    ],
)
def test_who_is_back_too_late_is_not_waited_for(back_on: date | None, expected: str) -> None:
    found = hand_on_at(MONDAY, Agreement(), OFFICE, frozenset(), back_on)
    assert f"{found.astimezone(BERLIN):%a %d.%m. %H:%M}" == expected


HOURS = st.sets(st.integers(1, 7), min_size=1).map(
    lambda days: tuple(OfficeHours(day, "09:00", "17:00") for day in sorted(days))
)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/Berlin", "UTC", "Pacific/Auckland", "America/St_Johns"])


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 10), HOURS, ZONES, st.sets(st.integers(0, 30)))
def test_an_answer_is_due_later_in_hours_and_after_that_many_working_days(
    sent: datetime, days: int, hours: tuple[OfficeHours, ...], zone: str, closed_in: set[int]
) -> None:
    closed = frozenset(sent.date() + timedelta(days=each) for each in closed_in)
    office = Office(hours, zone)
    found = answer_due(sent, Agreement(answer_days=days), office, closed)
    local = found.astimezone(ZoneInfo(zone))

    assert found > sent
    assert (local.hour, local.minute) == (17, 0)
    assert local.isoweekday() in {each.day for each in hours}
    assert local.date() not in closed
    first = sent.astimezone(ZoneInfo(zone)).date()
    between = [first + timedelta(days=each) for each in range((local.date() - first).days + 1)]
    working = [
        day
        for day in between
        if day not in closed and day.isoweekday() in {each.day for each in hours}
    ]
    assert len(working) in (days + 1, days + 2)


@settings(max_examples=40, deadline=None)
@given(MOMENTS, st.integers(0, 72), st.integers(1, 9), HOURS)
def test_who_writes_later_is_never_answered_earlier_nor_sooner_by_a_longer_time(
    sent: datetime, hours_later: int, days: int, hours: tuple[OfficeHours, ...]
) -> None:
    office, later = Office(hours, "Europe/Berlin"), sent + timedelta(hours=hours_later)

    def when(at: datetime, number: int) -> datetime:
        return answer_due(at, Agreement(answer_days=number), office, frozenset())

    assert when(sent, days) <= when(later, days)
    assert when(sent, days) < when(sent, days + 1)


@pytest.mark.parametrize(
    ("quiet", "clock", "expected"),
    [
        (Quiet("21:00", "08:00"), "20:59", False),
        (Quiet("21:00", "08:00"), "21:00", True),
        (Quiet("21:00", "08:00"), "00:00", True),
        (Quiet("21:00", "08:00"), "07:59", True),
        (Quiet("21:00", "08:00"), "08:00", False),
        (Quiet("13:00", "15:00"), "12:59", False),
        (Quiet("13:00", "15:00"), "14:00", True),
        (Quiet("13:00", "15:00"), "15:00", False),
        (None, "03:00", False),
    ],
)
def test_quiet_hours_count_where_the_young_person_lives(
    quiet: Quiet | None, clock: str, expected: bool
) -> None:
    hour, minute = map(int, clock.split(":"))
    now = MONDAY.replace(hour=hour, minute=minute).astimezone(UTC)
    assert is_quiet(quiet, now, "Europe/Berlin") is expected


def test_days_are_midnights_where_the_young_person_lives() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=BERLIN)
    assert days_since(late, late + timedelta(hours=1), "Europe/Berlin") == 1
    assert days_since(late, late + timedelta(minutes=29), "Europe/Berlin") == 0
    assert days_since(late, late - timedelta(days=3), "Europe/Berlin") == 0


def test_a_contact_is_owed_when_the_rhythm_has_passed_and_not_before() -> None:
    agreed = Agreement(every_days=7, version=1, written_at=MONDAY - timedelta(days=30))

    def owed(last: datetime | None, agreement: Agreement = agreed) -> int:
        touch = InTouch(agreement, "Europe/Berlin", last_at=last)
        return owed_since(touch, MONDAY)

    assert owed(MONDAY - timedelta(days=7)) == 0
    assert owed(MONDAY - timedelta(days=12)) == 5
    assert owed(None) == 23
    assert owed(None, Agreement()) == 0
    assert owed(MONDAY - timedelta(days=99), Agreement()) == 0
