"""What the two people of an opening can do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.protect.model import Choices, Named, Opening, OpeningState, by_name

Row = Mapping[str, Any]


class Openings:
    """The verbs, for one signed-in person. Every method may raise `AppError`."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def mine(self, organisation: UUID) -> list[Opening]:
        """Of the last 30 days, the latest first: mine, those I am asked about; a safeguarding lead
        gets all of the organisation."""
        found = await self._db.rpc("my_openings", organisation=str(organisation))
        return [_opening(row) for row in found]

    async def choices(self, organisation: UUID) -> Choices:
        """Names only; reading them opens no page and is not logged."""
        found = await self._db.rpc("opening_choices", organisation=str(organisation))
        return Choices(_named(found["young_people"]), _named(found["colleagues"]))

    async def ask(
        self,
        organisation: UUID,
        young_person: UUID,
        of: UUID,
        reason: str,
        *,
        delay_hours: int | None = None,
        delay_reason: str | None = None,
    ) -> UUID:
        """Ask `of` to agree; nothing opens yet. The young person is told when it opens, or
        `delay_hours` later, which needs a reason of its own.

        Raises `Conflict("already_there")` when I have asked already, `Invalid` with
        `text_not_valid`, `delay_not_valid` or `person_not_fitting`.
        """
        return UUID(
            await self._db.rpc(
                "ask_opening",
                organisation=str(organisation),
                young_person=str(young_person),
                of=str(of),
                reason=reason,
                delay_hours=delay_hours,
                delay_reason=delay_reason,
            )
        )

    async def agree(self, opening: UUID) -> datetime:
        """Open it, for both, until the time that is returned."""
        return datetime.fromisoformat(await self._db.rpc("agree_opening", opening=str(opening)))

    async def close(self, opening: UUID) -> None:
        """Take back or refuse what was asked; end what runs, for both.

        Raises `Conflict("already_ended")` when it was over before.
        """
        await self._db.rpc("close_opening", opening=str(opening))


def _named(rows: list[Row]) -> tuple[Named, ...]:
    return by_name([Named(UUID(row["person_id"]), row["name"]) for row in rows])


def _opening(row: Row) -> Opening:
    return Opening(
        id=UUID(row["id"]),
        young_person_id=UUID(row["young_person_id"]),
        name=row["name"],
        asked_by=row["asked_by"],
        asked_of=row["asked_of"],
        agreed_by=row["agreed_by"],
        by_me=row["by_me"],
        mine=row["mine"],
        may_agree=row["may_agree"],
        reason=row["reason"],
        delay_hours=row["delay_hours"],
        delay_reason=row["delay_reason"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        ends_at=_time(row["ends_at"]),
        told_at=_time(row["told_at"]),
        state=OpeningState(row["state"]),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
