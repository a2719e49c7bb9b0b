"""The join page: in with a code, without mail, phone number or script.

Opening an address changes nothing, so that previews of a link use up no code; only sending the
form does.
"""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.config import Settings
from app.core.auth import Devices
from app.core.db import open_to_all
from app.core.errors import AppError, Invalid, NotAllowed, Unreachable
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.seal import derived_key
from app.door.forms import fields
from app.door.join_words import (
    LONGEST_PASSPHRASE_BYTES,
    Trouble,
    name_trouble,
    passphrase_trouble,
    problem_page,
    send_again,
    try_later,
)
from app.door.joining import Invitation, Joining, Wish
from app.door.reading import in_language, language_links, reader_of
from app.door.ways import ANSWER_FIELDS, Chosen, chosen, new_trouble, picture_words
from app.door.web import (
    NO_STORE,
    Door,
    device_label,
    sign_ins_of,
)
from app.people.names import LONGEST_NAME, plain_code, tidy_name
from app.shell.limits import TooMany
from app.shell.pages import DOMAIN, render


def join_routes(
    settings: Settings, backend: Backend, devices: Devices, door: Door
) -> list[BaseRoute]:
    """The pages for these settings; without a secret key they say that joining is off."""
    sign_ins = sign_ins_of(settings, backend)
    if sign_ins is None:
        return [
            Route("/join", _closed, methods=["GET", "POST"]),
            Route("/join/{code}", _closed, methods=["GET"]),
        ]
    joining = Joining(
        devices,
        open_to_all(backend),
        sign_ins,
        key=derived_key(settings.seal_keys, "login names"),
        login_domain=settings.login_domain,
    )
    return JoinPages(joining, door).routes()


@dataclass(frozen=True)
class Sent:
    """The form as it was sent. `way` is what to come back in with; `chosen` the PIN or pictures."""

    t: Translator
    code: str
    name: str = ""
    way: str = ""
    chosen: Chosen | None = None
    passphrase: str = ""
    shared: bool = False
    token: str = ""


