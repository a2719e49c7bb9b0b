"""What a browser remembers of the person who opens it with a PIN or pictures."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.shell.cookies import Cookie

_SIGNS_IN, _UNLOCKS = "s", "u"


@dataclass(frozen=True)
class Known:
    """`cookie` is what the bindings know. Without `signs_in` the answer only unlocks the device of
    somebody who signs in with a passphrase."""

    cookie: str
    signs_in: bool


class KnownDevice:
    """The cookie `handrail-known`: a binding, whether it signs in, and a mark of whose it is.

    Who holds the cookie could change the last two; they only decide which form is shown.
    """

    def __init__(self, cookie: Cookie) -> None:
        self._cookie = cookie

    def read(self, request: Request) -> Known | None:
        """Whoever it was that chose a PIN or pictures here last."""
        value, kind, _ = self._parts(request)
        return Known(value, kind == _SIGNS_IN) if value else None

    def of(self, request: Request, user_id: UUID) -> Known | None:
        """The same, if it was this sign-in: others may have used this browser since."""
        value, kind, mark = self._parts(request)
        mine = bool(value) and mark == _mark(value, user_id)
        return Known(value, kind == _SIGNS_IN) if mine else None

    def keep(
        self, response: Response, value: str, user_id: UUID, *, signs_in: bool, shared: bool
    ) -> None:
        """Remember a binding; on a shared device only until the browser is closed."""
        kind = _SIGNS_IN if signs_in else _UNLOCKS
        self._cookie.set(response, f"{value}.{kind}{_mark(value, user_id)}", keep=not shared)

    def clear(self, response: Response) -> None:
        """Forget who it was."""
        self._cookie.clear(response)

    def _parts(self, request: Request) -> tuple[str, str, str]:
        whole = self._cookie.read(request.headers.get("cookie", "")) or ""
        value, _, rest = whole.rpartition(".")
        return value, rest[:1], rest[1:]


def _mark(value: str, user_id: UUID) -> str:
    return hashlib.sha256(f"{value}:{user_id}".encode()).hexdigest()[:16]
