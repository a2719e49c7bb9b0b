"""Signing out, and the page where a browser lands that was signed out elsewhere."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.door.forms import fields
from app.door.reading import reader_of
from app.door.web import NO_STORE, Door
from app.shell.headers import CLEAR_SITE_DATA
from app.shell.pages import render
from app.shell.visit import identity_of

_PURPOSE = "signout"


class SignOutPages:
    """`/signout` and `/signed-out`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/signout", self.ask, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
            Route("/signed-out", self.signed_out, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        return self._door.forms.show(request, "door/signout.html", reader_of(request), _PURPOSE)

    async def sign_out(self, request: Request) -> Response:
        (token,) = await fields(request, "token")
        if not self._door.forms.knows(request, token, _PURPOSE):
            return await self.ask(request)
        await self._door.leave(request)
        response = RedirectResponse("/signed-out", 303, headers=NO_STORE)
        self._door.cookie.clear(response)
        response.headers["clear-site-data"] = CLEAR_SITE_DATA
        return response

    async def signed_out(self, request: Request) -> Response:
        """Also where a page goes whose device was signed out elsewhere; cleans the browser.

        Whoever is still signed in is not signed out by following a link to this page.
        """
        if await identity_of(request.scope) is not None:
            return RedirectResponse("/", 303, headers=NO_STORE)
        response = render("door/signed_out.html", reader_of(request))
        response.headers["clear-site-data"] = CLEAR_SITE_DATA
        return response
