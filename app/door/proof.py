"""`/back/prove`, for somebody who got back in by a code: until when they wait, and how not to."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device
from app.core.clock import utc_now
from app.core.errors import NotAllowed, Unreachable
from app.core.i18n import Translator
from app.door.answering import try_answer
from app.door.forms import fields
from app.door.join_words import LONGEST_PASSPHRASE_BYTES, Trouble, problem_page, send_again
from app.door.known import Known
from app.door.reading import language_links, reader_of
from app.door.returning import Proving
from app.door.ways import ANSWER_FIELDS, Chosen, Kind, chosen, picture_words
from app.door.web import NO_STORE, Door
from app.shell.limits import TooMany
from app.shell.pages import render
from app.shell.problems import locked_first
from app.shell.visit import visit_of

_PURPOSE: Final = "prove"
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """Who asks, in which words to answer, and until when they wait. `old` is the PIN or pictures of
    another sign-in that open this very browser, and `kind` which of them."""

    request: Request
    t: Translator
    device: Device
    until: datetime
    old: Known | None
    kind: Kind | None


class ProofPages:
    """Takes the old passphrase; or the old PIN or pictures, in the browser they belong to."""

    def __init__(self, proving: Proving, door: Door) -> None:
        self._proving = proving
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """The address of the page; before that of codes, which it would be one of."""
        return [Route("/back/prove", self.prove, methods=["GET", "POST"])]

    async def prove(self, request: Request) -> Response:
        secret, language, token, way, *answer = ("",) * (4 + len(ANSWER_FIELDS))
        if request.method == "POST":
            secret, language, token, way, *answer = await fields(
                request, "secret", "lang", "token", "way", *ANSWER_FIELDS
            )
        t = reader_of(request, language)
        try:
            if await self._door.locked(request):
                return locked_first(request.scope)
            waiting = await self._waiting(request, t)
            if waiting is None:
                return RedirectResponse("/", 303, headers=NO_STORE)
            if request.method != "POST":
                return self._form(waiting)
            if not self._door.forms.knows(request, token, _PURPOSE):
                return self._form(waiting, Trouble("", send_again(t)))
            if given := chosen(way, *answer):
                return await self._try_answer(waiting, given)
            return await self._try_passphrase(waiting, secret)
        except NotAllowed as error:
            if error.code == "too_many_tries":
                return problem_page(t, error)
            return RedirectResponse("/signin?next=/back/prove", 303, headers=NO_STORE)
        except (Unreachable, TooMany) as error:
            return problem_page(t, error)

    async def _waiting(self, request: Request, t: Translator) -> Waiting | None:
        """None for somebody who sees everything already."""
        device = await self._door.devices.open(visit_of(request.scope).cookie or "")
        until = await self._proving.waits_until(device)
        if until is None:
            return None
        known = self._door.known.read(request)
        # What they chose just now opens the new way in and proves nothing about the old one.
        old = None if self._door.known.of(request, device.user_id) else known
        bound = await self._door.bindings.look(old.cookie) if old and old.signs_in else None
        return Waiting(request, t, device, until, old, bound.kind if bound else None)

    async def _try_passphrase(self, waiting: Waiting, secret: str) -> Response:
        t, request = waiting.t, waiting.request
        if not secret:
            words = t("Please type your old passphrase.")
            return self._form(waiting, Trouble("secret", words))
        self._door.pace.check(request)
        try:
            async with self._door.pace.step(request):
                await self._proving.by_passphrase(waiting.device, secret)
        except NotAllowed as error:
            if error.code != "wrong_secret":
                raise
            self._door.pace.wrong(request)
            words = t("This is not the old one. Please try again.")
            return self._form(waiting, Trouble("secret", words))
        return render("door/proven.html", t)

    async def _try_answer(self, waiting: Waiting, given: Chosen) -> Response:
        t, request = waiting.t, waiting.request
        if waiting.old is None or waiting.kind is None:
            return self._form(waiting, Trouble("", send_again(t)))
        tried = await try_answer(self._door, request, t, waiting.old, given)
        if tried.trouble:
            return self._form(waiting, tried.trouble, tried.status)
        if tried.opened and await self._proving.by_old_device(waiting.device, tried.opened):
            return render("door/proven.html", t)
        words = t("This opens somebody else's place. Please use your old passphrase.")
        if tried.opened is None:
            words = t("This device knows you no more. Please use your old passphrase.")
        again = Waiting(request, t, waiting.device, waiting.until, None, None)
        return self._form(again, Trouble("", words))

    def _form(
        self, waiting: Waiting, trouble: Trouble | None = None, status: int = 422
    ) -> Response:
        t, left = waiting.t, waiting.until - utc_now()
        return self._door.forms.show(
            waiting.request,
            "door/prove.html",
            t,
            _PURPOSE,
            status if trouble else 200,
            wait=t.n(
                "In {n} hour you see everything again.",
                "In {n} hours you see everything again.",
                math.ceil(left / _HOUR),
            ),
            kind=waiting.kind,
            pictures=picture_words(t),
            trouble=trouble,
            longest=LONGEST_PASSPHRASE_BYTES,
            choices=language_links("/back/prove"),
        )
