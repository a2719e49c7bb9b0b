"""How the body of an upload is read, whatever way the network cuts it."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import Message

from app.local.storage.errors import StorageError
from app.local.storage.incoming import Body, Incoming, receive

BOUNDARY = "-- a.boundary"
FORM = {"content-type": f'multipart/form-data; boundary="{BOUNDARY}"'}


def part(name: str, value: bytes, more: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def file_part(content: bytes, mime_type: str = "image/png") -> bytes:
    return part("file", content, f'; filename="x"\r\nContent-Type: {mime_type}')


END = f"--{BOUNDARY}--\r\n".encode()


def read(
    pieces: list[bytes], headers: dict[str, str], *, cut: bool = False
) -> tuple[Incoming, bytes]:
    """Feed these pieces to `receive`; `cut` ends the connection before the end."""
    messages: Iterator[Message] = iter(
        [
            {"type": "http.request", "body": piece, "more_body": cut or number < len(pieces) - 1}
            for number, piece in enumerate(pieces)
        ]
        + [{"type": "http.disconnect"}]
    )

    async def next_message() -> Message:
        return next(messages)

    async def run() -> tuple[Incoming, bytes]:
        incoming = await receive(Headers(headers), Body(next_message))
        return incoming, b"".join([chunk async for chunk in incoming.chunks])

    return asyncio.run(run())


def sliced(body: bytes, sizes: list[int]) -> list[bytes]:
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(body[at : at + size])
        at += size
    return pieces or [b""]


@given(
    content=st.binary(max_size=300)
    | st.just(f"\r\n--{BOUNDARY}".encode()[:-1])
    | st.just(b"\r\n--\r\n" * 5),
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=5),
    metadata=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
)
def test_a_form_is_the_same_in_pieces_of_any_size(
    content: bytes, sizes: list[int], metadata: dict[str, object]
) -> None:
    fields = part("cacheControl", b"60") + part("metadata", json.dumps(metadata).encode())
    incoming, read_back = read(sliced(fields + file_part(content) + END, sizes), FORM)
    assert read_back == content
    assert incoming.mime_type == "image/png"
    assert incoming.cache_control == "max-age=60"
    assert incoming.user_metadata == metadata


def test_a_plain_body_is_the_file() -> None:
    headers = {"content-type": "text/plain", "content-length": "6", "x-metadata": "eyJhIjogMX0="}
    incoming, content = read([b"abc", b"", b"def"], headers)
    assert content == b"abcdef"
    assert (incoming.mime_type, incoming.declared) == ("text/plain", 6)
    assert incoming.user_metadata == {"a": 1}


@pytest.mark.parametrize("metadata", [b"[1]", b"nonsense", b"\xff", b"[" * 100_000])
def test_metadata_that_is_no_object_counts_as_none(metadata: bytes) -> None:
    incoming, content = read([part("metadata", metadata) + file_part(b"x") + END], FORM)
    assert (incoming.user_metadata, content) == (None, b"x")


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        (b"", FORM, "No content provided"),
        (END, FORM, "No content provided"),
        (part("cacheControl", b"60") + END, FORM, "No content provided"),
        (file_part(b"x"), FORM, "Unexpected end of form"),
        (file_part(b"x")[:-4], FORM, "No content provided"),
        (b"nonsense", FORM, "Malformed part header or body"),
        (file_part(b"x") + END, {"content-type": "multipart/form-data"}, "Boundary not found"),
        (
            file_part(b"x") + END,
            {"content-type": f"multipart/form-data; boundary={'b' * 5000}"},
            "Boundary not found",
        ),
        (part("a", b"x" * 2**20 + b"x") + file_part(b"x") + END, FORM, "maximum allowed size"),
        (
            b"".join(part(str(number), b"x") for number in range(11)) + file_part(b"x") + END,
            FORM,
            "reach fields limit",
        ),
        (part("a" * 100_000, b"x") + END, FORM, "Malformed part header or body"),
    ],
)
def test_a_broken_form_is_refused(body: bytes, headers: dict[str, str], message: str) -> None:
    with pytest.raises(StorageError, match=message):
        read(sliced(body, [1000]), headers)


def test_a_client_that_goes_away_is_no_end_of_a_file() -> None:
    with pytest.raises(StorageError, match="closed before upload could complete"):
        read([b"abc"], {"content-type": "text/plain"}, cut=True)
    with pytest.raises(StorageError, match="closed before upload could complete"):
        read([file_part(b"abc")], FORM, cut=True)
