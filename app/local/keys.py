"""Who is asking: signs and checks access tokens and knows the two opaque API keys."""

import base64
import hashlib
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.local.key_files import load_key_files

ALGORITHM = "ES256"
Claims = Mapping[str, Any]
TokenKind = Literal["undecodable", "expired", "invalid"]

_REMEMBERED_TOKENS = 2048
_LONGEST_TOKEN = 16_384


class TokenError(Exception):
    """A token or key that proves nothing.

    ``undecodable``: not a token of ours (shape, algorithm, key, signature) or an unknown API key.
    ``expired``: ours, but too old. ``invalid``: ours, but its claims make no sense now.
    """

    def __init__(self, kind: TokenKind, message: str, details: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.details = details


class Keys:
    """Signs and checks access tokens and knows the two API keys. Safe to share between tasks."""

    def __init__(
        self,
        signing_key: ec.EllipticCurvePrivateKey,
        *,
        publishable: str,
        secret: str,
        storage_secret: bytes,
    ) -> None:
        self.publishable = publishable
        self.secret = secret
        self.storage_secret = storage_secret
        self._signing_key = signing_key
        self._public_key = signing_key.public_key()
        self._jwk = _public_jwk(self._public_key)
        self._kid = str(self._jwk["kid"])
        self._jws = jwt.PyJWS(algorithms=[ALGORITHM])
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    @classmethod
    def load(cls, home: Path) -> "Keys":
        """Read the keys of this home folder, making the ones that are missing.

        Two processes that start at once end up with the same keys. Raises LocalError
        ``keys_unreadable``.
        """
        kept = load_key_files(home / "keys")
        return cls(
            kept.signing_key,
            publishable=kept.publishable,
            secret=kept.secret,
            storage_secret=kept.storage_secret,
        )

    def sign(self, claims: Claims) -> str:
        """An access token with exactly these claims; the caller sets ``exp`` and ``iat``."""
        return jwt.encode(
            dict(claims), self._signing_key, algorithm=ALGORITHM, headers={"kid": self._kid}
        )

    def verify(self, token: str, *, leeway: float = 0) -> Claims:
        """The claims of a token that this project signed and that is valid now.

        ``leeway`` (seconds) forgives clocks that differ. Raises TokenError. The result is
        shared between callers: never change it.
        """
        claims = self._verified.get(token)
        if claims is None:
            claims = self._decode(token)
            _check_times(claims, leeway)
            if len(self._verified) >= _REMEMBERED_TOKENS:
                self._verified.popitem(last=False)
            self._verified[token] = claims
        else:
            _check_times(claims, leeway)
        return claims

    def claims_of(self, headers: Mapping[str, str], *, leeway: float = 0) -> Claims:
        """Whose request this is, from its ``apikey`` and ``authorization`` headers.

        ``headers`` has lower-case names or ignores case. A signed-in person's token wins over
        the API key; an API key alone gives ``{"role": "anon"}`` or ``{"role": "service_role"}``;
        nothing at all is anon. Raises TokenError, also for an API key that is not ours.
        """
        key = headers.get("apikey")
        token = _bearer(headers.get("authorization"))
        if key is not None and self.role_of_key(key) is None:
            if not key or key.startswith("sb_"):
                raise TokenError("undecodable", "Invalid API key")
            self.verify(key, leeway=leeway)
        if token is None:
            token = key
        if token is None:
            return {"role": "anon"}
        role = self.role_of_key(token)
        if role is None:
            return self.verify(token, leeway=leeway)
        if key is not None and key != token:
            raise TokenError("undecodable", "The API key in Authorization differs from apikey")
        return {"role": role}

    def role_of_key(self, key: str) -> Literal["anon", "service_role"] | None:
        """The database role of one of the project's API keys; None for anything else."""
        given = key.encode("utf-8", "surrogatepass")
        if secrets.compare_digest(given, self.publishable.encode()):
            return "anon"
        if secrets.compare_digest(given, self.secret.encode()):
            return "service_role"
        return None

    def jwks(self) -> dict[str, Any]:
        """The public half, as ``/auth/v1/.well-known/jwks.json`` serves it."""
        return {"keys": [dict(self._jwk)]}

    def _decode(self, token: str) -> Claims:
        parts = token.split(".")
        if not token:
            raise TokenError("undecodable", "Empty JWT is sent in Authorization header")
        if len(parts) != 3:
            raise TokenError("undecodable", f"Expected 3 parts in JWT; got {len(parts)}")
        if len(token) > _LONGEST_TOKEN:
            raise TokenError("undecodable", "JWT couldn't be decoded")
        try:
            header = self._jws.get_unverified_header(token)
            if header.get("alg") != ALGORITHM:
                raise TokenError("undecodable", "Wrong or unsupported encoding algorithm")
            if header.get("kid") != self._kid:
                raise TokenError(
                    "undecodable",
                    "No suitable key or wrong key type",
                    "None of the keys was able to decode the JWT",
                )
            payload = self._jws.decode(token, self._public_key, algorithms=[ALGORITHM])
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenError("undecodable", "JWT cryptographic operation failed") from error
        return _as_claims(payload)


def _as_claims(payload: bytes) -> Claims:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise TokenError("invalid", "Parsing claims failed")
    return claims


def _check_times(claims: Claims, leeway: float) -> None:
    now = time.time()
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise TokenError("invalid", f"The JWT '{name}' claim must be a number")
    if claims.get("exp") is not None and now - leeway >= claims["exp"]:
        raise TokenError("expired", "JWT expired")
    # Two clocks of one machine may still differ by a moment after an adjustment.
    early = now + max(leeway, 30)
    if claims.get("nbf") is not None and claims["nbf"] > early:
        raise TokenError("invalid", "JWT not yet valid")
    if claims.get("iat") is not None and claims["iat"] > early:
        raise TokenError("invalid", "JWT issued at future")


def _bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header; other schemes than Bearer count as none."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    jwk = ECAlgorithm.to_jwk(key, as_dict=True)
    # RFC 7638: the thumbprint of the required members in this order names the key.
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    digest = hashlib.sha256(json.dumps(required, separators=(",", ":")).encode()).digest()
    kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {**required, "kid": kid, "alg": ALGORITHM, "use": "sig", "key_ops": ["verify"]}
