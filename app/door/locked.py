"""`/locked`: the device is signed in, and opens again to whoever answers as they chose."""

import asyncio
from urllib.parse import urlencode
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device
from app.core.errors import NotAllowed, Unreachable
from app.core.i18n import Translator
from app.door.answering import Tried, try_answer
from app.door.entering import target_of
from app.door.forms import fields
from app.door.join_words import Trouble, many_tries, send_again, try_later
from app.door.known import Known
from app.door.reading import language_links, reader_of
from app.door.ways import ANSWER_FIELDS, Chosen, chosen, picture_words, tries_left
from app.door.web import NO_STORE, Door
from app.shell.limits import TooMany
from app.shell.tries import WrongTries
from app.shell.visit import visit_of

_PURPOSE = "locked"
_TRIES, _HOUR = 5, 3600.0


class LockedPages:
    """The page of a locked device. Five wrong answers in a row sign the device out."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._wrong_passphrases = WrongTries(_TRIES, _HOUR)
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/locked", self.ask, methods=["GET"]),
            Route("/locked", self.unlock, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        t, target = reader_of(request), target_of(request.query_params.get("next"))
        device = await self._locked_device(request)
        if device is None:
            return RedirectResponse(target, 303, headers=NO_STORE)
        return await self._form(request, t, target, device)

    async def unlock(self, request: Request) -> Response:
        target, language, token, kind, passphrase, *answer = await fields(
            request, "next", "lang", "token", "kind", "passphrase", *ANSWER_FIELDS
        )
        t, target = reader_of(request, language), target_of(target)
        device = await self._locked_device(request)
        if device is None:
            return RedirectResponse(target, 303, headers=NO_STORE)
        if not self._door.forms.knows(request, token, _PURPOSE):
            trouble = Trouble("", send_again(t))
            return await self._form(request, t, target, device, trouble)
        known = self._door.known.of(request, device.user_id)
        if kind == "passphrase" or known is None:
            tried = await self._try_passphrase(request, t, device, passphrase)
        else:
            tried = await self._try_answer(request, t, device, known, chosen(kind, *answer))
        if tried is None:
            await self._door.devices.unlock(device)
            return RedirectResponse(target, 303, headers=NO_STORE)
        if tried.trouble:
            return await self._form(request, t, target, device, tried.trouble, tried.status)
        return await self._door.sign_out_for_good(request)

    async def _locked_device(self, request: Request) -> Device | None:
        """The device that asks, if it is locked; may raise `Unreachable`."""
        visit = visit_of(request.scope)
        identity = await visit.identity()
        if identity is None or not identity.locked or visit.cookie is None:
            return None
        return await self._door.devices.open(visit.cookie)

    async def _try_answer(
        self,
        request: Request,
        t: Translator,
        device: Device,
        known: Known,
        given: Chosen | None,
    ) -> Tried | None:
        """None when it was right."""
        tried = await try_answer(self._door, request, t, known, given)
        if tried.opened is None:
            return tried
        if tried.opened.email != device.email:
            # A mark in the cookie that somebody changed: a right answer, but not this person's.
            return Tried()
        await self._door.bindings.opened(device, known.cookie)
        return None

    async def _try_passphrase(
        self, request: Request, t: Translator, device: Device, passphrase: str
    ) -> Tried | None:
        """None when it was right. One after the other: else many at once would all be the first."""
        lane = self._lanes.setdefault(device.cookie_hash, asyncio.Lock())
        async with lane:
            if not self._wrong_passphrases.left(device.cookie_hash):
                return Tried()
            return await self._judge(request, t, device, passphrase)

    async def _judge(
        self, request: Request, t: Translator, device: Device, passphrase: str
    ) -> Tried | None:
        pace = self._door.pace
        try:
            pace.check(request)
            async with pace.step(request):
                await self._door.devices.prove(device, passphrase)
            return None
        except TooMany:
            return Tried(trouble=Trouble("", many_tries(t)), status=429)
        except Unreachable:
            return Tried(trouble=Trouble("", try_later(t)), status=503)
        except NotAllowed as error:
            if error.code == "too_many_tries":
                return Tried(trouble=Trouble("", many_tries(t)), status=429)
        pace.wrong(request)
        self._wrong_passphrases.count(device.cookie_hash)
        left = self._wrong_passphrases.left(device.cookie_hash)
        return Tried(trouble=tries_left(t, "passphrase", left)) if left else Tried()

    async def _form(
        self,
        request: Request,
        t: Translator,
        target: str,
        device: Device,
        trouble: Trouble | None = None,
        status: int = 422,
    ) -> Response:
        known = self._door.known.of(request, device.user_id)
        bound = await self._door.bindings.look(known.cookie) if known else None
        kept = {"next": target} if target != "/" else {}
        by_passphrase = "other" in request.query_params or bound is None
        other = f"/locked?{urlencode({'other': 1, 'lang': t.language, **kept})}"
        return self._door.forms.show(
            request,
            "door/locked.html",
            t,
            _PURPOSE,
            status if trouble else 200,
            kind="passphrase" if by_passphrase or bound is None else bound.kind,
            next=target,
            trouble=trouble,
            pictures=picture_words(t),
            other="" if by_passphrase or (known and known.signs_in) else other,
            choices=language_links("/locked", kept),
        )
