"""The door as plain pages: signing in, signing out. No script needed, password managers welcome."""

import contextlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.config import Settings
from app.core.auth import Devices
from app.core.enrol import Enrolment
from app.core.errors import AppError, NotAllowed, Unreachable
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.ids import hash_cookie
from app.door.reading import language_links, reader_of
from app.shell.cookies import Cookie
from app.shell.headers import CLEAR_SITE_DATA
from app.shell.pages import render
from app.shell.problems import own_path
from app.shell.visit import Identity, visit_of

_LONGEST = 254
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
    """The pages through which people come and go.

    `login_domain` turns a login name into the address that Auth knows; a sign-in lasts `days`.
    """

    def __init__(
        self,
        devices: Devices,
        cookie: Cookie,
        *,
        login_domain: str,
        end_sessions: EndSessions,
        days: int = 30,
    ) -> None:
        self._devices = devices
        self._cookie = cookie
        self._login_domain = login_domain
        self._end_sessions = end_sessions
        self.days = days

    def routes(self) -> list[BaseRoute]:
        """The addresses of the pages. They belong behind the gate: it checks where a form comes
        from and how large it is."""
        return [
            Route("/signin", self.sign_in_form, methods=["GET"]),
            Route("/signin", self.sign_in, methods=["POST"]),
            Route("/signout", self.sign_out_form, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
            Route("/signed-out", self.signed_out, methods=["GET"]),
        ]

    async def sign_in_form(self, request: Request) -> Response:
        target = _target(request.query_params.get("next"))
        if await _identity(request) is not None:
            return RedirectResponse(target, 303, headers=NO_STORE)
        return _form(request, reader_of(request), target)

    async def sign_in(self, request: Request) -> Response:
        async with request.form(max_files=0, max_fields=8) as sent:
            login, secret, target, language = (
                value if isinstance(value := sent.get(name), str) else ""
                for name in ("login", "secret", "next", "lang")
            )
        login, target, t = _typed(login), _target(target), reader_of(request, language)
        if not login.strip() or not secret:
            return _form(request, t, target, login, "missing", 422)
        try:
            cookie, _ = await self._devices.sign_in(
                address_of(login, self._login_domain),
                secret,
                label=device_label(request.headers.get("user-agent", "")),
                days=self.days,
            )
        except NotAllowed as error:
            many = error.code == "too_many_tries"
            return _form(request, t, target, login, error.code, 429 if many else 422)
        except Unreachable as error:
            return _form(request, t, target, login, error.code, 503)
        response = RedirectResponse(target, 303, headers=NO_STORE)
        await self.let_in(request, response, cookie)
        return response

    async def let_in(self, request: Request, response: Response, cookie: str) -> None:
        """Make this browser the device of `cookie`; whoever it belonged to before is signed out."""
        await self._leave(request)
        self._cookie.set(response, cookie)

    async def sign_out_form(self, request: Request) -> Response:
        return render("door/signout.html", reader_of(request))

    async def sign_out(self, request: Request) -> Response:
        await self._leave(request)
        response = RedirectResponse("/signed-out", 303, headers=NO_STORE)
        self._cookie.clear(response)
        response.headers["clear-site-data"] = CLEAR_SITE_DATA
        return response

    async def signed_out(self, request: Request) -> Response:
        """Also where a page goes whose device was signed out elsewhere; cleans the browser.

        Whoever is still signed in is not signed out by following a link to this page.
        """
        if await _identity(request) is not None:
            return RedirectResponse("/", 303, headers=NO_STORE)
        response = render("door/signed_out.html", reader_of(request))
        response.headers["clear-site-data"] = CLEAR_SITE_DATA
        return response

    async def _leave(self, request: Request) -> None:
        """Sign out the device that this browser was until now, as far as the network allows.

        The browser loses its cookie in any case, and the cookie is the only way to the device.
        """
        cookie = visit_of(request.scope).cookie
        if cookie is None:
            return
        with contextlib.suppress(AppError):
            await self._devices.sign_out(await self._devices.open(cookie), "local")
        await self._end_sessions(hash_cookie(cookie))


def sign_ins_of(settings: Settings, backend: Backend) -> Enrolment | None:
    """Where a page makes new sign-ins; None when the settings hold no secret key."""
    return Enrolment(settings, backend.http) if settings.supabase_secret_key else None


def address_of(login: str, domain: str) -> str:
    """The address that Auth knows for what somebody typed: a login name or an e-mail address."""
    typed = login.strip().casefold()
    return typed if "@" in typed else f"{'-'.join(typed.split())}@{domain}"


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


async def _identity(request: Request) -> Identity | None:
    with contextlib.suppress(Unreachable):
        return await visit_of(request.scope).identity()
    return None


def _target(wanted: str | None) -> str:
    """Where to go after signing in; never back to the door itself, which would go round forever."""
    path = own_path(wanted)
    return "/" if path.startswith(("/signin", "/signout", "/signed-out")) else path


def _form(
    request: Request,
    t: Translator,
    target: str,
    login: str = "",
    trouble: str | None = None,
    status: int = 200,
) -> Response:
    return render(
        "door/signin.html",
        t,
        status,
        login=login,
        next=target,
        trouble=_trouble(t, trouble) if trouble else None,
        choices=language_links("/signin", {"next": target} if target != "/" else {}),
    )


def _trouble(t: Callable[[str], str], code: str) -> str:
    match code:
        case "missing":
            return t("Please fill in both fields.")
        case "wrong_secret":
            return t("This name and secret do not fit together. Please try again.")
        case "too_many_tries":
            return t("Those were many tries. Please wait a few minutes, then try again.")
    return t("No answer right now. Please try again in a moment.")


def _typed(text: str) -> str:
    """A login without what no keyboard makes; cut, since no address is that long."""
    return "".join(letter for letter in text[:_LONGEST] if letter.isprintable())
