"""Answers of a few kilobytes that stay the same: squeezed once, and not sent again unchanged."""

import gzip
import hashlib
from collections.abc import Mapping

import brotli
from starlette.requests import Request
from starlette.responses import Response

from app.shell.encodings import IDENTITY, preferred

_LEAST_BYTES = 200


class Small:
    """One body in every form that browsers take, with an `ETag`.

    `headers` go out with each answer, also with the 304 of a browser that has it already.
    """

    def __init__(
        self, body: str | bytes, media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self._media_type = media_type
        self._forms = {IDENTITY: raw}
        if len(raw) >= _LEAST_BYTES:
            self._forms["br"] = brotli.compress(raw, quality=9)
            self._forms["gzip"] = gzip.compress(raw, 9, mtime=0)
        # Weak: the same words in several forms.
        self._etag = f'W/"{hashlib.sha256(raw).hexdigest()[:16]}"'
        given = dict(headers or {})
        vary = ", ".join(filter(None, [given.pop("vary", ""), "Accept-Encoding"]))
        self._headers = {**given, "etag": self._etag, "vary": vary}

    def answer(self, request: Request) -> Response:
        """The form that this browser wants best, or 304."""
        known = request.headers.get("if-none-match", "")
        if self._etag in {each.strip() for each in known.split(",")}:
            return Response(status_code=304, headers=self._headers)
        wanted = preferred(request.headers.get("accept-encoding", ""), ["br", "gzip"])
        form = next(each for each in wanted if each in self._forms)
        encoded = {} if form == IDENTITY else {"content-encoding": form}
        return Response(
            self._forms[form], headers={**self._headers, **encoded}, media_type=self._media_type
        )
