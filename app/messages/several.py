"""One message to several people: to whom, and what became of each copy."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID, uuid4

from app.contact.model import Quiet, is_quiet
from app.core.clock import utc_now
from app.core.db import Db
from app.core.errors import AppError, Unreachable
from app.messages.actions import Messages

# Half of what one person may send in a minute: answers must still get through.
MOST: Final = 30
_NOBODY_GETS_IT: Final = frozenset({"too_many_messages", "signed_out"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whose key worker or stand-in I am. `language` is the one they read the app in;
    `quiet` says that it is agreed to leave them alone at this hour."""

    thread_id: UUID
    name: str
    language: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """What one of them gets, once for its `client_id` however often it is tried. Neither `sent` nor
    an `error`: not tried yet."""

    to: Recipient
    text: str
    client_id: UUID = field(default_factory=uuid4)
    sent: bool = False
    error: AppError | None = None


async def people_to_write_to(db: Db, organisation: UUID) -> tuple[Recipient, ...]:
    """Everybody I may write to as a key worker of this organisation, by name.

    Raises `NotAllowed` for others, and for one who is not cleared today.
    """
    now = utc_now()
    rows = await db.rpc("people_to_write_to", organisation=str(organisation))
    return tuple(
        Recipient(
            UUID(row["thread_id"]),
            row["name"],
            row["language"],
            is_quiet(
                Quiet(row["quiet_from"], row["quiet_to"]) if row["quiet_from"] else None,
                now,
                row["time_zone"],
            ),
        )
        for row in rows
    )


async def send_copies(messages: Messages, copies: Sequence[Copy]) -> tuple[Copy, ...]:
    """Send those that were not sent, one after the other; each says afterwards how it went.

    What concerns one of them alone keeps it from nobody else. Without network, or after too many
    messages, the rest is not tried.
    """
    done = list(copies)
    for place, copy in enumerate(done):
        if copy.sent:
            continue
        try:
            await messages.send(copy.to.thread_id, copy.client_id, copy.text)
        except AppError as error:
            done[place] = replace(copy, error=error)
            if isinstance(error, Unreachable) or error.code in _NOBODY_GETS_IT:
                rest = done[place + 1 :]
                done[place + 1 :] = [e if e.sent else replace(e, error=error) for e in rest]
                break
        else:
            done[place] = replace(copy, sent=True, error=None)
    return tuple(done)
