"""Signing in with a name and a secret. No script needed, password managers welcome."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.errors import NotAllowed, Unreachable
from app.core.i18n import Translator
from app.door.forms import fields
from app.door.join_words import many_tries, send_again, try_later
from app.door.reading import language_links, reader_of
from app.door.web import NO_STORE, Door, device_label
from app.shell.limits import TooMany
from app.shell.problems import own_path
from app.shell.visit import identity_of

_LONGEST = 254
_PURPOSE = "signin"


class SignInPages:
    """`/signin`. Belongs behind the gate: it checks where a form comes from and how large it is."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/signin", self.ask, methods=["GET"]),
            Route("/signin", self.sign_in, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        target = _target(request.query_params.get("next"))
        if await identity_of(request.scope) is not None:
            return RedirectResponse(target, 303, headers=NO_STORE)
        return self._form(request, reader_of(request), target)

    async def sign_in(self, request: Request) -> Response:
        login, secret, target, language, token = await fields(
            request, "login", "secret", "next", "lang", "token"
        )
        login, target, t = _typed(login), _target(target), reader_of(request, language)
        try:
            if not self._door.forms.knows(request, token, _PURPOSE):
                return self._form(request, t, target, login, "send_again", 422)
            self._door.pace.check(request)
            if not login.strip() or not secret:
                return self._form(request, t, target, login, "missing", 422)
            async with self._door.pace.step(request):
                cookie, _ = await self._door.devices.sign_in(
                    address_of(login, self._door.login_domain),
                    secret,
                    label=device_label(request.headers.get("user-agent", "")),
                    days=self._door.days,
                )
        except (NotAllowed, TooMany, Unreachable) as error:
            return self._refused(request, t, target, login, error)
        response = RedirectResponse(target, 303, headers=NO_STORE)
        await self._door.let_in(request, response, cookie)
        return response

    def _refused(
        self,
        request: Request,
        t: Translator,
        target: str,
        login: str,
        error: NotAllowed | TooMany | Unreachable,
    ) -> Response:
        match error:
            case Unreachable():
                return self._form(request, t, target, login, "unreachable", 503)
            case NotAllowed(code="wrong_secret"):
                self._door.pace.wrong(request)
                return self._form(request, t, target, login, "wrong_secret", 422)
            case _:
                return self._form(request, t, target, login, "too_many_tries", 429)

    def _form(
        self,
        request: Request,
        t: Translator,
        target: str,
        login: str = "",
        trouble: str | None = None,
        status: int = 200,
    ) -> Response:
        return self._door.forms.show(
            request,
            "door/signin.html",
            t,
            _PURPOSE,
            status,
            login=login,
            next=target,
            trouble=_trouble(t, trouble) if trouble else None,
            choices=language_links("/signin", {"next": target} if target != "/" else {}),
        )


def address_of(login: str, domain: str) -> str:
    """The address that Auth knows for what somebody typed: a login name or an e-mail address."""
    typed = login.strip().casefold()
    return typed if "@" in typed else f"{'-'.join(typed.split())}@{domain}"


def _target(wanted: str | None) -> str:
    """Where to go after signing in; never back to the door itself, which would go round forever."""
    path = own_path(wanted)
    return "/" if path.startswith(("/signin", "/signout", "/signed-out")) else path


def _trouble(t: Translator, code: str) -> str:
    match code:
        case "send_again":
            return send_again(t)
        case "missing":
            return t("Please fill in both fields.")
        case "wrong_secret":
            return t("This name and secret do not fit together. Please try again.")
        case "too_many_tries":
            return many_tries(t)
    return try_later(t)


def _typed(text: str) -> str:
    """A login without what no keyboard makes; cut, since no address is that long."""
    return "".join(letter for letter in text[:_LONGEST] if letter.isprintable())
