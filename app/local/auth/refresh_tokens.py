"""Refresh tokens: signed messages that name a session and a turn, never stored anywhere.

The format is supabase/auth's (internal/crypto/refresh_tokens.go): version 0, session id, turn
as a varint, 128 bits of HMAC-SHA-256, four bytes of checksum; all in base64url. The upstream
keeps an HMAC key in each session's row. Here the keys come from the project's own secret, so
that a copy of the database alone signs nobody in.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

_VERSION = b"\0"
_SIGNATURE = 16
_CHECKSUM = 4
_SHORTEST = len(_VERSION) + 16 + 1 + _SIGNATURE + _CHECKSUM
_LONGEST = _SHORTEST + 9
_LARGEST_TURN = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """The ``turn``-th token of a session; each refresh that rotates adds one."""

    session_id: UUID
    turn: int


class RefreshTokens:
    """Writes and reads the tokens of one project."""

    def __init__(self, secret: bytes) -> None:
        # A label of its own keeps this use of the secret apart from every other one.
        self._secret = hmac.digest(secret, b"refresh tokens of sessions", "sha256")

    def write(self, token: RefreshToken) -> str:
        """What the client keeps. The same session and turn always give the same text."""
        message = _VERSION + token.session_id.bytes + _varint(token.turn)
        signed = message + self._signature(token.session_id, message)
        return _encoded(signed + _checksum(signed))

    def read(self, text: str) -> RefreshToken | None:
        """The token in this text, or None if this project never wrote it.

        Raises ValueError for what does not even look like one.
        """
        raw = _decoded(text)
        signed, checksum = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
        if not _SHORTEST <= len(raw) <= _LONGEST or raw[:1] != _VERSION:
            raise ValueError("length or version")
        if _checksum(signed) != checksum:
            raise ValueError("checksum")
        message, signature = signed[:-_SIGNATURE], signed[-_SIGNATURE:]
        session_id = UUID(bytes=message[1:17])
        turn = _read_varint(message[17:])
        if not hmac.compare_digest(self._signature(session_id, message), signature):
            return None
        return RefreshToken(session_id, turn)

    def _signature(self, session_id: UUID, message: bytes) -> bytes:
        key = hmac.digest(self._secret, session_id.bytes, "sha256")
        return hmac.digest(key, message, "sha256")[:_SIGNATURE]


def _checksum(signed: bytes) -> bytes:
    return hashlib.sha256(signed).digest()[:_CHECKSUM]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("encoding") from error
    if _encoded(raw) != text:
        raise ValueError("encoding")
    return raw


def _varint(number: int) -> bytes:
    """Least significant seven bits first, as golang's binary.AppendUvarint."""
    groups = bytearray()
    while number >= 0x80:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def _read_varint(raw: bytes) -> int:
    number = sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(raw))
    if number > _LARGEST_TURN or _varint(number) != raw:
        raise ValueError("turn")
    return number
