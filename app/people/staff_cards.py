"""What staff say about themselves to the people they work with."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.core.db import Db
from app.core.i18n import Translator
from app.people.model import OfficeHours
from app.people.rows import office_hours, photo_address

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?")


@dataclass(frozen=True, slots=True)
class StaffCard:
    """One's own card. `back_on`: the first day one is there again. `version` 0: not kept yet.

    `away_words` are what young people read until then; without `back_on` they are not kept.

    `photo` is the address of the picture on this site; `Photos` changes it, not the form.
    `phone` is that of their work.
    """

    pronouns: str = ""
    office_hours: tuple[OfficeHours, ...] = ()
    back_on: date | None = None
    version: int = 0
    photo: str | None = None
    away_words: str = ""
    phone: str = ""


class StaffCards:
    """The verbs about cards of staff, for one signed-in device. They may raise `AppError`."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def mine(self, person: UUID) -> StaffCard:
        """The card of the signed-in person; an empty one before they wrote the first."""
        rows = await self._db.view("staff_cards", where={"person_id": person})
        return _card(rows[0]) if rows else StaffCard()

    async def save(self, card: StaffCard) -> int:
        """Keep one's own card; returns the new version.

        Raises `Conflict("changed_meanwhile")` when `card.version` is not the stored one, `Invalid`
        with `name_not_valid`, `office_hours_not_valid`, `date_not_valid`, or `not_valid` (field
        `phone`).
        """
        version: int = await self._db.rpc(
            "set_my_card",
            pronouns=card.pronouns,
            office_hours=[
                {"day": each.day, "from": each.start, "to": each.end} for each in card.office_hours
            ],
            back_on=card.back_on.isoformat() if card.back_on else None,
            away_words=card.away_words,
            phone=card.phone,
            version=card.version,
        )
        return version

    async def set_title(self, organisation: UUID, title: str, version: int) -> int:
        """What people of the organisation read for a key worker; empty: the usual word.

        `version` is the organisation's; returns the new one. Raises `Conflict` like `save`.
        """
        number: int = await self._db.rpc(
            "set_key_worker_title", organisation=str(organisation), title=title, version=version
        )
        return number


def plain_time(typed: str) -> str | None:
    """A time of day as it is kept, `09:00`, from what people type (`9`, `9.30`, `09:00`)."""
    match = _TIME.fullmatch(typed.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def hours_words(t: Translator, hours: Sequence[OfficeHours], time_zone: str) -> list[str]:
    """Days with the same hours in one line, e.g. `Mon–Wed, Fri 09:00–17:00`.

    `time_zone` is where they count; it is named to a reader who lives by another clock.
    """
    together: dict[tuple[str, str], list[int]] = {}
    for each in hours:
        together.setdefault((each.start, each.end), []).append(each.day)
    lines = [f"{_days(t, days)} {start}–{end}" for (start, end), days in together.items()]
    if lines and time_zone != t.time_zone:
        town = time_zone.rpartition("/")[2].replace("_", " ")
        lines.append(t("By the clock of {town}", town=town))
    return lines


def _days(t: Translator, days: Sequence[int]) -> str:
    runs = []
    for _, run in itertools.groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        names = [t.weekday(day) for _, day in run]
        runs.append(names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}")
    return ", ".join(runs)


def _card(row: Mapping[str, Any]) -> StaffCard:
    return StaffCard(
        pronouns=row["pronouns"] or "",
        office_hours=office_hours(row["office_hours"]),
        back_on=date.fromisoformat(row["back_on"]) if row["back_on"] else None,
        version=row["version"],
        photo=photo_address(row["photo"]) if row["photo"] else None,
        away_words=row["away_words"] or "",
        phone=row["phone"] or "",
    )
