"""Choosing a file, keeping it sealed, and reading it again.

The bytes lie sealed in the bucket; their key lies sealed in the row of the database. So neither
says anything without the other and without our own key, and what lost its row is lost.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.errors import NotFound, Unexpected
from app.core.files import Files
from app.core.logs import log_fault
from app.core.seal import Seal, new_file_key, open_file, seal_file
from app.messages.attachment import About, file_name, prepared
from app.messages.model import Attachment

BUCKET: Final = "attachments"
UPLOAD_WITHIN: Final = timedelta(minutes=10)
_PURPOSE: Final = "upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for one file: `ticket` names it to the browser and says nothing to anybody."""

    id: UUID
    ticket: str


class Uploads:
    """Gives out places for files that one device is about to send, and reads them back."""

    def __init__(
        self, seal: Seal, device_hash: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._seal = seal
        self._device = device_hash
        self._clock = clock

    def place(self, thread: UUID, name: str) -> Upload:
        """For ten minutes this device may send a file that its owner calls `name`."""
        id_ = uuid4()
        until = int(self._clock() + UPLOAD_WITHIN.total_seconds())
        words = json.dumps([str(id_), str(thread), name[:200], until])
        return Upload(id_, self._seal.seal_text(words, _PURPOSE, self._device))

    def read(self, ticket: str) -> tuple[UUID, UUID, str]:
        """(attachment, thread, name) of a ticket; `NotFound` for an old or another device's."""
        try:
            id_, thread, name, until = json.loads(
                self._seal.open_text(ticket, _PURPOSE, self._device)
            )
        except (Unexpected, ValueError) as error:
            raise NotFound("not_found") from error
        if self._clock() > until:
            raise NotFound("not_found")
        return UUID(id_), UUID(thread), name


class Attachments:
    """The verbs, for one signed-in device; `files` are those of `BUCKET`. May raise `AppError`."""

    def __init__(self, db: Db, files: Files, seal: Seal) -> None:
        self._db = db
        self._files = files
        self._seal = seal

    async def keep(self, id_: UUID, thread: UUID, name: str, content: bytes) -> Attachment:
        """Store what somebody chose, to be sent with a message within a day.

        Raises `Invalid` as `prepared` does and with `too_many_files`, `NotAllowed` and `Conflict`
        as sending a message does.
        """
        ready = await asyncio.to_thread(prepared, content)
        about = About(
            new_file_key(),
            file_name(name, ready.media_type),
            ready.media_type,
            len(ready.content),
            ready.width,
            ready.height,
        )
        await self._db.rpc(
            "keep_attachment",
            thread=str(thread),
            attachment=str(id_),
            sealed=self._seal.seal_text(about.dump(), "attachment", id_),
        )
        for small, part in ((True, ready.small), (False, ready.content)):
            if part:
                path = _object(thread, id_, small=small)
                sealed = await asyncio.to_thread(seal_file, about.key, part, path)
                await self._files.upload_sealed(path, sealed)
        return about.attachment(id_)

    async def read(self, id_: UUID, *, small: bool = False) -> tuple[Attachment, bytes]:
        """An attachment and its bytes, of a picture also the `small` one.

        Logged for who is not the young person. Raises `NotFound` for what is not there, not this
        reader's to see, or taken back.
        """
        row = await self._db.rpc("read_attachment", attachment=str(id_))
        about = About.load(self._seal.open_text(row["sealed"], "attachment", id_))
        path = _object(UUID(row["thread_id"]), id_, small=small and about.width > 0)
        sealed = await self._files.download(path)
        return about.attachment(id_), await asyncio.to_thread(open_file, about.key, sealed, path)


def opened_file(seal: Seal, row: Mapping[str, Any] | None) -> Attachment | None:
    """The file that came with a message; one that no key of ours opens hides no other message."""
    if row is None:
        return None
    id_ = UUID(row["id"])
    try:
        return About.load(seal.open_text(row["sealed"], "attachment", id_)).attachment(id_)
    except Unexpected as error:
        log_fault("file_unreadable", error, code=error.code)
        return None


def _object(thread: UUID, id_: UUID, *, small: bool) -> str:
    return f"{thread}/{id_}-small" if small else f"{thread}/{id_}"
