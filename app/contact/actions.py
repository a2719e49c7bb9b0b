"""What people can do about how they stay in touch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.contact.model import Agreement, Change, InTouch, Logged, LoggedKind, Place, Quiet, Way
from app.core.db import Db


class Contact:
    """The verbs about one young person in one organisation. Every method may raise `AppError`."""

    def __init__(self, db: Db, organisation: UUID, young_person: UUID) -> None:
        self._db = db
        self._of = {"organisation": str(organisation), "young_person": str(young_person)}

    async def read(self) -> InTouch:
        """What was agreed and what we did. Another reader than the young person is logged."""
        return _in_touch(await self._db.read("open_agreement", **self._of))

    async def agree(self, agreement: Agreement) -> int:
        """Store all of it over `agreement.version`, the version that was seen; returns the next.

        Raises `Conflict("changed_meanwhile")`, and `Invalid("agreement_not_valid")` without a way.
        """
        quiet = agreement.quiet
        version: int = await self._db.rpc(
            "set_agreement",
            **self._of,
            agreement={
                "ways": sorted(agreement.ways),
                "every_days": agreement.every_days,
                "places": sorted(agreement.places),
                "quiet_from": quiet.start if quiet else None,
                "quiet_to": quiet.end if quiet else None,
                "answer_days": agreement.answer_days,
            },
            version=agreement.version,
        )
        return version

    async def log(self, kind: LoggedKind, at: datetime, *, met: bool = True) -> UUID:
        """Note what we did, at most 60 days ago; by key worker and stand-in.

        Raises `Invalid("date_not_valid")`.
        """
        made = await self._db.rpc(
            "log_contact", **self._of, kind=kind.value, met=met, at=at.isoformat()
        )
        return UUID(made)

    async def take_back(self, logged: UUID) -> None:
        """Remove what one logged oneself. Raises `Conflict("too_late")` after 24 hours."""
        await self._db.rpc("take_back_contact", contact=str(logged))


def _in_touch(row: Mapping[str, Any]) -> InTouch:
    last = row["last_at"]
    return InTouch(
        agreement=_agreement(row) if row["version"] else Agreement(),
        time_zone=row["time_zone"],
        changes=tuple(
            Change(
                datetime.fromisoformat(each["at"]),
                each["name"],
                bool(each["own"]),
                tuple(each["fields"]),
            )
            for each in row["changes"]
        ),
        made=tuple(_logged(each) for each in row["made"]),
        last_at=datetime.fromisoformat(last) if last else None,
    )


def _agreement(row: Mapping[str, Any]) -> Agreement:
    start = row["quiet_from"]
    return Agreement(
        ways=frozenset(Way(each) for each in row["ways"]),
        every_days=row["every_days"],
        places=frozenset(Place(each) for each in row["places"]),
        quiet=Quiet(start, row["quiet_to"]) if start else None,
        answer_days=row["answer_days"],
        version=row["version"],
        written_by=row["written_by"],
        own_words=bool(row["own_words"]),
        written_at=datetime.fromisoformat(row["written_at"]),
    )


def _logged(row: Mapping[str, Any]) -> Logged:
    return Logged(
        id=UUID(row["id"]),
        kind=LoggedKind(row["kind"]),
        met=row["met"],
        at=datetime.fromisoformat(row["at"]),
        name=row["name"],
        may_take_back=row["may_take_back"],
    )
