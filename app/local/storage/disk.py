"""The bytes of stored objects, one file for each version.

A file is named by its version, a UUID, never by what a client sent. It is complete and on the
disk before the row that names it is committed; so a crash leaves at most bytes without a row,
which ``sweep`` removes at the next start.
"""

import asyncio
import contextlib
import os
import uuid
from collections.abc import AsyncIterable, Container
from pathlib import Path
from typing import BinaryIO

from app.local.storage import errors

_FLUSH_BYTES = 256 * 1024
_DRAFT = ".part"


class Disk:
    """All bytes below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, version: uuid.UUID, chunks: AsyncIterable[bytes], limit: int) -> int:
        """Keep what comes as this version's bytes, safe against a power cut; their number.

        Raises StorageError beyond ``limit`` bytes or when the disk fails, and then keeps nothing.
        """
        final = self._path(version)
        draft = final.with_name(final.name + _DRAFT)
        try:
            file = await asyncio.to_thread(_create, draft)
            try:
                size = await _pour(file, chunks, limit)
                await asyncio.to_thread(_publish, file, draft, final)
            finally:
                file.close()
        except BaseException as error:
            await asyncio.to_thread(draft.unlink, missing_ok=True)
            if isinstance(error, OSError):
                raise errors.disk_failed() from error
            raise
        return size

    def open(self, version: uuid.UUID) -> BinaryIO:
        """The bytes for reading. Raises FileNotFoundError."""
        return self._path(version).open("rb")

    def discard(self, version: uuid.UUID) -> None:
        """Remove a version's bytes; what cannot be removed now goes with the next sweep."""
        with contextlib.suppress(OSError):
            self._path(version).unlink()

    def sweep(self, known: Container[str]) -> int:
        """Remove every file that is not one of these versions; the number removed.

        Only safe while nobody writes.
        """
        removed = 0
        for path in self._folder.glob("??/*"):
            if path.name not in known:
                with contextlib.suppress(OSError):
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, version: uuid.UUID) -> Path:
        return self._folder / version.hex[:2] / version.hex


async def _pour(file: BinaryIO, chunks: AsyncIterable[bytes], limit: int) -> int:
    size = 0
    waiting = bytearray()
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise errors.too_large()
        waiting += chunk
        if len(waiting) >= _FLUSH_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    return size


def _create(draft: Path) -> BinaryIO:
    if not draft.parent.is_dir():
        draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(draft.parent.parent)
    return os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _publish(file: BinaryIO, draft: Path, final: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    draft.rename(final)
    _sync_folder(final.parent)


def _sync_folder(folder: Path) -> None:
    """A file's name is part of its folder, which has its own place on the disk."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
