"""Sends an object's bytes: whole or one range, only when the client does not have them yet."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, BinaryIO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.local.storage import errors, paths
from app.local.storage.disk import Disk
from app.local.storage.objects import as_version

_PIECE = 256 * 1024


async def send(disk: Disk, row: dict[str, Any], request: Request) -> Response:
    """The answer to GET or HEAD for this row; raises StorageError when its bytes are gone."""
    version = as_version(row["version"])
    headers = _headers(row, request)
    if _is_known(request.headers, headers):
        kept = {name: headers[name] for name in ("ETag", "Last-Modified", "Cache-Control")}
        return Response(status_code=304, headers=kept)
    file = await asyncio.to_thread(_open, disk, version)
    try:
        size = file.seek(0, 2)
        first, last = _range(request.headers, headers, size)
    except BaseException:
        file.close()
        raise
    length = last - first + 1
    headers["Content-Length"] = str(length)
    if length < size:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if length < size else 200
    if request.method == "HEAD":
        file.close()
        return Response(status_code=status, headers=headers)
    file.seek(first)
    return StreamingResponse(_pieces(file, length), status_code=status, headers=headers)


def _headers(row: dict[str, Any], request: Request) -> dict[str, str]:
    metadata = row["metadata"] or {}
    mime_type = str(metadata.get("mimetype") or "application/octet-stream")
    # As upstream: what people upload never runs as a page of this address.
    if "text/html" in mime_type:
        mime_type = "text/plain"
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Type": mime_type.encode("ascii", "replace").decode(),
        "ETag": str(metadata.get("eTag") or f'"{row["id"]}"'),
        "Last-Modified": format_datetime(_changed(row), usegmt=True),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Robots-Tag": "none",
    }
    download = request.query_params.get("download")
    if download is not None:
        headers["Content-Disposition"] = paths.content_disposition(download)
    return headers


def _changed(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["updated_at"]).astimezone(UTC).replace(microsecond=0)


def _is_known(asked: Headers, ours: dict[str, str]) -> bool:
    """Whether the client already has these bytes (RFC 9110, 13.1)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in ("*", ours["ETag"]) for tag in tags.split(","))
    since = _date(asked.get("if-modified-since"))
    changed = _date(ours["Last-Modified"])
    return since is not None and changed is not None and changed <= since


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _range(asked: Headers, ours: dict[str, str], size: int) -> tuple[int, int]:
    """First and last byte to send. A range we do not understand means the whole (RFC 9110)."""
    whole = 0, size - 1
    unit, _, spec = asked.get("range", "").partition("=")
    first, dash, last = spec.strip().partition("-")
    numbers = all(not part or (part.isascii() and part.isdigit()) for part in (first, last))
    if unit.strip().lower() != "bytes" or not dash or not numbers or not (first or last):
        return whole
    if asked.get("if-range", ours["ETag"]) not in (ours["ETag"], ours["Last-Modified"]):
        return whole
    if len(first) > 18 or len(last) > 18:
        raise errors.out_of_range()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise errors.out_of_range()
    return start, end


def _open(disk: Disk, version: uuid.UUID | None) -> BinaryIO:
    if version is None:
        raise errors.bytes_not_found()
    try:
        return disk.open(version)
    except FileNotFoundError as error:
        raise errors.bytes_not_found() from error
    except OSError as error:
        raise errors.disk_failed() from error


async def _pieces(file: BinaryIO, length: int) -> AsyncIterator[bytes]:
    with file:
        while length > 0:
            piece = await asyncio.to_thread(file.read, min(_PIECE, length))
            if not piece:
                break
            length -= len(piece)
            yield piece
