"""Signing out, and the page where a browser lands that was signed out elsewhere."""

import contextlib

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.errors import AppError
from app.door.forms import fields
from app.door.reading import reader_of
from app.door.web import NO_STORE, Door
from app.shell.cookies import Cookie
from app.shell.headers import CLEAR_SITE_DATA, CLEAR_STORAGE
from app.shell.pages import render
from app.shell.squeezed import squeezed
from app.shell.visit import identity_of, visit_of

_PURPOSE = "signout"


class SignOutPages:
    """`/signout` and `/signed-out`. `guise` holds what the app is called on this home screen."""

    def __init__(self, door: Door, guise: Cookie) -> None:
        self._door = door
        self._guise = guise

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/signout", self.ask, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
            Route("/signed-out", self.signed_out, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        known = await self._opens_with(request)
        return self._door.forms.show(
            request, "door/signout.html", reader_of(request), _PURPOSE, kind=known
        )

    async def sign_out(self, request: Request) -> Response:
        token, after = await fields(request, "token", "after")
        if not self._door.forms.knows(request, token, _PURPOSE):
            return await self.ask(request)
        keep = after != "forget" and await self._opens_with(request) is not None
        response = RedirectResponse("/signed-out", 303, headers=NO_STORE)
        if not keep:
            await self._door.unbind(request, response)
        await self._door.leave(request)
        self._clean(request, response, keep=keep)
        return response

    async def signed_out(self, request: Request) -> Response:
        """Also where a page goes whose device was signed out elsewhere; cleans the browser.

        Whoever is still signed in is not signed out by following a link to this page.
        """
        if await identity_of(request.scope) is not None:
            return RedirectResponse("/", 303, headers=NO_STORE)
        known = self._door.known.read(request)
        keep = known is not None and known.signs_in
        page = render("door/signed_out.html", reader_of(request), known=keep)
        response = squeezed(request, page)
        self._clean(request, response, keep=keep)
        return response

    def _clean(self, request: Request, response: Response, *, keep: bool) -> None:
        """Nothing personal stays; with `keep`, the browser still knows who opens it.

        The name chosen for the home screen stays too: phones ask for it again, and would give an
        installed app the one that somebody had a reason to hide.
        """
        self._door.cookie.clear(response)
        self._door.forms.clear(response)
        if not keep:
            self._door.known.clear(response)
        named = self._guise.read(request.headers.get("cookie", "")) is not None
        response.headers["clear-site-data"] = CLEAR_STORAGE if keep or named else CLEAR_SITE_DATA

    async def _opens_with(self, request: Request) -> str | None:
        """`pin` or `pictures` when nothing else lets who is signed in here back in."""
        cookie = visit_of(request.scope).cookie
        if cookie is None:
            return None
        with contextlib.suppress(AppError):
            device = await self._door.devices.open(cookie)
            known = self._door.known.of(request, device.user_id)
            if known and known.signs_in:
                bound = await self._door.bindings.look(known.cookie)
                return bound.kind if bound else None
        return None
