"""Answers of a few kilobytes."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from starlette.requests import Request

from app.shell.small import Small

WORDS = "Somebody is there. " * 40


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


@pytest.mark.parametrize(
    ("accepts", "encoding", "opened"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_it_is_sent_as_the_browser_reads_it(
    accepts: str, encoding: str | None, opened: Callable[[bytes], bytes]
) -> None:
    answer = Small(WORDS, "text/plain").answer(request(accept_encoding=accepts))
    assert answer.headers.get("content-encoding") == encoding
    assert opened(bytes(answer.body)).decode() == WORDS
    assert answer.headers["vary"] == "Accept-Encoding"


def test_it_is_not_sent_again_and_its_headers_are() -> None:
    small = Small(WORDS, "text/plain", {"cache-control": "no-cache", "vary": "Cookie"})
    first = small.answer(request())
    again = small.answer(request(if_none_match=f'"old", {first.headers["etag"]}'))
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    assert again.headers["vary"] == "Cookie, Accept-Encoding"
    other = Small(f"{WORDS}!", "text/plain").answer(request(if_none_match=first.headers["etag"]))
    assert other.status_code == 200


def test_a_few_bytes_stay_as_they_are() -> None:
    answer = Small("short", "text/plain").answer(request(accept_encoding="br"))
    assert answer.body == b"short"
    assert "content-encoding" not in answer.headers
