"""What a signed-in device gets: an access token with hosted Supabase's claims, and the rest."""

import time
from typing import Any

from app.local.auth.refresh_tokens import RefreshTokens
from app.local.auth.sessions import Session
from app.local.keys import Keys


class Tokens:
    """Writes the tokens of one project.

    ``issuer`` is the address of Auth, ``lifetime`` an access token's in seconds.
    """

    def __init__(self, keys: Keys, *, issuer: str, lifetime: int) -> None:
        self.refresh = RefreshTokens(keys.storage_secret)
        self._keys = keys
        self._issuer = issuer
        self._lifetime = lifetime

    def bundle(self, session: Session) -> dict[str, Any]:
        """The Session object of the API."""
        now = int(time.time())
        return {
            "access_token": self._keys.sign(self.claims(session, now)),
            "token_type": "bearer",
            "expires_in": self._lifetime,
            "expires_at": now + self._lifetime,
            "refresh_token": self.refresh.write(session.token),
            "user": session.user.public(),
        }

    def claims(self, session: Session, now: int) -> dict[str, Any]:
        """The claims of an access token made at ``now`` (seconds since 1970)."""
        user = session.user
        return {
            "iss": self._issuer,
            "sub": str(user.id),
            "aud": user.aud,
            "exp": now + self._lifetime,
            "iat": now,
            "email": user.email,
            "phone": user.phone,
            "app_metadata": user.app_metadata,
            "user_metadata": user.user_metadata,
            "role": user.role,
            "aal": "aal1",
            "amr": session.amr,
            "session_id": str(session.token.session_id),
            "is_anonymous": user.is_anonymous,
        }
