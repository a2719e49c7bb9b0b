"""Envelope encryption of free text and tokens at rest.

Every text gets its own random data key (AES-256-GCM); the data key is wrapped with a
key-encryption key (AES key wrap, RFC 3394), so a key-encryption key never meets a nonce and may be
used without limit. A sealed text reads `s1.<key id>.<wrapped data key>.<nonce and ciphertext>`.

`context` names the place a text belongs to (a row, a device). It is authenticated, not stored:
a sealed text that was copied to another row does not open there.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from app.core.errors import Unexpected

KEY_BYTES = 32
_VERSION = "s1"
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[a-z0-9]{1,16}")


def is_key_id(text: str) -> bool:
    """Whether `text` may name a key: 1 to 16 small letters and digits."""
    return _KEY_ID.fullmatch(text) is not None


def new_key(key_id: str) -> str:
    """A fresh key-encryption key in the form of the setting: `<id>:<base64>`."""
    if not is_key_id(key_id):
        raise ValueError("a key id is 1 to 16 small letters and digits")
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def new_file_key() -> str:
    """A fresh key for the bytes of one file; itself to be sealed in the row that names the file."""
    return to_base64(AESGCM.generate_key(256))


def seal_file(key: str, plain: bytes, context: str) -> bytes:
    """The bytes of a file as they lie in Storage; a key of `new_file_key` seals a few at most."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(from_base64(key)).encrypt(nonce, plain, context.encode())


def open_file(key: str, sealed: bytes, context: str) -> bytes:
    """What `seal_file` sealed; `Unexpected("seal_broken")` for changed bytes or another context."""
    try:
        return AESGCM(from_base64(key)).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode()
        )
    except (ValueError, InvalidTag) as error:
        raise Unexpected("seal_broken") from error


def derived_key(keys: Mapping[str, bytes], purpose: str) -> bytes:
    """32 bytes for another purpose than sealing, the same in every process with these keys.

    Another current key gives other bytes, so only what is short-lived may depend on them.
    """
    current = next(iter(keys.values()))
    return hmac.digest(current, f"{_VERSION}:{purpose}".encode(), "sha256")


class Seal:
    """Seals with the first of `keys` (id → 32 bytes), opens with any of them.

    To rotate: put the new key first and keep the old ones until nothing `needs_reseal` any more.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys or any(
            len(key) != KEY_BYTES or not is_key_id(id_) for id_, key in keys.items()
        ):
            raise ValueError("sealing needs at least one key of 32 bytes with a valid id")
        self._keys = dict(keys)
        self._current = next(iter(self._keys))

    @property
    def old_keys(self) -> tuple[str, ...]:
        """The ids of the keys that open and do not seal any more."""
        return tuple(self._keys)[1:]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one that seals first."""
        return tuple(self._keys)

    def seal(self, plain: bytes, context: str) -> str:
        """The sealed form of `plain`, which only `open` with the same `context` reads again."""
        data_key = AESGCM.generate_key(256)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = AESGCM(data_key).encrypt(nonce, plain, _bound(self._current, context))
        wrapped = aes_key_wrap(self._keys[self._current], data_key)
        return ".".join((_VERSION, self._current, to_base64(wrapped), to_base64(nonce + text)))

    def open(self, sealed: str, context: str) -> bytes:
        """What was sealed; `Unexpected("seal_broken")` for a changed text or another context,
        `Unexpected("seal_key_missing")` when its key is not among ours."""
        try:
            version, key_id, wrapped, box = sealed.split(".")
            if version != _VERSION:
                raise ValueError("unknown version")
            if is_key_id(key_id) and key_id not in self._keys:
                raise Unexpected("seal_key_missing")
            data_key = aes_key_unwrap(self._keys[key_id], from_base64(wrapped))
            text = from_base64(box)
            return AESGCM(data_key).decrypt(
                text[:_NONCE_BYTES], text[_NONCE_BYTES:], _bound(key_id, context)
            )
        except (ValueError, KeyError, InvalidUnwrap, InvalidTag) as error:
            raise Unexpected("seal_broken") from error

    def seal_text(self, text: str, *place: object) -> str:
        """The sealed form of somebody's words, for the row that `place` names.

        `place` is what makes the row one of a kind and never changes: its table, its ids, its
        version. Every free text that people write goes into the database through here.
        """
        return self.seal(text.encode(), _row(place))

    def open_text(self, sealed: str, *place: object) -> str:
        """The words that `seal_text` sealed for the same `place`; raises like `open`."""
        try:
            return self.open(sealed, _row(place)).decode()
        except UnicodeDecodeError as error:
            raise Unexpected("seal_broken") from error

    def needs_reseal(self, sealed: str) -> bool:
        """Whether `sealed` was made with another key than the current one."""
        return not sealed.startswith(f"{_VERSION}.{self._current}.")


def _row(place: tuple[object, ...]) -> str:
    if not place:
        raise ValueError("a text belongs to a row")
    return ":".join(str(part) for part in place)


def _bound(key_id: str, context: str) -> bytes:
    return f"{_VERSION}.{key_id}.{context}".encode()


def to_base64(raw: bytes) -> str:
    """As addresses have it, without the signs that only fill up."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """What `to_base64` made; `ValueError` for anything that it would not have made."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if to_base64(raw) != text:
        raise ValueError("not the shortest form")
    return raw