class JoinPages:
    """`/join` and `/join/<code>`. Only wrong codes are counted."""

    path = "/join"
    template = "door/join.html"

    def __init__(self, joining: Joining, door: Door) -> None:
        self._joining = joining
        self._door = door
        self._forms = door.forms
        self._pace = door.pace

    def routes(self) -> list[BaseRoute]:
        """The addresses of the pages; they belong behind the gate, like those of the door."""
        return [
            Route("/join", self.ask, methods=["GET"]),
            Route("/join", self.send, methods=["POST"]),
            Route("/join/{code}", self.show, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Where somebody types a code that they have on paper."""
        t = reader_of(request)
        code = plain_code(request.query_params.get("code", ""))
        if code:
            return RedirectResponse(in_language(request, f"/join/{code}"), 303, headers=NO_STORE)
        return render("door/join_code.html", t, choices=language_links("/join"))

    async def show(self, request: Request) -> Response:
        """Who invites, what that means, and the form."""
        t, code = reader_of(request), plain_code(request.path_params["code"])
        try:
            async with self._pace.step(request):
                invitation = await self._joining.invitation(code)
                other = None if invitation else await self._joining.other(code)
        except (TooMany, Unreachable) as error:
            return problem_page(t, error)
        if other:
            return RedirectResponse(in_language(request, other), 303, headers=NO_STORE)
        if invitation is None:
            self._pace.wrong(request)
            return problem_page(t, Invalid("code_not_valid"))
        if "lang" not in request.query_params and "accept-language" not in request.headers:
            t = Translator(invitation.language, domain=DOMAIN)
        return self._form(request, Sent(t, code), invitation)

    async def send(self, request: Request) -> Response:
        """Join, or finish what an earlier sending of the same form began."""
        sent = await _sent(request)
        try:
            if not self._forms.knows(request, sent.token, self.path):
                sent = replace(sent, token="")
                return await self._again(request, sent, Trouble("", send_again(sent.t)))
            self._pace.check(request)
            if trouble := self._trouble(sent):
                return await self._again(request, sent, trouble)
            async with self._pace.step(request):
                return await self._join(request, sent)
        except (AppError, TooMany) as error:
            return await self._refused(request, sent, error)

    async def _join(self, request: Request, sent: Sent) -> Response:
        secret, door = sent.passphrase, self._door
        if sent.chosen:
            secret = self._joining.hidden_secret(sent.code, sent.token, sent.chosen.answer)
        joined = await self._joining.join(
            sent.code,
            Wish(sent.name, sent.t.language, secret, sent.shared),
            label=device_label(request.headers.get("user-agent", "")),
            days=door.days,
        )
        response = self._welcome(sent, joined.login)
        if sent.chosen:
            await door.bind(request, response, joined.device, sent.chosen, secret)
        await door.let_in(request, response, joined.cookie, shared=sent.shared)
        return response

    def _trouble(self, sent: Sent) -> Trouble | None:
        """The first thing that keeps this form from being taken, if anything does."""
        return name_trouble(sent.t, sent.name) or way_trouble(sent)

    def _welcome(self, sent: Sent, login: str) -> Response:
        return render("door/joined.html", sent.t, login=login, name=sent.name, way=sent.way)

    async def _refused(self, request: Request, sent: Sent, error: AppError | TooMany) -> Response:
        t = sent.t
        match error:
            case Invalid(code="weak_secret"):
                trouble = Trouble("passphrase", t("Please choose another passphrase."))
            case Invalid(code="name_not_valid"):
                trouble = Trouble("name", t("Please write the name in another way."))
            case NotAllowed(code="too_many_tries") | TooMany():
                return problem_page(t, error)
            case Invalid(code="code_not_valid"):
                self._pace.wrong(request)
                return problem_page(t, error)
            case Unreachable():
                trouble = Trouble("", try_later(t))
            case _:
                raise error
        return await self._again(request, sent, trouble)

    async def _again(self, request: Request, sent: Sent, trouble: Trouble) -> Response:
        """The form once more with what was typed, except for what is secret."""
        try:
            async with self._pace.step(request):
                invitation = await self._joining.invitation(sent.code)
        except (TooMany, Unreachable) as error:
            return problem_page(sent.t, error)
        if invitation is None:
            self._pace.wrong(request)
            return problem_page(sent.t, Invalid("code_not_valid"))
        return self._form(request, sent, invitation, trouble)

    def _form(
        self,
        request: Request,
        sent: Sent,
        invitation: Invitation,
        trouble: Trouble | None = None,
    ) -> Response:
        # The same token again: it is the same form, so what it began can still be finished.
        same = {"token": sent.token} if sent.token else {}
        return self._forms.show(
            request,
            self.template,
            sent.t,
            self.path,
            422 if trouble else 200,
            place=invitation,
            code=sent.code,
            name=sent.name[:LONGEST_NAME],
            way=sent.way,
            shared=sent.shared,
            login=self._joining.login(sent.code),
            pictures=picture_words(sent.t),
            trouble=trouble,
            longest=LONGEST_PASSPHRASE_BYTES,
            longest_name=LONGEST_NAME,
            choices=language_links(f"{self.path}/{sent.code}"),
            **same,
        )


async def _sent(request: Request) -> Sent:
    code, name, way, passphrase, language, token, shared, *answer = await fields(
        request, "code", "name", "way", "passphrase", "lang", "token", "shared", *ANSWER_FIELDS
    )
    return Sent(
        reader_of(request, language),
        plain_code(code),
        tidy_name(name),
        way,
        chosen(way, *answer),
        passphrase,
        bool(shared),
        token,
    )


def way_trouble(sent: Sent) -> Trouble | None:
    """Why this way to come back in cannot be taken, if it cannot."""
    if sent.chosen:
        return new_trouble(sent.t, sent.chosen)
    if sent.way == "passphrase":
        return passphrase_trouble(sent.t, sent.passphrase)
    return Trouble("way", sent.t("Choose how you come back in"))


async def _closed(request: Request) -> Response:
    t = reader_of(request)
    words = t("Joining is switched off here. Please ask the people who invited you.")
    return render("door/join_problem.html", t, 503, title=words, sign_in=False)
