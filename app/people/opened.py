"""What a young person learns about openings of their own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """That one's page was opened to protect one: by whom, where, why, from when to when."""

    id: UUID
    asked_by: str
    agreed_by: str
    place: str
    reason: str
    at: datetime
    until: datetime


async def pages_opened(db: Db) -> list[OpenedPage]:
    """Those the signed-in person was told of in the last 90 days, the latest first."""
    return [_opened(row) for row in await db.rpc("openings_of_me")]


def _opened(row: Mapping[str, Any]) -> OpenedPage:
    return OpenedPage(
        id=UUID(row["id"]),
        asked_by=row["asked_by"],
        agreed_by=row["agreed_by"],
        place=row["place"],
        reason=row["reason"],
        at=datetime.fromisoformat(row["at"]),
        until=datetime.fromisoformat(row["until"]),
    )
