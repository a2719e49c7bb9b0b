"""`/outbox`: where a page posts what somebody wrote while there was no network."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.auth import Device, Devices
from app.core.errors import AppError, Invalid, NotAllowed, Unexpected, Unreachable
from app.core.i18n import Translator
from app.core.ids import device_mark
from app.core.letterbox import Letterbox
from app.core.seal import Seal
from app.messages.kept_back import Late
from app.messages.words import refusal_words
from app.people.actions import People
from app.shell.visit import visit_of

PATH: Final = "/outbox"
# The longest text in a script of three bytes a letter, in base64, and what is around it.
BODY_BYTES: Final = {PATH: 120_000}
"""How much may be posted there, for the gate."""

_LONGEST_LETTER: Final = 110_000
# What will be no other another time.
_FOR_GOOD: Final = frozenset(
    {"text_not_valid", "thread_closed", "read_only", "not_allowed", "already_there"}
)


@dataclass(frozen=True)
class _Posted:
    """One message as a page posts it; `seen` as in `Late.come_in`."""

    thread: UUID
    client_id: UUID
    letter: str
    seen: int | None


def outbox_routes(devices: Devices, seal: Seal, letterbox: Letterbox) -> list[BaseRoute]:
    """`POST /outbox`; it belongs behind the gate, which checks that one of our pages asks.

    JSON with `thread`, `client`, `letter` and `seen`. 200: it is no more the page's to keep, and
    `state` says why: `sent`, `kept` (back, in the thread), or `refused` with the `words` to say and
    the `text` that was not taken. Anything else: keep it and post it again later.
    """
    return [Route(PATH, _Outbox(devices, seal, letterbox).post, methods=["POST"])]


class _Outbox:
    def __init__(self, devices: Devices, seal: Seal, letterbox: Letterbox) -> None:
        self._devices = devices
        self._seal = seal
        self._letterbox = letterbox

    async def post(self, request: Request) -> Response:
        visit = visit_of(request.scope)
        identity = await visit.identity()
        if identity is None or visit.cookie is None:
            return _later(401)
        if identity.locked:
            return _later(423)
        posted = await _read(request)
        try:
            return await self._take(await self._devices.open(visit.cookie), posted)
        except NotAllowed:
            # Not full yet, or signed out meanwhile: it may be taken another time.
            return _later(403)
        except Unreachable:
            return _later(503)

    async def _take(self, device: Device, posted: _Posted) -> Response:
        mark = device_mark(device.cookie_hash)
        language = (await People(device.db, device.cookie_hash).home()).person.language
        t = Translator(language)
        try:
            text = self._letterbox.open(posted.letter, mark, posted.thread, posted.client_id)
        except Unexpected:
            return _refused("", t("We cannot read this one. Please write it again."))
        late = Late(device.db, self._seal, language)
        try:
            sent = await late.come_in(posted.thread, posted.client_id, text, posted.seen)
        except AppError as error:
            if error.code.startswith("too_many"):
                return _later(429)
            if error.code not in _FOR_GOOD:
                raise
            return _refused(text, refusal_words(t, error))
        return _said(state="sent" if sent else "kept")


async def _read(request: Request) -> _Posted:
    """Raises `Invalid` for what no page of ours posts."""
    try:
        given = await request.json()
        letter, seen = given["letter"], given["seen"]
        if not isinstance(letter, str) or len(letter) > _LONGEST_LETTER:
            raise ValueError("no letter")
        if seen is not None and (type(seen) is not int or not 0 <= seen < 2**53):
            raise ValueError("no number of a message")
        return _Posted(UUID(given["thread"]), UUID(given["client"]), letter, seen)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid("not_valid") from error


def _refused(text: str, words: str) -> Response:
    return _said(state="refused", words=words, text=text)


def _said(**said: str) -> Response:
    return JSONResponse(said, headers={"cache-control": "no-store"})


def _later(status: int) -> Response:
    return Response(status_code=status, headers={"cache-control": "no-store"})
