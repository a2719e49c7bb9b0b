"""The way back in: with a code from the key worker, for somebody who joined before.

As on the join page, opening an address changes nothing. What is private waits for 72 hours; the
page `/back/prove` ends the waiting for whoever still knows the old passphrase.
"""

import math
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.config import Settings
from app.core.auth import Device, Devices
from app.core.clock import utc_now
from app.core.db import open_to_all
from app.core.errors import AppError, Invalid, NotAllowed, Unreachable
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.seal import derived_key
from app.door.forms import fields
from app.door.join_words import (
    LONGEST_PASSPHRASE_BYTES,
    SHORTEST_PASSPHRASE,
    Trouble,
    passphrase_trouble,
    problem_page,
    send_again,
    try_later,
)
from app.door.joining import Invitation, Wish
from app.door.reading import in_language, language_links, reader_of
from app.door.returning import Proving, Returning
from app.door.web import NO_STORE, Door, device_label, sign_ins_of
from app.people.names import plain_code
from app.shell.limits import TooMany
from app.shell.pages import DOMAIN, render
from app.shell.visit import visit_of

_PURPOSE: Final = "back"
_PROOF: Final = "prove"


def back_routes(
    settings: Settings, backend: Backend, devices: Devices, door: Door
) -> list[BaseRoute]:
    """The pages for these settings; none without a secret key."""
    sign_ins = sign_ins_of(settings, backend)
    if sign_ins is None:
        return []
    returning = Returning(
        devices,
        open_to_all(backend),
        sign_ins,
        key=derived_key(settings.seal_keys, "login names"),
        login_domain=settings.login_domain,
    )
    proof = ProofPages(Proving(backend, sign_ins), door)
    return [*proof.routes(), *BackPages(returning, door).routes()]


