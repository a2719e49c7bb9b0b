"""`/me/photo`: staff choose the picture on their card; `/photo/…`: where pictures are shown."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device
from app.core.errors import Invalid, NotAllowed, NotFound, Unreachable
from app.core.files import Files
from app.core.i18n import Translator
from app.core.pictures import PICTURE_TYPES
from app.door.join_words import send_again, try_later
from app.door.web import NO_STORE, Door
from app.people.access import staff_read_by
from app.people.actions import People
from app.people.model import Home, Role
from app.people.photos import BUCKET, Photos
from app.people.portrait import LARGEST_PICTURE
from app.people.staff_cards import StaffCards
from app.shell.pages import DOMAIN

PATH: Final = "/me/photo"
# What a form has around its file.
_AROUND = 100_000
BODY_BYTES: Final = {PATH: LARGEST_PICTURE + _AROUND}
"""How much a form for each path may bring, for the gate."""

_PURPOSE: Final = "photo"
_MOST_FIELDS: Final = 4
# Another picture has another address, and another sign-in of this browser another cookie.
_KEPT: Final = {"cache-control": "private, max-age=86400, immutable", "vary": "Cookie"}


@dataclass(frozen=True)
class _Asker:
    device: Device
    home: Home

    @property
    def t(self) -> Translator:
        return Translator(self.home.person.language)

    @property
    def photos(self) -> Photos:
        return photos_of(self.device)


class PhotoPages:
    """The form for one's own picture, and the pictures of others."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.ask, methods=["GET"]),
            Route(PATH, self.change, methods=["POST"]),
            Route("/photo/{person}/{version}", self.show, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        asker = await self._asker(request)
        return asker if isinstance(asker, Response) else await self._form(request, asker)

    async def change(self, request: Request) -> Response:
        """Take the picture that was sent, or take the one of before away."""
        asker = await self._asker(request)
        if isinstance(asker, Response):
            return asker
        token, take_away, picture = await _sent(request)
        if not self._door.forms.knows(request, token, _PURPOSE):
            words = send_again(Translator(asker.t.language, domain=DOMAIN))
            return await self._form(request, asker, words)
        try:
            if take_away:
                await asker.photos.take_away()
            else:
                await asker.photos.keep(asker.home.person.id, picture)
        except Invalid as error:
            return await self._form(request, asker, _trouble(asker.t, error.code))
        except Unreachable:
            words = try_later(Translator(asker.t.language, domain=DOMAIN))
            return await self._form(request, asker, words, 503)
        return RedirectResponse(PATH, 303, headers=NO_STORE)

    async def show(self, request: Request) -> Response:
        """A picture, for who may see it; for everybody else there is none."""
        device = await self._door.asker(request)
        if isinstance(device, Response):
            return PlainTextResponse("", 401, headers=NO_STORE)
        try:
            person, version = (UUID(request.path_params[name]) for name in ("person", "version"))
            content = await photos_of(device).read(person, version)
        except (ValueError, NotFound):
            return PlainTextResponse("", 404, headers=NO_STORE)
        return Response(content, media_type="image/jpeg", headers=_KEPT)

    async def _asker(self, request: Request) -> _Asker | Response:
        """Somebody of the staff; or where whoever asks has to go first."""
        device = await self._door.asker(request)
        if isinstance(device, Response):
            return device
        home = await People(device.db, device.cookie_hash).home()
        if all(each.role is Role.YOUNG_PERSON for each in home.memberships):
            raise NotAllowed("not_allowed")
        return _Asker(device, home)

    async def _form(
        self, request: Request, asker: _Asker, trouble: str = "", status: int = 422
    ) -> Response:
        person = asker.home.person
        card = await StaffCards(asker.device.db).mine(person.id)
        return self._door.forms.show(
            request,
            "door/photo.html",
            asker.t,
            _PURPOSE,
            status if trouble else 200,
            name=person.name,
            who_reads=staff_read_by(asker.t),
            photo=card.photo,
            trouble=trouble,
            types=",".join(PICTURE_TYPES),
        )


def photos_of(device: Device) -> Photos:
    """The verbs about pictures, with the rights of whoever this device belongs to."""
    return Photos(device.db, Files(device.client, BUCKET))


async def _sent(request: Request) -> tuple[str, bool, bytes]:
    """The token, whether the picture shall go, and the file; what is missing is empty."""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as sent:
        token, file = sent.get("token"), sent.get("photo")
        content = await file.read() if isinstance(file, UploadFile) else b""
        return token if isinstance(token, str) else "", sent.get("do") == "take away", content


def _trouble(t: Translator, code: str) -> str:
    match code:
        case "empty":
            return t("Please choose a picture first.")
        case "too_large":
            return t("This picture is too large. Please choose a smaller one.")
        case "type_not_allowed":
            return t("This is no JPEG, PNG or WebP. Please choose another picture.")
        case _:
            return t("We cannot read this picture. Please choose another one.")
