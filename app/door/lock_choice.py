"""`/lock-choice`: somebody who is signed in chooses what opens this device after it locked."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device
from app.core.bindings import Opened
from app.core.i18n import Translator
from app.door.answering import try_answer
from app.door.forms import fields
from app.door.join_words import Trouble, send_again
from app.door.known import Known
from app.door.reading import reader_of
from app.door.ways import ANSWER_FIELDS, Kind, chosen, new_trouble, picture_words
from app.door.web import NO_STORE, Door

_PURPOSE = "lock-choice"
_OLD_FIELDS = tuple(f"old{name}" for name in ANSWER_FIELDS)
_DONE = "/me"


class LockChoicePages:
    """Set, change or take away the PIN or pictures of this device.

    Whoever has some already proves that they know them; those who signed in with them keep one or
    the other, since nothing else would let them in.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/lock-choice", self.ask, methods=["GET"]),
            Route("/lock-choice", self.choose, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        device = await self._door.asker(request)
        if isinstance(device, Response):
            return device
        return await self._form(request, reader_of(request), device)

    async def choose(self, request: Request) -> Response:
        device = await self._door.asker(request)
        if isinstance(device, Response):
            return device
        way, language, token, old_kind = await fields(request, "way", "lang", "token", "oldkind")
        t = reader_of(request, language)
        if not self._door.forms.knows(request, token, _PURPOSE):
            return await self._form(request, t, device, Trouble("", send_again(t)))
        known = self._door.known.of(request, device.user_id)
        bound = await self._door.bindings.look(known.cookie) if known else None
        new = chosen(way, *await fields(request, *ANSWER_FIELDS))
        if new and (trouble := new_trouble(t, new)):
            return await self._form(request, t, device, trouble, way=way)
        may_end = way == "passphrase" and known is not None and not known.signs_in
        if new is None and not may_end:
            words = t("Choose how you come back in")
            return await self._form(request, t, device, Trouble("way", words))
        secret = None
        if known and bound:
            opened = await self._proved(request, t, device, known, old_kind or bound.kind, way)
            if isinstance(opened, Response):
                return opened
            secret = opened.secret
        response = RedirectResponse(_DONE, 303, headers=NO_STORE)
        if new:
            await self._door.bind(request, response, device, new, secret)
        else:
            await self._door.unbind(request, response)
        return response

    async def _proved(
        self, request: Request, t: Translator, device: Device, known: Known, kind: str, way: str
    ) -> Opened | Response:
        """What the PIN or pictures of before open, or the page that says why they do not."""
        given = chosen(kind, *await fields(request, *_OLD_FIELDS))
        tried = await try_answer(self._door, request, t, known, given)
        if tried.trouble:
            trouble = tried.trouble
            if trouble.field:
                trouble = trouble._replace(field=f"old{trouble.field}")
            return await self._form(request, t, device, trouble, tried.status, way)
        if tried.opened and tried.opened.email == device.email:
            await self._door.bindings.opened(device, known.cookie)
            return tried.opened
        return await self._door.sign_out_for_good(request)

    async def _form(
        self,
        request: Request,
        t: Translator,
        device: Device,
        trouble: Trouble | None = None,
        status: int = 422,
        way: str = "",
    ) -> Response:
        known = self._door.known.of(request, device.user_id)
        bound = await self._door.bindings.look(known.cookie) if known else None
        old: Kind | None = bound.kind if bound else None
        return self._door.forms.show(
            request,
            "door/lock_choice.html",
            t,
            _PURPOSE,
            status if trouble else 200,
            old=old,
            may_end=bool(known and bound and not known.signs_in),
            way=way,
            trouble=trouble,
            pictures=picture_words(t),
        )
