"""Small things in what the database answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.messages.model import Reader
from app.people.model import Role


def reader_of(row: Mapping[str, Any]) -> Reader:
    """Somebody who can read a thread."""
    return Reader(
        UUID(row["person_id"]), row["name"], Role(row["role"]), row["title"], row["stand_in"]
    )


def moment_of(text: str | None) -> datetime | None:
    """When it was; None when it never was."""
    return datetime.fromisoformat(text) if text else None
