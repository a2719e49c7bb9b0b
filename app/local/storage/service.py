"""What Storage does, one method for each verb; routes.py only speaks HTTP."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg
from starlette.requests import Request
from starlette.responses import Response

from app.local.context import Context
from app.local.storage import errors, links, outgoing, paths
from app.local.storage.disk import Disk
from app.local.storage.incoming import Incoming
from app.local.storage.listing import Listing
from app.local.storage.objects import Asker, NewObject, Objects, as_version

MOST_NAMES = 1000
_NOT_SIGNED = "Either the object does not exist or you do not have access to it"


class Storage:
    """Objects with their rows and bytes. Raises StorageError, psycopg.Error and PoolTimeout."""

    def __init__(self, ctx: Context) -> None:
        self.objects = Objects(ctx.database)
        self.disk = Disk(ctx.files)
        self._secret = ctx.keys.storage_secret
        self._size_limit = ctx.config.file_size_limit

    async def upload(
        self, asker: Asker, bucket: str, name: str, incoming: Incoming, *, upsert: bool
    ) -> dict[str, str]:
        """Keep one object. The bytes are safe on the disk before their row is committed."""
        found = await self.objects.bucket(asker, bucket, as_service=True)
        limit = self._limit(found, name)
        placeholder = paths.is_folder_placeholder(name)
        allowed = () if placeholder else found["allowed_mime_types"] or ()
        paths.check_mime_type(incoming.mime_type, allowed)
        new = NewObject(
            bucket=bucket,
            name=name,
            version=uuid.uuid4(),
            mime_type=incoming.mime_type,
            cache_control=incoming.cache_control,
            user_metadata=incoming.user_metadata,
            declared=incoming.declared,
        )
        await self.objects.may_write(asker, new, upsert=upsert)
        size = await self.disk.write(new.version, incoming.chunks, limit)
        try:
            written, replaced = await self.objects.write(
                asker, replace(new, size=size), upsert=upsert
            )
        except psycopg.Error as error:
            # After a lost connection the row may be there: its bytes stay until the next sweep.
            if error.sqlstate and not error.sqlstate.startswith(("08", "57P")):
                await self._discard([str(new.version)])
            raise
        await self._discard([replaced])
        return {"Id": str(written), "Key": f"{bucket}/{name}"}

    async def send(
        self, asker: Asker, bucket: str, name: str, request: Request, *, as_service: bool = False
    ) -> Response:
        """The bytes of an object that the asker may see."""
        row = await self.objects.find(asker, bucket, name, as_service=as_service)
        try:
            return await outgoing.send(self.disk, row, request)
        except errors.StorageError:
            # Somebody may have replaced the object between the two steps.
            again = await self.objects.find(asker, bucket, name, as_service=as_service)
            if again["version"] == row["version"]:
                raise
            return await outgoing.send(self.disk, again, request)

    async def send_signed(
        self, asker: Asker, bucket: str, name: str, token: str, request: Request
    ) -> Response:
        links.check(self._secret, token, bucket, name)
        return await self.send(asker, bucket, name, request, as_service=True)

    async def info(self, asker: Asker, bucket: str, name: str) -> dict[str, Any]:
        await self.objects.bucket(asker, bucket, as_service=True)
        row = await self.objects.find(asker, bucket, name)
        metadata = row["metadata"] or {}
        return {
            "id": row["id"],
            "name": row["name"],
            "version": row["version"],
            "bucket_id": row["bucket_id"],
            "size": metadata.get("size"),
            "content_type": metadata.get("mimetype"),
            "cache_control": metadata.get("cacheControl"),
            "etag": metadata.get("eTag"),
            "metadata": row["user_metadata"],
            "last_modified": row["updated_at"],
            "created_at": row["created_at"],
        }

    async def sign(self, asker: Asker, bucket: str, name: str, seconds: int) -> str:
        await self.objects.find(asker, bucket, name)
        return links.sign(self._secret, bucket, name, seconds)

    async def sign_many(
        self, asker: Asker, bucket: str, names: Sequence[str], seconds: int
    ) -> list[dict[str, str | None]]:
        visible = await self.objects.visible(asker, bucket, names)
        return [
            {
                "error": None if name in visible else _NOT_SIGNED,
                "path": name,
                "signedURL": (
                    links.sign(self._secret, bucket, name, seconds) if name in visible else None
                ),
            }
            for name in names
        ]

    async def remove(self, asker: Asker, bucket: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Remove what the asker may; names that are not there or not theirs are left out."""
        gone = await self.objects.remove(asker, bucket, names)
        await self._discard([row["version"] for row in gone])
        return gone

    async def list(self, asker: Asker, bucket: str, listing: Listing) -> list[dict[str, Any]]:
        query, parameters = listing.statement(bucket)
        return await self.objects.rows(asker, query, parameters)

    async def sweep(self) -> int:
        """Remove bytes that a crash left without a row; only while nothing is served."""
        known = await self.objects.versions()
        return await asyncio.to_thread(self.disk.sweep, known)

    def _limit(self, bucket: dict[str, Any], name: str) -> int:
        if paths.is_folder_placeholder(name):
            return 0
        own = bucket["file_size_limit"]
        return self._size_limit if own is None else min(own, self._size_limit)

    async def _discard(self, versions: Sequence[str | None]) -> None:
        for version in filter(None, map(as_version, versions)):
            await asyncio.to_thread(self.disk.discard, version)
