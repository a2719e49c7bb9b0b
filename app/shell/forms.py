"""Tokens that show that a form came from a page we sent to this very browser."""

import base64
import binascii
import hmac
import secrets
import struct
import time
from collections.abc import Callable
from typing import Final

_NONCE, _STAMP, _MAC = 8, 8, 32
_LIFETIME_SECONDS: Final = 12 * 3600


class FormTokens:
    """Makes and checks tokens with `key` (32 bytes or more, the same in every process).

    A token is tied to `binding`, the value of a cookie that only this browser has, and to
    `purpose`, so that a token of one form does not open another. It stays valid for twelve hours
    and may be sent twice: a form repeated after a lost network is the same form.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        if len(key) < 32:
            raise ValueError("a form key has at least 32 bytes")
        self._key = key
        self._clock = clock

    def issue(self, binding: str, purpose: str) -> str:
        """A new token, as it stands in a hidden field."""
        head = secrets.token_bytes(_NONCE) + struct.pack(">Q", int(self._clock()))
        return base64.urlsafe_b64encode(head + self._mac(head, binding, purpose)).decode()

    def holds(self, token: str, binding: str, purpose: str) -> bool:
        """Whether the token was issued for this browser and form, not too long ago."""
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return False
        if len(raw) != _NONCE + _STAMP + _MAC:
            return False
        head, mac = raw[: _NONCE + _STAMP], raw[_NONCE + _STAMP :]
        if not hmac.compare_digest(mac, self._mac(head, binding, purpose)):
            return False
        issued = int.from_bytes(head[_NONCE:])
        # Clocks of two processes may differ by a second.
        return -1 <= self._clock() - issued <= _LIFETIME_SECONDS

    def _mac(self, head: bytes, binding: str, purpose: str) -> bytes:
        parts = [part.encode("utf-8", "surrogatepass") for part in (purpose, binding)]
        framed = b"".join(struct.pack(">I", len(part)) + part for part in parts)
        return hmac.digest(self._key, head + framed, "sha256")
