"""Who is at the door: what the gate found out about one request or socket."""

import contextlib
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from starlette.types import Scope

from app.core.errors import Unreachable

_SCOPE_KEY = "handrail.visit"


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in device. `expires_at` (aware) is when it stops being one, if that is known.

    Behind a `locked` one may be anybody: show nothing of the person.
    """

    cookie_hash: str
    person_id: UUID
    expires_at: datetime | None = None
    locked: bool = False


LEFT_COOKIE: Final = "handrail-left"
"""The quick exit leaves it behind, since at that moment nobody may have been reached."""

LockAtOnce = Callable[[str], Awaitable[None]]
"""Locks the device of a cookie value, if there is one. May raise `Unreachable`."""

Identify = Callable[[str], Awaitable[Identity | None]]
"""The device of a cookie value, or None when nobody is signed in with it. May raise
`app.core.errors.Unreachable`."""


@dataclass(slots=True)
class Visit:
    """One request or socket. `address` is for counting only and never logged; `cookie` is the
    device cookie's value or None.

    `left`: somebody left this browser in a hurry, and the device is not locked yet; `settled`: by
    now it is, and the browser may forget it.
    """

    request_id: str
    address: str
    cookie: str | None
    identify: Identify
    lock: LockAtOnce | None = None
    left: bool = False
    settled: bool = False
    _known: bool = field(default=False, repr=False)
    _identity: Identity | None = field(default=None, repr=False)

    async def identity(self) -> Identity | None:
        """The signed-in device, looked up once; None without a valid cookie."""
        if not self._known:
            await self.settle()
            self._identity = await self.identify(self.cookie) if self.cookie else None
            self._known = True
        return self._identity

    async def settle(self) -> None:
        """Locks the device of somebody who left in a hurry; must come before anything is shown."""
        if not self.left:
            return
        if self.cookie and self.lock:
            await self.lock(self.cookie)
        self.left, self.settled = False, True


def keep(scope: Scope, visit: Visit) -> None:
    """Puts the visit where `visit_of` finds it."""
    scope[_SCOPE_KEY] = visit


def visit_of(scope: Scope) -> Visit:
    """The visit of a request that came through the gate (`visit_of(request.scope)`)."""
    return cast(Visit, cast(dict[str, Any], scope)[_SCOPE_KEY])


async def identity_of(scope: Scope) -> Identity | None:
    """Who is signed in in the browser that asks; None also while nobody can be asked about it."""
    with contextlib.suppress(Unreachable):
        return await visit_of(scope).identity()
    return None


CURRENT: ContextVar[Identity | None] = ContextVar("handrail_identity", default=None)
"""Set by the gate for the tasks of one socket, so that Flet's `main(page)` can read it."""


def current_identity() -> Identity:
    """Who sits at the other end of the socket that the running task serves.

    To be asked in Flet's `main(page)` and handlers; elsewhere it raises `LookupError`.
    """
    identity = CURRENT.get()
    if identity is None:
        raise LookupError("no socket in this context")
    return identity
