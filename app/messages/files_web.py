"""`/attachments/…`: where a browser brings the files of messages, and where it fetches them."""

from typing import Final, Literal, get_args
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device, Devices
from app.core.errors import AppError, Conflict, Invalid, NotAllowed, NotFound
from app.core.files import Files
from app.core.seal import Seal
from app.messages.attachment import LARGEST_FILE
from app.messages.attachments import BUCKET, Attachments, Uploads
from app.shell.visit import visit_of

PATH: Final = "/attachments"
BODY_BYTES: Final = {f"{PATH}/": LARGEST_FILE}
"""How much one file may bring, for the gate."""

Way = Literal["small", "large", "save"]
_STATUS: Final[dict[type[AppError], int]] = {
    Invalid: 422,
    Conflict: 409,
    NotFound: 404,
    NotAllowed: 403,
}


def attachment_address(id_: UUID, way: Way) -> str:
    """Where on this site a browser of somebody who may read it fetches an attachment: a picture
    `small` or `large` to be shown, everything to `save`."""
    return f"{PATH}/{id_}/{way}"


def upload_address(ticket: str) -> str:
    """Where on this site a file is brought that `Uploads` gave a place to."""
    return f"{PATH}/{ticket}"


def attachment_routes(devices: Devices, seal: Seal) -> list[BaseRoute]:
    """They belong behind the gate: it checks where a request comes from and how large it is."""
    pages = _Pages(devices, seal)
    return [
        Route(f"{PATH}/{{ticket}}", pages.take, methods=["PUT"]),
        Route(f"{PATH}/{{id}}/{{way}}", pages.show, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, devices: Devices, seal: Seal) -> None:
        self._devices = devices
        self._seal = seal

    async def take(self, request: Request) -> Response:
        """One file. What cannot be taken is answered with its code alone."""
        device = await self._device(request)
        if device is None:
            return _nothing(401)
        try:
            place = Uploads(self._seal, device.cookie_hash).read(request.path_params["ticket"])
            await self._verbs(device).keep(*place, await request.body())
        except tuple(_STATUS) as error:
            return PlainTextResponse(error.code, _STATUS[type(error)])
        return _nothing(204)

    async def show(self, request: Request) -> Response:
        """An attachment, for who may read it; for everybody else there is none."""
        device = await self._device(request)
        if device is None:
            return _nothing(401)
        way = request.path_params["way"]
        try:
            id_ = UUID(request.path_params["id"])
            found, content = await self._verbs(device).read(id_, small=way == "small")
        except (ValueError, NotFound, NotAllowed):
            # One answer for somebody else's and for what is not there.
            return _nothing(404)
        headers = {"cache-control": "no-store"}
        if way == "save":
            headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
        elif way not in get_args(Way) or not found.picture:
            # What is no picture of our own making is never shown by the browser.
            return _nothing(404)
        return Response(content, media_type=found.media_type, headers=headers)

    async def _device(self, request: Request) -> Device | None:
        visit = visit_of(request.scope)
        identity = await visit.identity()
        if identity is None or identity.locked or visit.cookie is None:
            return None
        return await self._devices.open(visit.cookie)

    def _verbs(self, device: Device) -> Attachments:
        return Attachments(device.db, Files(device.client, BUCKET), self._seal)


def _nothing(status: int) -> Response:
    return Response(status_code=status, headers={"cache-control": "no-store"})
