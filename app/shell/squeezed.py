"""Plain pages in the smallest form that a browser takes, where that gives nothing away."""

import gzip
from functools import lru_cache

import brotli
from starlette.requests import Request
from starlette.responses import Response

from app.shell.encodings import IDENTITY, preferred

# These are made for each request: beyond this, brotli's time grows faster than its gain.
_QUALITY = 5


def squeezed(request: Request, page: Response) -> Response:
    """The whole answer, squeezed as this browser wants it.

    Never for a page with a secret in it, such as a form's token: how far it squeezes would tell of
    the secret to whoever can put guesses into the same page (BREACH).
    """
    body = bytes(page.body)
    wanted = preferred(request.headers.get("accept-encoding", ""), ["br", "gzip"])[0]
    page.headers.add_vary_header("Accept-Encoding")
    if wanted != IDENTITY:
        page.body = _squeeze(body, wanted)
        page.headers["content-encoding"] = wanted
        page.headers["content-length"] = str(len(page.body))
    return page


@lru_cache(maxsize=256)
def _squeeze(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_QUALITY))
    return gzip.compress(body, 9, mtime=0)