class BackPages:
    """`/back/<code>`. Only wrong codes are counted."""

    def __init__(self, returning: Returning, door: Door) -> None:
        self._returning = returning
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """The addresses of the pages; they belong behind the gate, like those of the door."""
        return [
            Route("/back", self.send, methods=["POST"]),
            Route("/back/{code}", self.show, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """Where the code leads back to, what that gives, and the form."""
        t, code = reader_of(request), plain_code(request.path_params["code"])
        found = await self._found(request, t, code)
        if isinstance(found, Response):
            return found
        if "lang" not in request.query_params and "accept-language" not in request.headers:
            t = Translator(found.language, domain=DOMAIN)
        return self._form(request, t, code, found)

    async def send(self, request: Request) -> Response:
        """Get back in, or finish what an earlier sending of the same form began."""
        code, passphrase, language, token = await fields(
            request, "code", "passphrase", "lang", "token"
        )
        t, code = reader_of(request, language), plain_code(code)
        try:
            if not self._door.forms.knows(request, token, _PURPOSE):
                return await self._again(request, t, code, Trouble("", send_again(t)))
            self._door.pace.check(request)
            if trouble := passphrase_trouble(t, passphrase):
                return await self._again(request, t, code, trouble)
            async with self._door.pace.step(request):
                return await self._come_in(request, t, code, passphrase)
        except (AppError, TooMany) as error:
            return await self._refused(request, t, code, error)

    async def _come_in(
        self, request: Request, t: Translator, code: str, passphrase: str
    ) -> Response:
        label = device_label(request.headers.get("user-agent", ""))
        wish = Wish("", t.language, passphrase)
        joined = await self._returning.join(code, wish, label=label, days=self._door.days)
        response = render("door/back_in.html", t, login=joined.login)
        await self._door.let_in(request, response, joined.cookie)
        return response

    async def _refused(
        self, request: Request, t: Translator, code: str, error: AppError | TooMany
    ) -> Response:
        match error:
            case Invalid(code="weak_secret"):
                trouble = Trouble("passphrase", t("Please choose another passphrase."))
            case NotAllowed(code="too_many_tries") | TooMany():
                return problem_page(t, error)
            case Invalid(code="code_not_valid"):
                self._door.pace.wrong(request)
                return problem_page(t, error)
            case Unreachable():
                trouble = Trouble("", try_later(t))
            case _:
                raise error
        return await self._again(request, t, code, trouble)

    async def _again(
        self, request: Request, t: Translator, code: str, trouble: Trouble
    ) -> Response:
        found = await self._found(request, t, code)
        return (
            found if isinstance(found, Response) else self._form(request, t, code, found, trouble)
        )

    async def _found(self, request: Request, t: Translator, code: str) -> Invitation | Response:
        """Where the code leads back to, or the page to answer with instead."""
        try:
            async with self._door.pace.step(request):
                found = await self._returning.invitation(code)
                other = None if found else await self._returning.other(code)
        except (TooMany, Unreachable) as error:
            return problem_page(t, error)
        if found:
            return found
        if other:
            return RedirectResponse(in_language(request, other), 303, headers=NO_STORE)
        self._door.pace.wrong(request)
        return problem_page(t, Invalid("code_not_valid"))

    def _form(
        self,
        request: Request,
        t: Translator,
        code: str,
        place: Invitation,
        trouble: Trouble | None = None,
    ) -> Response:
        return self._door.forms.show(
            request,
            "door/back.html",
            t,
            _PURPOSE,
            422 if trouble else 200,
            place=place,
            code=code,
            login=self._returning.login(code),
            trouble=trouble,
            shortest=SHORTEST_PASSPHRASE,
            longest=LONGEST_PASSPHRASE_BYTES,
            choices=language_links(f"/back/{code}"),
        )


class ProofPages:
    """`/back/prove`, for somebody who got back in: until when they wait, and how not to."""

    def __init__(self, proving: Proving, door: Door) -> None:
        self._proving = proving
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """The address of the page; before that of codes, which it would be one of."""
        return [Route("/back/prove", self.prove, methods=["GET", "POST"])]

    async def prove(self, request: Request) -> Response:
        cookie = visit_of(request.scope).cookie
        secret, language, token = ("", "", "")
        if request.method == "POST":
            secret, language, token = await fields(request, "secret", "lang", "token")
        t = reader_of(request, language)
        try:
            device = await self._door.devices.open(cookie or "")
            until = await self._proving.waits_until(device)
            if until is None:
                return RedirectResponse("/", 303, headers=NO_STORE)
            if request.method != "POST":
                return self._form(request, t, until)
            if not self._door.forms.knows(request, token, _PROOF):
                return self._form(request, t, until, send_again(t))
            return await self._try(request, t, device, until, secret)
        except NotAllowed:
            return RedirectResponse("/signin?next=/back/prove", 303, headers=NO_STORE)
        except (Unreachable, TooMany) as error:
            return problem_page(t, error)

    async def _try(
        self, request: Request, t: Translator, device: Device, until: datetime, secret: str
    ) -> Response:
        if not secret:
            return self._form(request, t, until, t("Please type your old passphrase."))
        try:
            self._door.pace.check(request)
            async with self._door.pace.step(request):
                await self._proving.by_passphrase(device, secret)
        except NotAllowed as error:
            if error.code == "too_many_tries":
                return problem_page(t, error)
            if error.code != "wrong_secret":
                raise
            self._door.pace.wrong(request)
            return self._form(request, t, until, t("This is not the old one. Please try again."))
        return render("door/proven.html", t)

    def _form(
        self, request: Request, t: Translator, until: datetime, trouble: str = ""
    ) -> Response:
        return self._door.forms.show(
            request,
            "door/prove.html",
            t,
            _PROOF,
            422 if trouble else 200,
            hours=math.ceil((until - utc_now()).total_seconds() / 3600),
            trouble=trouble,
            longest=LONGEST_PASSPHRASE_BYTES,
            choices=language_links("/back/prove"),
        )
