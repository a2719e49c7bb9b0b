"""The only door to Supabase Storage: private files, looked at before they are taken."""

import re
from collections.abc import Awaitable, Callable

from supabase import AsyncClient

from app.core.errors import Invalid, Unexpected
from app.core.file_types import file_type
from app.core.foreign import translated

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_LINK_SECONDS = 3600
_PATH = re.compile(r"[A-Za-z0-9_-]{1,80}(/[A-Za-z0-9_-]{1,80}){0,6}(\.[a-z0-9]{1,8})?")


class Files:
    """Files of one private bucket, with the rights of the client it is given.

    Paths are `folder/…/name.ext` of letters, digits, - and _; names that people gave never are.
    All methods raise `AppError`s only.
    """

    def __init__(self, client: Callable[[], Awaitable[AsyncClient]], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    async def upload(self, path: str, content: bytes) -> str:
        """Stores a new file and returns its media type; never replaces one."""
        if len(content) > LARGEST_BYTES:
            raise Invalid("too_large", {"longest": LARGEST_BYTES})
        media_type = file_type(content)
        await self._store(path, content, media_type)
        return media_type

    async def upload_sealed(self, path: str, content: bytes) -> None:
        """Stores a new file of bytes that only we can open; never replaces one."""
        await self._store(path, content, "application/octet-stream")

    async def download(self, path: str) -> bytes:
        """The file; `NotFound` if there is none that this person may read."""
        client = await self._client()
        with translated():
            return await client.storage.from_(self._bucket).download(_checked(path))

    async def link(self, path: str, seconds: int = 60) -> str:
        """An address where anybody can fetch the file for so long; at most an hour."""
        if not 1 <= seconds <= LONGEST_LINK_SECONDS:
            raise ValueError(f"a link lasts from 1 to {LONGEST_LINK_SECONDS} seconds")
        client = await self._client()
        with translated():
            answer = await client.storage.from_(self._bucket).create_signed_url(
                _checked(path), seconds
            )
        url = answer["signedUrl"]
        if url is None:
            raise Unexpected("backend_not_understood")
        return url

    async def remove(self, *paths: str) -> None:
        """Deletes files; nothing happens to those that this person may not delete."""
        client = await self._client()
        with translated():
            await client.storage.from_(self._bucket).remove([_checked(path) for path in paths])

    async def _store(self, path: str, content: bytes, media_type: str) -> None:
        client = await self._client()
        with translated():
            await client.storage.from_(self._bucket).upload(
                _checked(path), content, {"content-type": media_type, "cache-control": "0"}
            )


def _checked(path: str) -> str:
    if _PATH.fullmatch(path) is None:
        raise Invalid("not_valid")
    return path
