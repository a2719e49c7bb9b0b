"""The rows of Storage: which statements run, and as whom.

Everything a person does runs as their claims, so that the policies on ``storage.objects`` and
``storage.buckets`` decide; what upstream does as super user runs as ``service_role``. Rows come
back as dicts that are ready to be sent as JSON.
"""

import contextlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from app.local.db import Database, RequestInfo
from app.local.storage import errors

SERVICE: Mapping[str, Any] = {"role": "service_role"}

_BUCKET = "select to_jsonb(b) from storage.buckets b where b.id = %s"
_BUCKETS = "select to_jsonb(b) from storage.buckets b order by b.id"
_OBJECT = "select to_jsonb(o) from storage.objects o where o.bucket_id = %s and o.name = %s"
_VISIBLE = "select o.name from storage.objects o where o.bucket_id = %s and o.name = any(%s)"
_VERSIONS = "select o.version from storage.objects o where o.version is not null"
_REMOVE = """
delete from storage.objects o where o.bucket_id = %s and o.name = any(%s) returning to_jsonb(o)
"""
_INSERT = """
insert into storage.objects
  (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
values (%(id)s, %(bucket)s, %(name)s, %(owner)s, %(owner_id)s, %(version)s, %(metadata)s,
  %(user_metadata)s)
"""
_OR_UPDATE = """
on conflict (bucket_id, name) do update set owner = excluded.owner, owner_id = excluded.owner_id,
  version = excluded.version, metadata = excluded.metadata, user_metadata = excluded.user_metadata
returning id
"""
# One name is written by one upload at a time, so that each replaced version's bytes are known.
_LOCK = "select pg_advisory_xact_lock(hashtextextended(%s || '/' || %s, 0))"
_CURRENT = "select version from storage.objects where bucket_id = %s and name = %s for update"


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose request it is, and what upstream calls it (``storage.operation`` in policies)."""

    claims: Mapping[str, Any]
    request: RequestInfo
    operation: str

    def settings(self) -> dict[str, str]:
        """Upstream's own settings; its triggers refuse a DELETE that does not come from it."""
        return {"storage.operation": self.operation, "storage.allow_delete_query": "true"}


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object about to be written. ``size`` is None while only the right to write is tried."""

    bucket: str
    name: str
    version: uuid.UUID
    mime_type: str
    cache_control: str
    user_metadata: dict[str, Any] | None
    declared: int | None
    size: int | None = None

    def metadata(self) -> dict[str, Any]:
        """What policies may look at as ``metadata``, before and after the bytes are there."""
        if self.size is None:
            return {"mimetype": self.mime_type, "contentLength": self.declared}
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "eTag": f'"{self.version.hex}"',
            "size": self.size,
            "mimetype": self.mime_type,
            "cacheControl": self.cache_control,
            "lastModified": now,
            "contentLength": self.size,
            "httpStatusCode": 200,
        }


class Objects:
    """Reads and writes rows. Raises StorageError, psycopg.Error and PoolTimeout."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bucket(
        self, asker: Asker, bucket: str, *, as_service: bool = False
    ) -> dict[str, Any]:
        """Raises StorageError when there is none, or none that the asker may see."""
        found = await self.rows(asker, _BUCKET, [bucket], as_service=as_service)
        if not found:
            raise errors.bucket_not_found()
        return _public_bucket(found[0])

    async def buckets(self, asker: Asker) -> list[dict[str, Any]]:
        return [_public_bucket(row) for row in await self.rows(asker, _BUCKETS)]

    async def find(
        self, asker: Asker, bucket: str, name: str, *, as_service: bool = False
    ) -> dict[str, Any]:
        """Raises StorageError when there is none, or none that the asker may see."""
        found = await self.rows(asker, _OBJECT, [bucket, name], as_service=as_service)
        if not found:
            raise errors.object_not_found()
        return _public_object(found[0])

    async def visible(self, asker: Asker, bucket: str, names: Sequence[str]) -> set[str]:
        """Which of these names exist for the asker."""
        return set(await self.rows(asker, _VISIBLE, [bucket, list(names)]))

    async def may_write(self, asker: Asker, new: NewObject, *, upsert: bool) -> None:
        """Try the row and take it back: nobody fills the disk without the right to."""
        with contextlib.suppress(_TriedOnly):
            async with self._writing(asker) as connection:
                await _write(connection, asker, new, upsert=upsert)
                raise _TriedOnly

    async def write(
        self, asker: Asker, new: NewObject, *, upsert: bool
    ) -> tuple[uuid.UUID, str | None]:
        """Commit the row; its id and the version it replaced."""
        async with self._writing(asker) as connection:
            await connection.execute(_LOCK, [new.bucket, new.name])
            replaced = None
            if upsert:
                cursor = await connection.execute(_CURRENT, [new.bucket, new.name])
                replaced = await cursor.fetchone()
            written = await _write(connection, asker, new, upsert=upsert)
        return written, replaced[0] if replaced else None

    async def remove(self, asker: Asker, bucket: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Delete what the asker may see and delete; the rows that went."""
        gone = await self.rows(asker, _REMOVE, [bucket, list(names)], read_only=False)
        return [_public_object(row) for row in gone]

    async def versions(self) -> set[str]:
        """Every version that has a row, as 32 hexadecimal digits."""
        asker = Asker(SERVICE, RequestInfo("GET", "/"), "storage.sweep")
        found = map(as_version, await self.rows(asker, _VERSIONS))
        return {version.hex for version in found if version is not None}

    async def rows(
        self,
        asker: Asker,
        query: str,
        parameters: Sequence[Any] | None = None,
        *,
        read_only: bool = True,
        as_service: bool = False,
    ) -> list[Any]:
        """The first column of one statement's rows."""
        found = await self._database.as_claims(
            SERVICE if as_service else asker.claims,
            query.encode(),
            parameters,
            read_only=read_only,
            request=asker.request,
            settings=asker.settings(),
        )
        return [row[0] for row in found]

    def _writing(self, asker: Asker) -> contextlib.AbstractAsyncContextManager[AsyncConnection]:
        return self._database.transaction(
            asker.claims, read_only=False, request=asker.request, settings=asker.settings()
        )


class _TriedOnly(Exception):
    """Ends a transaction that was only an attempt."""


def as_version(text: str | None) -> uuid.UUID | None:
    """The version of a row as its file is named; None for a row that was written by hand."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


async def _write(
    connection: AsyncConnection, asker: Asker, new: NewObject, *, upsert: bool
) -> uuid.UUID:
    owner = asker.claims.get("sub")
    fresh = uuid.uuid4()
    values = {
        "id": fresh,
        "bucket": new.bucket,
        "name": new.name,
        "owner": as_version(owner),
        "owner_id": owner,
        "version": str(new.version),
        "metadata": Jsonb(new.metadata()),
        "user_metadata": None if new.user_metadata is None else Jsonb(new.user_metadata),
    }
    # A plain insert returns nothing: reading back would need a policy that lets the writer read.
    cursor = await connection.execute(
        (_INSERT + _OR_UPDATE if upsert else _INSERT).encode(), values
    )
    row = await cursor.fetchone() if upsert else None
    return row[0] if row else fresh


def _public_bucket(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "public", "created_at", "updated_at", "file_size_limit",
             "allowed_mime_types")  # fmt: skip
    # The client wants text here, also for a bucket that a migration made.
    owner = row.get("owner_id") or row.get("owner") or ""
    return {**{name: row[name] for name in names}, "owner": owner}


def _public_object(row: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "bucket_id", "owner", "owner_id", "version", "id", "updated_at",
             "created_at", "last_accessed_at", "metadata", "user_metadata")  # fmt: skip
    return {name: row[name] for name in names}
