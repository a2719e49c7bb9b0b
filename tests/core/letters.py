"""Seals a letter as a browser does: `outbox.js` in Python."""

import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.seal import from_base64, to_base64


def letter(address: str, text: str, *place: object) -> str:
    """`text` for the letterbox of this address."""
    key_id, point = address.split(".")
    mine = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(point))
    salt = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = mine.exchange(ec.ECDH(), theirs)
    key = HKDF(SHA256(), 32, salt=salt, info=b"handrail letter").derive(secret)
    nonce, context = secrets.token_bytes(12), ":".join(map(str, place)).encode()
    closed = AESGCM(key).encrypt(nonce, text.encode(), context)
    return f"{key_id}.{to_base64(salt)}.{to_base64(nonce + closed)}"
