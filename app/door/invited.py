"""`/invited`: where the mail to new staff leads. Only sending its form changes anything."""

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.config import Settings
from app.core.db import open_to_all
from app.core.errors import AppError, Conflict, Invalid, NotAllowed, Unreachable
from app.core.http import Backend
from app.core.i18n import Translator, best_language, languages
from app.core.seal import Seal
from app.door.forms import fields
from app.door.inviting import AnotherPassphrase, Entry, Invited, Inviting
from app.door.join_words import (
    LONGEST_PASSPHRASE_BYTES,
    SHORTEST_PASSPHRASE,
    Trouble,
    many_tries,
    name_trouble,
    passphrase_trouble,
    send_again,
    try_later,
)
from app.door.web import NO_STORE, Door, device_label
from app.people.names import LONGEST_NAME, plain_code, tidy_name
from app.people.role_words import role_name
from app.shell.limits import TooMany
from app.shell.pages import DOMAIN, render
from app.shell.visit import identity_of, visit_of

_PURPOSE: Final = "invited"
_LONGEST_TOKEN: Final = 200
_SENT: Final = ("code", "token_hash", "proof", "email", "name", "lang", "passphrase", "token")


def invited_routes(settings: Settings, backend: Backend, door: Door) -> list[BaseRoute]:
    """The pages for these settings."""
    seal = Seal(settings.seal_keys)
    return InvitedPages(Inviting(door.devices, open_to_all(backend), backend, seal), door).routes()


class InvitedPages:
    """`/invited` for who is new, and `/invited/accept` for who can sign in already."""

    def __init__(self, inviting: Inviting, door: Door) -> None:
        self._inviting = inviting
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """The addresses of the pages; they belong behind the gate, like those of the door."""
        return [
            Route("/invited", self.show, methods=["GET"]),
            Route("/invited", self.send, methods=["POST"]),
            Route("/invited/accept", self.accept, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Who invites and as what, and the form."""
        asked = request.query_params
        entry = Entry(
            plain_code(asked.get("code", "")),
            asked.get("token_hash", "")[:_LONGEST_TOKEN],
            *("", "", "", _language(request), ""),
        )
        return await self._form(request, entry)

    async def send(self, request: Request) -> Response:
        """Come in, or finish what an earlier sending of the same form began."""
        code, token_hash, proof, email, name, language, passphrase, token = await fields(
            request, *_SENT
        )
        entry = Entry(
            plain_code(code),
            token_hash[:_LONGEST_TOKEN],
            proof,
            email,
            tidy_name(name),
            _language(request, language),
            passphrase,
        )
        t = Translator(entry.language, domain=DOMAIN)
        if not self._door.forms.knows(request, token, _PURPOSE):
            return await self._form(request, entry, Trouble("", send_again(t)))
        try:
            self._door.pace.check(request)
            if trouble := name_trouble(t, entry.name) or passphrase_trouble(t, passphrase):
                return await self._form(request, entry, trouble)
            async with self._door.pace.step(request):
                cookie = await self._inviting.come_in(
                    entry,
                    label=device_label(request.headers.get("user-agent", "")),
                    days=self._door.days,
                )
        except AnotherPassphrase as error:
            words = Trouble("passphrase", t("Please choose another passphrase."))
            return await self._form(request, entry, words, error.proof)
        except (AppError, TooMany) as error:
            return self._problem(request, entry.language, error)
        response = RedirectResponse("/", 303, headers=NO_STORE)
        await self._door.let_in(request, response, cookie)
        return response

    async def accept(self, request: Request) -> Response:
        """One more place for who is signed in on this browser."""
        code, language, token = await fields(request, "code", "lang", "token")
        code, language = plain_code(code), _language(request, language)
        cookie = visit_of(request.scope).cookie
        try:
            if await self._door.locked(request):
                return RedirectResponse(_back_to("/locked", code=code), 303, headers=NO_STORE)
            self._door.pace.check(request)
            if cookie is None or not self._door.forms.knows(request, token, _PURPOSE):
                target = f"/invited?{urlencode({'code': code, 'lang': language})}"
                return RedirectResponse(target, 303, headers=NO_STORE)
            async with self._door.pace.step(request):
                await self._inviting.accept(await self._door.devices.open(cookie), code)
        except (AppError, TooMany) as error:
            return self._problem(request, language, error)
        return RedirectResponse("/", 303, headers=NO_STORE)

    async def _form(
        self, request: Request, entry: Entry, trouble: Trouble | None = None, proof: str = ""
    ) -> Response:
        try:
            async with self._door.pace.step(request):
                invited = await self._inviting.invitation(entry.code)
        except (AppError, TooMany) as error:
            return self._problem(request, entry.language, error)
        if invited is None:
            return self._problem(request, entry.language, Invalid("code_not_valid"))
        return await self._page(request, entry, invited, trouble, proof or entry.proof)

    async def _page(
        self,
        request: Request,
        entry: Entry,
        invited: Invited,
        trouble: Trouble | None,
        proof: str,
    ) -> Response:
        t = Translator(entry.language)
        link = {"code": entry.code, "token_hash": entry.token_hash}
        here = {name: value for name, value in link.items() if value}
        identity = await identity_of(request.scope)
        locked = identity is not None and identity.locked
        return self._door.forms.show(
            request,
            "door/invited.html",
            t,
            _PURPOSE,
            422 if trouble else 200,
            invited=invited,
            role=role_name(t, invited.role),
            entry=entry,
            name=(entry.name or invited.name)[:LONGEST_NAME],
            proof=proof,
            signed_in=identity is not None and not locked,
            sign_in=_back_to("/locked" if locked else "/signin", **here),
            trouble=trouble,
            shortest=SHORTEST_PASSPHRASE,
            longest=LONGEST_PASSPHRASE_BYTES,
            longest_name=LONGEST_NAME,
            links=[
                (each, f"/invited?{urlencode({**here, 'lang': each.code})}")
                for each in languages().values()
            ],
        )

    def _problem(self, request: Request, language: str, error: AppError | TooMany) -> Response:
        """The page instead of the form; one and the same for every link that does not work."""
        t, door = Translator(language), Translator(language, domain=DOMAIN)
        match error:
            case NotAllowed(code="too_many_tries") | TooMany():
                status, words = 429, many_tries(door)
            case Unreachable():
                status, words = 503, try_later(door)
            case Conflict():
                status, words = 409, t("You belong to this place already.")
            case NotAllowed(code="not_yourself"):
                status, words = 403, t("You made this invitation yourself. It is for others.")
            case Invalid() | NotAllowed():
                self._door.pace.wrong(request)
                words = t("This invitation does not work any more. Ask for a new one.")
                status = 404
            case _:
                raise error
        return render("door/invited_problem.html", t, status, title=words)


def _back_to(page: str, **link: str) -> str:
    """The address of a page that leads back to the invitation of this link."""
    return f"{page}?{urlencode({'next': f'/invited?{urlencode(link)}'})}"


def _language(request: Request, chosen: str = "") -> str:
    """Of the screens' languages the one chosen on the page, else the browser's."""
    wanted = chosen or request.query_params.get("lang", "")
    return (
        wanted
        if wanted in languages()
        else best_language(request.headers.get("accept-language", ""))
    )
