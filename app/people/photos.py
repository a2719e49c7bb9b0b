"""The picture on somebody's card: kept, shown to who may read the card, taken away."""

import asyncio
import contextlib
from typing import Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.errors import AppError
from app.core.files import Files
from app.people.portrait import portrait
from app.people.rows import photo_address

BUCKET: Final = "photos"


class Photos:
    """The verbs about pictures, for one signed-in device; `files` are those of `BUCKET`.

    They may raise `AppError`.
    """

    def __init__(self, db: Db, files: Files) -> None:
        self._db = db
        self._files = files

    async def keep(self, person: UUID, content: bytes) -> str:
        """Makes this the picture of the signed-in person; returns its address on this site.

        Raises `Invalid` as `portrait` does; then the picture of before stays.
        """
        name = _name(person, uuid4())
        await self._files.upload(name, await asyncio.to_thread(portrait, content))
        try:
            await self._set(name)
        except AppError:
            await self._drop(name)
            raise
        return photo_address(name)

    async def take_away(self) -> None:
        """The signed-in person has no picture any more."""
        await self._set(None)

    async def read(self, person: UUID, version: UUID) -> bytes:
        """A picture; `NotFound` when there is none, or none that this reader may see."""
        return await self._files.download(_name(person, version))

    async def _set(self, name: str | None) -> None:
        before = await self._db.rpc("set_my_photo", photo=name)
        if before:
            await self._drop(before)

    async def _drop(self, name: str) -> None:
        # No card names it, so nobody else can see what stays behind.
        with contextlib.suppress(AppError):
            await self._files.remove(name)


def _name(person: UUID, version: UUID) -> str:
    return f"{person}/{version}.jpg"
