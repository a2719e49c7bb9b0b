"""Signing in with a name and a secret. No script needed, password managers welcome."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.errors import NotAllowed, Unreachable
from app.door.entering import SIGN_IN, Asked, Entering, address_of, target_of
from app.door.forms import fields
from app.door.reading import reader_of
from app.door.signin_known import KnownSignIn
from app.door.ways import ANSWER_FIELDS, chosen
from app.door.web import NO_STORE, Door
from app.shell.limits import TooMany
from app.shell.visit import identity_of

_LONGEST = 254


class SignInPages:
    """`/signin`. Belongs behind the gate: it checks where a form comes from and how large it is.

    A browser that knows somebody asks for their PIN or pictures first, without a name.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._entering = Entering(door)
        self._known = KnownSignIn(door, self._entering)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/signin", self.ask, methods=["GET"]),
            Route("/signin", self.sign_in, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        asked = Asked(request, reader_of(request), target_of(request.query_params.get("next")))
        identity = await identity_of(request.scope)
        if identity is not None and not identity.locked:
            return RedirectResponse(asked.target, 303, headers=NO_STORE)
        known = self._door.known.read(request)
        if known and known.signs_in and "other" not in request.query_params:
            return await self._known.ask(asked, known)
        trouble = "unbound" if "gone" in request.query_params else None
        return self._entering.form(asked, trouble=trouble)

    async def sign_in(self, request: Request) -> Response:
        target, language, token, kind, shared, *answer = await fields(
            request, "next", "lang", "token", "kind", "shared", *ANSWER_FIELDS
        )
        asked = Asked(request, reader_of(request, language), target_of(target), bool(shared))
        mine = self._door.forms.knows(request, token, SIGN_IN)
        if kind:
            return await self._known.answer(asked, chosen(kind, *answer), mine=mine)
        return await self._by_name(asked, mine=mine)

    async def _by_name(self, asked: Asked, *, mine: bool) -> Response:
        login, secret = await fields(asked.request, "login", "secret")
        login, pace = _typed(login), self._door.pace
        if not mine:
            return self._entering.form(asked, login, "send_again", 422)
        try:
            pace.check(asked.request)
            if not login.strip() or not secret:
                return self._entering.form(asked, login, "missing", 422)
            async with pace.step(asked.request):
                email = address_of(login, self._door.login_domain)
                response, _ = await self._entering.enter(asked, email, secret)
        except (NotAllowed, TooMany, Unreachable) as error:
            return self._entering.refused(asked, login, error)
        return response


def _typed(text: str) -> str:
    """A login without what no keyboard makes; cut, since no address is that long."""
    return "".join(letter for letter in text[:_LONGEST] if letter.isprintable())
