"""The door as plain pages: what all of them share, and how a browser becomes a device."""

import contextlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.config import Settings
from app.core.auth import Device, Devices
from app.core.bindings import Bindings
from app.core.enrol import Enrolment, Forwarding
from app.core.errors import AppError
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.door.known import KnownDevice
from app.door.paced import Pace
from app.door.ways import Chosen
from app.shell.cookies import Cookie
from app.shell.problems import locked_first, sign_in_first
from app.shell.visit import visit_of

NO_STORE = {"cache-control": "no-store"}
# Coarse on purpose: enough for "that is my phone", no more than a person would say themselves.
_BROWSERS = ("Edg", "SamsungBrowser", "Firefox", "FxiOS", "CriOS", "Chrome", "Safari")
_BROWSER_NAMES = {
    "Edg": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "CrOS", "Linux")
_SYSTEM_NAMES = {"Macintosh": "Mac", "CrOS": "Chromebook"}


EndSessions = Callable[[str], Awaitable[None]]
"""Closes what this process still draws for the device of a cookie hash."""


class Door:
    """What the pages share through which people come and go.

    They show their forms with `forms` and count wrong tries in `pace`. `login_domain` turns a login
    name into the address that Auth knows; a sign-in lasts `days`.
    """

    def __init__(
        self,
        devices: Devices,
        cookie: Cookie,
        known: KnownDevice,
        bindings: Bindings,
        pace: Pace,
        *,
        login_domain: str,
        end_sessions: EndSessions,
        days: int = 30,
    ) -> None:
        self.devices = devices
        self.cookie = cookie
        self.known = known
        self.bindings = bindings
        self.pace = pace
        self.forms = pace.forms
        self.login_domain = login_domain
        self.days = days
        self._end_sessions = end_sessions

    async def locked(self, request: Request) -> bool:
        """Whether the device that asks is locked: no page may act for its person then.

        May raise `Unreachable`.
        """
        identity = await visit_of(request.scope).identity()
        return identity is not None and identity.locked

    async def let_in(
        self, request: Request, response: Response, cookie: str, *, shared: bool = False
    ) -> None:
        """Make this browser the device of `cookie`; whoever it belonged to before is signed out.

        A shared browser forgets it when it is closed.
        """
        await self.leave(request)
        self.cookie.set(response, cookie, keep=not shared)

    async def bind(
        self,
        request: Request,
        response: Response,
        device: Device,
        chosen: Chosen,
        secret: str | None,
    ) -> None:
        """From now on this PIN, or these pictures, open this browser to the owner of `device`.

        With their `secret` also after signing out; without it they only unlock. What opened the
        browser before, to whomever, opens it no more.
        """
        old = self.known.read(request)
        value = await self.bindings.bind(
            device, chosen.kind, chosen.answer, email=device.email, secret=secret
        )
        self.known.keep(
            response, value, device.user_id, signs_in=secret is not None, shared=device.shared
        )
        if old:
            with contextlib.suppress(AppError):
                await self.bindings.drop(old.cookie)

    async def unbind(self, request: Request, response: Response) -> None:
        """Forget who opens this browser with a PIN or pictures."""
        known = self.known.read(request)
        if known:
            with contextlib.suppress(AppError):
                await self.bindings.drop(known.cookie)
            self.known.clear(response)

    async def sign_out_for_good(self, request: Request) -> Response:
        """After the last wrong answer: this browser is nobody's any more."""
        response = RedirectResponse("/signin?gone=1", 303, headers=NO_STORE)
        await self.unbind(request, response)
        await self.leave(request)
        self.cookie.clear(response)
        return response

    async def asker(self, request: Request) -> Device | Response:
        """The device of who asks; or the answer that leads them where they have to go first."""
        visit = visit_of(request.scope)
        identity = await visit.identity()
        if identity is None or visit.cookie is None:
            return sign_in_first(request.scope)
        if identity.locked:
            return locked_first(request.scope)
        return await self.devices.open(visit.cookie)

    async def leave(self, request: Request) -> None:
        """Sign out the device that this browser was until now, as far as the network allows.

        The browser loses its cookie in any case, and the cookie is the only way to the device.
        """
        cookie = visit_of(request.scope).cookie
        if cookie is None:
            return
        with contextlib.suppress(AppError):
            await self.devices.sign_out(await self.devices.open(cookie), "local")
        await self._end_sessions(hash_cookie(cookie))


def sign_ins_of(settings: Settings, backend: Backend) -> Enrolment | None:
    """Where a page makes new sign-ins; None when the settings hold no secret key."""
    return Enrolment(settings, backend.http) if settings.supabase_secret_key else None


def forward_addresses(settings: Settings, backend: Backend) -> None:
    """Let Auth count tries by the visitor's address, as far as a secret key is there to say so."""
    if settings.supabase_secret_key:
        backend.sign_in_for = Forwarding(settings, backend.http).sign_in


def device_label(user_agent: str) -> str:
    """Browser and system in two words, for the list of one's own devices; `Web` if unknown."""
    browser = next((name for name in _BROWSERS if name in user_agent), None)
    system = next((name for name in _SYSTEMS if name in user_agent), None)
    words = (
        _BROWSER_NAMES.get(browser, browser) if browser else "",
        _SYSTEM_NAMES.get(system, system) if system else "",
    )
    # Never nothing: a device without a name is refused, and with it the sign-in.
    return " · ".join(word for word in words if word) or "Web"
