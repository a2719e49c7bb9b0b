"""Letters that a browser seals for us alone: nobody can read them where they lie.

A browser keeps words for times without network, and somebody else may hold that phone by then. So
it knows only how to close a letter: with the public half of a key whose other half is made from
the keys of `seal`. P-256 and AES-GCM, since these are what every browser has (`crypto.subtle`).

A letter reads `<key id>.<public key of the letter>.<nonce and ciphertext>`.
"""

import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.errors import Unexpected
from app.core.seal import from_base64, to_base64

_CURVE = ec.SECP256R1()
# Of P-256, as its standard has it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_PURPOSE = b"handrail letter"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class Letterbox:
    """Opens what was sealed for `address`, also for that of an older one of `keys` (id → 32 bytes,
    the current one first)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {key_id: _private(key) for key_id, key in keys.items()}
        key_id = next(iter(self._keys))
        public = self._keys[key_id].public_key()
        self.address = f"{key_id}.{to_base64(_point(public))}"
        """What a browser seals for: the id of the key and its public half."""

    def open(self, letter: str, *place: object) -> str:
        """The words of a letter that was sealed for this `place`.

        `Unexpected("seal_broken")` for a changed letter or another place,
        `Unexpected("seal_key_missing")` when its key is not among ours.
        """
        try:
            key_id, theirs, box = letter.split(".")
            if key_id not in self._keys:
                raise Unexpected("seal_key_missing")
            point, closed = from_base64(theirs), from_base64(box)
            secret = self._keys[key_id].exchange(
                ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
            )
            key = HKDF(SHA256(), _KEY_BYTES, salt=point, info=_PURPOSE).derive(secret)
            context = ":".join(str(part) for part in place).encode()
            words = AESGCM(key).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], context)
            return words.decode()
        except (ValueError, InvalidTag) as error:
            raise Unexpected("seal_broken") from error


def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hmac.digest(key, _PURPOSE, "sha512"))
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
