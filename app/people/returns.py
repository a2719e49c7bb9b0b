"""Getting back in by a code: what a key worker, the young person and a coordinator can do."""

from enum import StrEnum
from uuid import UUID

from app.core.db import Db
from app.people import rows
from app.people.model import JoinCode


class ReturnReason(StrEnum):
    """Why somebody needs a code to get back in; a word of ours, never a text."""

    NEW_PHONE = "new_phone"
    FORGOT = "forgot_way_in"
    LOST = "phone_lost"
    OTHER = "other"


class Returns:
    """The verbs, for one signed-in device. Every method may raise `AppError`.

    `returned` is the `ref` of a notice about a code.
    """

    def __init__(self, db: Db) -> None:
        self._db = db

    async def new_code(self, young_person: UUID, reason: ReturnReason) -> JoinCode:
        """A code for somebody who joined before, by their key worker. They are told at once.

        Earlier ones stop working. Raises `Conflict` with `not_joined`, `too_many_codes` (five a
        day), `works_somewhere` (on somebody's staff), or `objected` when they said no to one and no
        coordinator allowed a new one.
        """
        row = await self._db.rpc("new_return_code", person=str(young_person), reason=reason)
        return rows.join_code(row)

    async def object_to(self, returned: UUID) -> None:
        """Say that it was not me: stops the code, or ends at once what came from it.

        Coordinators are told. Harmless twice; raises `Conflict("too_late")` when whoever used it
        has waited 72 hours or has proved who they are.
        """
        await self._db.rpc("object_to_return", **{"return": str(returned)})

    async def allow(self, returned: UUID) -> None:
        """After an objection: let the key worker make new codes; for coordinators.

        Raises `NotAllowed("not_yourself")` for who made the code.
        """
        await self._db.rpc("allow_return", **{"return": str(returned)})
