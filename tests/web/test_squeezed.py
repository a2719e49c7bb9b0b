"""Which plain pages go out squeezed: those without a secret, and only to who can read it."""

import brotli
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.shell.squeezed import squeezed

PAGE = "<p>Call 112 when somebody is in danger.</p>" * 20


def answer(accepts: str) -> HTMLResponse:
    scope = {"type": "http", "headers": [(b"accept-encoding", accepts.encode())]}
    page = HTMLResponse(PAGE, headers={"vary": "Cookie"})
    assert squeezed(Request(scope), page) is page
    return page


@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, br", "br"), ("gzip", "gzip")])
def test_whoever_can_unpack_gets_less(accepts: str, encoding: str) -> None:
    page = answer(accepts)
    assert page.headers["content-encoding"] == encoding
    assert page.headers["content-length"] == str(len(page.body))
    assert page.headers["vary"] == "Cookie, Accept-Encoding"
    assert len(page.body) < len(PAGE) / 5
    if encoding == "br":
        assert brotli.decompress(bytes(page.body)).decode() == PAGE


@pytest.mark.parametrize("accepts", ["", "identity", "zstd", "br;q=0"])
def test_whoever_cannot_gets_the_page_as_it_is(accepts: str) -> None:
    page = answer(accepts)
    assert "content-encoding" not in page.headers
    assert bytes(page.body).decode() == PAGE
    assert page.headers["vary"] == "Cookie, Accept-Encoding"
