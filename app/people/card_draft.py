"""A staff card as somebody types it, before it is one."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.people.contacts import is_phone
from app.people.model import OfficeHours
from app.people.staff_cards import StaffCard, plain_time

_BETWEEN: Final = re.compile(r"\s*(?:-|–|—)\s*")
_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class Unreadable(Exception):
    """What stands in `field` cannot be read: `back_on`, or `day 1` to `day 7`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Draft:
    """The text in each field; `hours` by day of the week, Monday first."""

    pronouns: str
    hours: tuple[str, ...]
    back_on: str
    away_words: str = ""
    phone: str = ""

    @staticmethod
    def of(card: StaffCard) -> "Draft":
        """What stands in the fields for a card that is kept."""
        by_day = {each.day: f"{each.start}–{each.end}" for each in card.office_hours}
        back_on = f"{card.back_on:%d.%m.%Y}" if card.back_on else ""
        hours = tuple(by_day.get(day, "") for day in range(1, 8))
        return Draft(card.pronouns, hours, back_on, card.away_words, card.phone)

    def with_hours(self, day: int, typed: str) -> "Draft":
        """The same with another text for one day of the week, Monday being 1."""
        hours = (*self.hours[: day - 1], typed, *self.hours[day:])
        return replace(self, hours=hours)

    def card(self, version: int) -> StaffCard:
        """The card that is meant. Raises `Unreadable` for the first field that says nothing."""
        hours = tuple(
            _hours(day, typed) for day, typed in enumerate(self.hours, start=1) if typed.strip()
        )
        back_on = _date(self.back_on)
        words = self.away_words.strip() if back_on else ""
        if not is_phone(self.phone):
            raise Unreadable("phone")
        return StaffCard(
            self.pronouns.strip(),
            hours,
            back_on,
            version,
            away_words=words,
            phone=self.phone.strip(),
        )


def _hours(day: int, typed: str) -> OfficeHours:
    times = [plain_time(each) for each in _BETWEEN.split(typed.strip())]
    match times:
        case [str(start), str(end)] if start < end:
            return OfficeHours(day, start, end)
    raise Unreadable(f"day {day}")


def _date(typed: str) -> date | None:
    if not typed.strip():
        return None
    match = _DATE.fullmatch(typed.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise Unreadable("back_on")
