"""The body of an upload, read piece by piece and never held as a whole."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.types import Receive

from app.local.storage import errors

_MOST_FIELDS = 10
_LONGEST_FIELD = 1024 * 1024


class Body:
    """The body of one request as it comes from the network."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """Raises StorageError when the client goes away before the end."""
        while not self._ended:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._ended = True
                raise errors.no_content("Request stream closed before upload could complete")
            self._ended = not message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk

    async def drain(self, most: int) -> bool:
        """Throw away the rest, at most about ``most`` bytes; whether that was all of it.

        A client that is still sending often does not read an answer before it is through.
        """
        async for chunk in self.chunks():
            most -= len(chunk)
            if most < 0:
                break
        return self._ended


class Incoming:
    """What is uploaded: its type and metadata at once, its bytes through ``chunks``.

    ``declared`` is the length of the whole request, when the client told.
    """

    def __init__(self, mime_type: str, declared: int | None, chunks: AsyncIterator[bytes]) -> None:
        self.mime_type = mime_type
        self.declared = declared
        self.cache_control = "no-cache"
        self.user_metadata: dict[str, Any] | None = None
        self.chunks = chunks

    def take(self, field: str, value: bytes) -> None:
        """Take over one field of a form; foreign names are ignored, as upstream does."""
        text = value.decode("utf-8", "replace")
        match field:
            case "cacheControl" if text:
                self.cache_control = f"max-age={text}"
            case "metadata" | "userMetadata":
                self.user_metadata = _json_object(value)
            case "contentType" if text:
                self.mime_type = text


async def receive(headers: Headers, body: Body) -> Incoming:
    """Read an upload up to its first byte of content; raises StorageError for a broken one."""
    length = headers.get("content-length", "")
    declared = int(length) if length.isascii() and length.isdigit() else None
    kind, options = parse_options_header(headers.get("content-type"))
    if kind == b"multipart/form-data":
        return await _receive_form(body, options.get(b"boundary", b""), declared)
    mime_type = headers.get("content-type") or "application/octet-stream"
    incoming = Incoming(mime_type, declared, body.chunks())
    incoming.cache_control = headers.get("cache-control", "no-cache")
    if (encoded := headers.get("x-metadata")) is not None:
        incoming.user_metadata = _json_object(_from_base64(encoded))
    return incoming


async def _receive_form(body: Body, boundary: bytes, declared: int | None) -> Incoming:
    try:
        form = _Form(body, boundary)
    except FormParserError as error:
        raise errors.no_content("Multipart: Boundary not found") from error
    fields: dict[str, bytes] = {}
    async for name, mime_type in form.parts():
        if mime_type is not None:
            incoming = Incoming(mime_type, declared, form.file())
            for field, value in fields.items():
                incoming.take(field, value)
            return incoming
        if len(fields) >= _MOST_FIELDS:
            raise errors.invalid_request("reach fields limit")
        fields[name] = b"".join([piece async for piece in form.content(_LONGEST_FIELD)])
    raise errors.no_content()


class _Form:
    """Walks through multipart/form-data; the parser's callbacks become a queue of pieces."""

    def __init__(self, body: Body, boundary: bytes) -> None:
        if not boundary:
            raise FormParserError("no boundary")
        self._source = body.chunks()
        self._pieces: list[tuple[str, bytes]] = []
        self._next = 0
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": lambda data, start, end: self._add("field", data[start:end]),
                "on_header_value": lambda data, start, end: self._add("value", data[start:end]),
                "on_header_end": lambda: self._add("header", b""),
                "on_headers_finished": lambda: self._add("part", b""),
                "on_part_data": lambda data, start, end: self._add("data", data[start:end]),
                "on_part_end": lambda: self._add("part end", b""),
                "on_end": lambda: self._add("end", b""),
            },
        )

    async def parts(self) -> AsyncIterator[tuple[str, str | None]]:
        """The name of each part, and the type of its file or None for a plain field.

        The part's content has to be read before the next one comes.
        """
        headers: dict[bytes, bytes] = {}
        field = value = b""
        while (piece := await self._piece()) is not None:
            match piece:
                case ("field", data):
                    field += data
                case ("value", data):
                    value += data
                case ("header", _):
                    headers[field.lower()] = value
                    field = value = b""
                case ("part", _):
                    yield _described(headers)
                    headers = {}

    async def content(self, limit: int | None = None) -> AsyncIterator[bytes]:
        """The bytes of the part at hand; raises StorageError when they break off."""
        size = 0
        while (piece := await self._piece()) is not None:
            kind, data = piece
            if kind == "part end":
                break
            size += len(data)
            if limit is not None and size > limit:
                raise errors.too_large("user_metadata")
            yield data
        else:
            raise errors.no_content("Unexpected end of form")

    async def file(self) -> AsyncIterator[bytes]:
        """The file at hand. What a form puts behind its file is not looked at, as upstream."""
        async for piece in self.content():
            yield piece
        while await self._piece() is not None:
            pass
        if not self._ended:
            raise errors.no_content("Unexpected end of form")

    async def _piece(self) -> tuple[str, bytes] | None:
        while self._next >= len(self._pieces):
            self._pieces.clear()
            self._next = 0
            chunk = await anext(self._source, None)
            if chunk is None:
                return None
            try:
                self._parser.write(chunk)
            except FormParserError as error:
                raise errors.no_content("Malformed part header or body") from error
        piece = self._pieces[self._next]
        self._next += 1
        return piece

    def _add(self, kind: str, data: bytes) -> None:
        if kind == "end":
            self._ended = True
        else:
            self._pieces.append((kind, data))


def _described(headers: dict[bytes, bytes]) -> tuple[str, str | None]:
    _, options = parse_options_header(headers.get(b"content-disposition"))
    name = options.get(b"name", b"").decode("utf-8", "replace")
    if b"filename" not in options and b"content-type" not in headers:
        return name, None
    mime_type = headers.get(b"content-type", b"application/octet-stream")
    return name, mime_type.decode("latin-1").strip()


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _json_object(text: bytes) -> dict[str, Any] | None:
    """Custom metadata; what is no JSON object counts as none, as upstream has it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
