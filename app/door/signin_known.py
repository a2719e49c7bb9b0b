"""Signing in with a PIN or pictures, in a browser that knows somebody. No name stands there."""

from urllib.parse import urlencode

from starlette.responses import Response

from app.core.errors import NotAllowed, Unreachable
from app.door.answering import try_answer
from app.door.entering import SIGN_IN, Asked, Entering
from app.door.join_words import Trouble, send_again
from app.door.known import Known
from app.door.reading import language_links
from app.door.ways import Chosen, Kind, picture_words
from app.door.web import Door


class KnownSignIn:
    """The form for a PIN or pictures, and what comes of an answer."""

    def __init__(self, door: Door, entering: Entering) -> None:
        self._door = door
        self._entering = entering

    async def ask(self, asked: Asked, known: Known) -> Response:
        try:
            bound = await self._door.bindings.look(known.cookie)
        except Unreachable:
            return self._entering.form(asked, "", "unreachable", 503)
        return self._form(asked, bound.kind) if bound else self._entering.forgotten(asked)

    async def answer(self, asked: Asked, given: Chosen | None, *, mine: bool) -> Response:
        """`mine` says whether the form was made for this browser."""
        known, t = self._door.known.read(asked.request), asked.t
        if known is None:
            return self._entering.forgotten(asked)
        kind: Kind = given.kind if given else "pin"
        if not mine:
            return self._form(asked, kind, Trouble("", send_again(t)), 422)
        tried = await try_answer(self._door, asked.request, t, known, given)
        if tried.trouble:
            return self._form(asked, kind, tried.trouble, tried.status)
        if tried.opened is None:
            return self._entering.forgotten(asked)
        email, secret = tried.opened.email, tried.opened.secret
        if secret is None:
            login = email.removesuffix(f"@{self._door.login_domain}")
            return self._entering.form(asked, login)
        return await self._enter(asked, known, email, secret)

    async def _enter(self, asked: Asked, known: Known, email: str, secret: str) -> Response:
        door = self._door
        try:
            response, device = await self._entering.enter(asked, email, secret)
        except Unreachable as error:
            return self._entering.refused(asked, "", error)
        except NotAllowed as error:
            if error.code != "wrong_secret":
                return self._entering.refused(asked, "", error)
            # The way in was changed, or taken away, since this browser learned it.
            response = self._entering.forgotten(asked)
            await door.unbind(asked.request, response)
            return response
        await door.bindings.opened(device, known.cookie)
        door.known.keep(response, known.cookie, device.user_id, signs_in=True, shared=asked.shared)
        return response

    def _form(
        self, asked: Asked, kind: Kind, trouble: Trouble | None = None, status: int = 200
    ) -> Response:
        t = asked.t
        return self._door.forms.show(
            asked.request,
            "door/known.html",
            t,
            SIGN_IN,
            status,
            kind=kind,
            next=asked.target,
            shared=asked.shared,
            trouble=trouble,
            pictures=picture_words(t),
            other=f"/signin?{urlencode({'other': 1, 'lang': t.language, **asked.kept})}",
            choices=language_links("/signin", asked.kept),
        )
