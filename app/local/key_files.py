"""The project's secrets on disk: the key that signs tokens, the two API keys, storage's own.

All are made at the first start and are readable by their owner only.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.local.errors import LocalError


@dataclass(frozen=True, slots=True)
class KeyFiles:
    signing_key: ec.EllipticCurvePrivateKey
    publishable: str
    secret: str
    storage_secret: bytes


def load_key_files(folder: Path) -> KeyFiles:
    """Read the keys in this folder, making the folder and the keys that are missing.

    Two processes that start at once end up with the same keys. Raises LocalError
    ``keys_unreadable``.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = _kept(folder / "signing_key.pem", _new_signing_key)
        signing_key = serialization.load_pem_private_key(pem, password=None)
        publishable = _kept(folder / "publishable_key", _new_publishable_key).decode("ascii")
        secret = _kept(folder / "secret_key", _new_secret_key).decode("ascii")
        storage_secret = _kept(folder / "storage_secret", _new_storage_secret).decode("ascii")
        if not isinstance(signing_key, ec.EllipticCurvePrivateKey):
            raise ValueError("signing_key.pem holds another kind of key")
        return KeyFiles(
            signing_key, publishable.strip(), secret.strip(), bytes.fromhex(storage_secret)
        )
    except (OSError, ValueError) as error:
        raise LocalError(
            "keys_unreadable", f"The keys in {folder} cannot be read or made: {error}"
        ) from error


def _new_signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _new_publishable_key() -> bytes:
    return f"sb_publishable_{secrets.token_urlsafe(24)}".encode()


def _new_secret_key() -> bytes:
    return f"sb_secret_{secrets.token_urlsafe(32)}".encode()


def _new_storage_secret() -> bytes:
    return secrets.token_hex(32).encode()


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of this file, written first if nobody has."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole or not at all, and never replaces what another process made.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes()
