"""What Supabase Auth gives to somebody who signed in, and the three calls that need no screen."""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Literal, Self
from uuid import UUID

from supabase_auth.errors import AuthApiError
from supabase_auth.types import AuthResponse

from app.core.clock import Clock
from app.core.errors import Invalid, NotAllowed, Unexpected, Unreachable
from app.core.foreign import translated
from app.core.http import Backend
from app.core.speaking import spoken_for

Scope = Literal["local", "others", "global"]
_EARLY = 60.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one Auth session; times are seconds since the epoch by our own clock."""

    user_id: UUID
    access: str
    refresh: str
    renew_at: float

    def fresh(self, clock: Clock) -> bool:
        """Whether the access token may still be used without a doubt."""
        return clock.now().timestamp() < self.renew_at

    @property
    def email(self) -> str:
        """The address of the account. Read without checking: Auth itself gave us this token."""
        payload = self.access.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["email"])

    def dump(self) -> bytes:
        """For sealing; `load` reads it again."""
        return json.dumps({**asdict(self), "user_id": str(self.user_id)}).encode()

    @classmethod
    def load(cls, raw: bytes) -> Self:
        try:
            found = json.loads(raw)
            return cls(
                UUID(found["user_id"]),
                str(found["access"]),
                str(found["refresh"]),
                float(found["renew_at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Unexpected("seal_broken") from error


async def sign_in(backend: Backend, clock: Clock, email: str, password: str) -> Tokens:
    """Raises `NotAllowed("wrong_secret")` for any wrong pair, whatever is wrong about it."""
    address = spoken_for()
    with translated():
        if backend.sign_in_for is not None and address is not None:
            answer = await backend.sign_in_for(email, password, address)
        else:
            answer = await backend.client().auth.sign_in_with_password(
                {"email": email, "password": password}
            )
    return _tokens(answer, clock)


async def prove_address(backend: Backend, clock: Clock, token_hash: str) -> Tokens:
    """The first session of somebody who was invited by mail; uses the link's token up.

    Raises `NotAllowed("link_not_valid")` for wrong, used and expired alike.
    """
    with translated():
        answer = await backend.client().auth.verify_otp(
            {"type": "invite", "token_hash": token_hash}
        )
    return _tokens(answer, clock)


async def choose_password(backend: Backend, tokens: Tokens, password: str) -> None:
    """Set the password of the account behind these tokens; other sessions of it end.

    Raises `Invalid("weak_secret")` for what Auth does not take.
    """
    with translated():
        auth = backend.client().auth
        await auth.set_session(tokens.access, tokens.refresh)
        try:
            await auth.update_user({"password": password})
        except AuthApiError as error:
            # Sent again after a lost answer: it is set already.
            if error.code != "same_password":
                raise


async def renew(backend: Backend, clock: Clock, refresh: str) -> Tokens:
    """New tokens for a refresh token, which is used up by that.

    Raises `NotAllowed("signed_out")` when Auth does not take it (any more), and only then.
    """
    try:
        with translated():
            answer = await backend.client().auth.refresh_session(refresh)
    except Invalid as error:
        raise NotAllowed("signed_out") from error
    except NotAllowed as error:
        if error.code == "signed_out":
            raise
        # A rate limit says nothing about the token.
        raise Unreachable("busy") from error
    return _tokens(answer, clock)


async def revoke(backend: Backend, tokens: Tokens, scope: Scope) -> None:
    """Ends this session, the other ones of the same account, or all of them.

    Raises `NotAllowed("signed_out")` when the session has ended before.
    """
    with translated():
        await backend.client().auth.admin.sign_out(tokens.access, scope)


def _tokens(answer: AuthResponse, clock: Clock) -> Tokens:
    session = answer.session
    if session is None:
        raise Unexpected("backend_not_understood")
    # Counted from now, not from the server's clock: the two need not agree.
    early = min(_EARLY, session.expires_in / 2)
    return Tokens(
        user_id=UUID(session.user.id),
        access=session.access_token,
        refresh=session.refresh_token,
        renew_at=clock.now().timestamp() + session.expires_in - early,
    )
