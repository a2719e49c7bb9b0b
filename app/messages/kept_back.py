"""What was written without network, once it comes in: sent, or kept back for its author."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.core.errors import Invalid, Unexpected
from app.core.logs import log_fault
from app.core.seal import Seal
from app.messages.model import LONGEST_TEXT, KeptBack, Spoken, text_problem, tidy_text
from app.messages.spoken import packed

_PLACE = "kept_back"


class Late:
    """The verbs about messages that come late, for one signed-in person, who writes in `language`.

    Every method may raise `AppError`.
    """

    def __init__(self, db: Db, seal: Seal, language: str = "") -> None:
        self._db = db
        self._seal = seal
        self._language = language

    async def come_in(self, thread: UUID, client_id: UUID, text: str, seen: int | None) -> bool:
        """Send it once, or keep it back; True when it is sent.

        It is kept back when somebody else wrote after the message `seen`, the newest of the others
        that its author had in front of them; None: they have not said that it shall be sent. Raises
        like `Messages.send`.
        """
        words = checked(text)
        message = packed(Spoken(words, self._language))
        sent: bool = await self._db.rpc(
            "send_or_keep_back",
            thread=str(thread),
            client_id=str(client_id),
            sealed=self._seal.seal_text(message, "message", thread, client_id, 1),
            kept=self._seal.seal_text(words, _PLACE, thread, client_id),
            seen=seen,
        )
        return sent

    async def drop(self, thread: UUID, client_id: UUID) -> None:
        """Throw away what was kept back; again changes nothing."""
        await self._db.rpc("drop_kept_back", thread=str(thread), client_id=str(client_id))


def checked(typed: str, *, alone: bool = True) -> str:
    """The tidy text; `Invalid("text_not_valid")` when it cannot be sent (field `problem`).

    What does not go `alone` may be empty.
    """
    text = tidy_text(typed)
    if (problem := text_problem(text)) and (alone or problem != "empty"):
        raise Invalid("text_not_valid", {"problem": problem, "longest": LONGEST_TEXT})
    return text


def opened(seal: Seal, thread: UUID, rows: Sequence[Mapping[str, Any]]) -> tuple[KeptBack, ...]:
    """What `open_thread` tells of it; words that no key of ours opens are left out."""
    found = []
    for row in rows:
        try:
            text = seal.open_text(row["sealed"], _PLACE, thread, row["client_id"])
        except Unexpected as error:
            log_fault("text_unreadable", error, code=error.code)
            continue
        came_at = datetime.fromisoformat(row["came_at"])
        found.append(KeptBack(UUID(row["client_id"]), text, came_at))
    return tuple(found)
