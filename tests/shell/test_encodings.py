"""What a browser says it can read, and what it gets."""

import pytest

from app.shell.encodings import preferred

OURS = ["br", "gzip"]


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.4, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; Q=1", "br"),
        ("*", "br"),
        ("*;q=0.1, gzip", "gzip"),
        ("br;q=0, *;q=0.5", "gzip"),
        ("identity, br;q=0.5", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0", "identity"),
        ("deflate", "identity"),
        ("", "identity"),
        ("br;q=much, gzip", "gzip"),
        ("br;q=nan", "identity"),
        ("brx, xgzip", "identity"),
        (",;q=1,;;", "identity"),
    ],
)
def test_the_most_wanted_form_comes_first(header: str, first: str) -> None:
    assert preferred(header, OURS)[0] == first


@pytest.mark.parametrize("header", ["gzip, br", "", "identity, gzip;q=0.1", "*;q=0"])
def test_the_plain_form_is_always_left(header: str) -> None:
    assert preferred(header, OURS).count("identity") == 1
