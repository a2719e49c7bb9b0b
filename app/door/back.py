"""The way back in: with a code from the key worker, for somebody who joined before.

As on the join page, opening an address changes nothing. What is private waits for 72 hours; the
page `/back/prove` ends the waiting for whoever still knows an old way in.
"""

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.config import Settings
from app.core.auth import Devices
from app.core.db import open_to_all
from app.core.http import Backend
from app.core.seal import derived_key
from app.door.join import JoinPages, Sent, way_trouble
from app.door.join_words import Trouble
from app.door.proof import ProofPages
from app.door.returning import Proving, Returning
from app.door.web import Door, sign_ins_of
from app.shell.pages import render


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


class BackPages(JoinPages):
    """`/back/<code>`: the same form without a name, since the name is known."""

    path = "/back"
    template = "door/back.html"

    def routes(self) -> list[BaseRoute]:
        """The addresses of the pages; they belong behind the gate, like those of the door."""
        return [
            Route("/back", self.send, methods=["POST"]),
            Route("/back/{code}", self.show, methods=["GET"]),
        ]

    def _trouble(self, sent: Sent) -> Trouble | None:
        return way_trouble(sent)

    def _welcome(self, sent: Sent, login: str) -> Response:
        return render("door/back_in.html", sent.t, login=login, way=sent.way)
