"""Signing in: what the two ways share, by name and secret or by PIN and pictures."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.core.auth import Device
from app.core.errors import NotAllowed, Unreachable
from app.core.i18n import Translator
from app.door.join_words import many_tries, send_again, try_later
from app.door.reading import language_links
from app.door.web import NO_STORE, Door, device_label
from app.shell.limits import TooMany
from app.shell.problems import own_path

SIGN_IN = "signin"
_DOOR_PATHS = ("/signin", "/signout", "/signed-out", "/locked", "/join")


@dataclass(frozen=True)
class Asked:
    """One request to sign in: in which words to answer, where to go afterwards, and whether other
    people use this device too."""

    request: Request
    t: Translator
    target: str
    shared: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """What stays in an address of the same page."""
        return {"next": self.target} if self.target != "/" else {}


class Entering:
    """Signs people in, and shows the form for names and secrets."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def enter(self, asked: Asked, email: str, secret: str) -> tuple[Response, Device]:
        """Sign this browser in and send it on; raises what `Devices.sign_in` raises."""
        door, request = self._door, asked.request
        cookie, device = await door.devices.sign_in(
            email,
            secret,
            label=device_label(request.headers.get("user-agent", "")),
            days=door.days,
            shared=asked.shared,
        )
        response = RedirectResponse(asked.target, 303, headers=NO_STORE)
        await door.let_in(request, response, cookie, shared=asked.shared)
        return response, device

    def form(
        self, asked: Asked, login: str = "", trouble: str | None = None, status: int = 200
    ) -> Response:
        """The form for a name and a secret; `trouble` is the code of what keeps somebody out."""
        known = {"other": "1"} if self._door.known.read(asked.request) else {}
        return self._door.forms.show(
            asked.request,
            "door/signin.html",
            asked.t,
            SIGN_IN,
            status,
            login=login,
            next=asked.target,
            shared=asked.shared,
            trouble=_trouble(asked.t, trouble) if trouble else None,
            choices=language_links("/signin", asked.kept | known),
        )

    def forgotten(self, asked: Asked) -> Response:
        """For a browser that was bound to somebody, and is no more."""
        response = self.form(asked, trouble="unbound", status=422)
        self._door.known.clear(response)
        return response

    def refused(
        self, asked: Asked, login: str, error: NotAllowed | TooMany | Unreachable
    ) -> Response:
        """The form again, saying why nobody was signed in; counts a wrong secret."""
        match error:
            case Unreachable():
                return self.form(asked, login, "unreachable", 503)
            case NotAllowed(code="wrong_secret"):
                self._door.pace.wrong(asked.request)
                return self.form(asked, login, "wrong_secret", 422)
            case _:
                return self.form(asked, login, "too_many_tries", 429)


def address_of(login: str, domain: str) -> str:
    """The address that Auth knows for what somebody typed: a login name or an e-mail address."""
    typed = login.strip().casefold()
    return typed if "@" in typed else f"{'-'.join(typed.split())}@{domain}"


def target_of(wanted: str | None) -> str:
    """Where to go after signing in; never back to the door itself, which would go round forever."""
    path = own_path(wanted)
    return "/" if path.startswith(_DOOR_PATHS) else path


def _trouble(t: Translator, code: str) -> str:
    match code:
        case "send_again":
            return send_again(t)
        case "missing":
            return t("Please fill in both fields.")
        case "wrong_secret":
            return t("This name and secret do not fit together. Please try again.")
        case "unbound":
            return t("This device knows you no more. Ask your key worker for a code.")
        case "too_many_tries":
            return many_tries(t)
    return try_later(t)
