"""Everything a browser gets before and beside Flet: the page around it, the engine, small files."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.core.i18n import SOURCE, Translator, best_language
from app.design import tokens
from app.shell.engine import Engine
from app.shell.headers import app_policy
from app.shell.install import PICTURES
from app.shell.offline import fingerprint
from app.shell.pages import NEUTRAL_SITE, render_text, script
from app.shell.problems import locked_first, sign_in_first
from app.shell.small import Small
from app.shell.visit import Identity, visit_of
from app.shell.warming import BOX_SCRIPTS, FILES

APP: Final = Path(__file__).resolve().parents[1]
ASSETS: Final = APP.parent / "assets"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the page is: their language as `Translator` takes it, the country whose help numbers
    they need (None if unknown), and where the quick exit leads them."""

    language: str
    country: str | None = None
    neutral_site: str = NEUTRAL_SITE


# The page must not get the script of another build.
_BOX_VERSION: Final = fingerprint(*map(script, BOX_SCRIPTS))

ReaderOf = Callable[[Identity], Awaitable[Reader]]
"""What is known of a signed-in person before their screens are drawn."""


class AppPages:
    """The page around Flet, at every address that is a screen of the app.

    `known(path)` says which addresses those are. Without a signed-in device the answer is the way
    to the sign-in page, with a locked one to the page that unlocks it; an unknown address is a real
    404. `build` names the scripts of the page and all files of the engine: two processes that have
    the same may serve each other's pages. `letterbox` is for what a page keeps while it has no
    network: the address that it seals it for.
    """

    def __init__(
        self,
        engine: Engine,
        known: Callable[[str], bool],
        reader_of: ReaderOf | None = None,
        *,
        letterbox: str = "",
    ) -> None:
        self._engine = engine
        self._known = known
        self._reader_of = reader_of
        self._letterbox = letterbox
        self._page = lru_cache(maxsize=256)(self._draw)
        self.build = fingerprint(self._html(Reader(SOURCE), Translator(SOURCE), parts="", build=""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The last stop of the router: `Router(routes, default=AppPages(…))`."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        request = Request(scope, receive)
        if not self._known(request.url.path):
            raise HTTPException(404)
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(405)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        identity = await visit_of(request.scope).identity()
        if identity is None:
            return sign_in_first(request.scope)
        if identity.locked:
            return locked_first(request.scope)
        reader = await self._reader(request, identity)
        # Sizes shrink while copies of the engine are made.
        return self._page(reader, json.dumps(_parts(self._engine))).answer(request)

    async def _reader(self, request: Request, identity: Identity) -> Reader:
        if self._reader_of is not None:
            return await self._reader_of(identity)
        return Reader(best_language(request.headers.get("accept-language", "")))

    def _draw(self, reader: Reader, parts: str) -> Small:
        t = Translator(reader.language)
        html = self._html(reader, t, parts=parts, build=self.build)
        headers = {
            # Kept, but asked for again: Back after signing out may show this page from memory,
            # and it holds nothing of anybody until its socket was accepted.
            "cache-control": "private, no-cache",
            "content-language": t.tag,
            "content-security-policy": app_policy(html),
            "vary": "Cookie, Accept-Language",
        }
        return Small(html, "text/html", headers)

    def _html(self, reader: Reader, t: Translator, *, parts: str, build: str) -> str:
        return render_text(
            "index.html",
            t,
            base=self._engine.base,
            config=json.dumps(_flet_config(self._engine)),
            parts=parts,
            build=build,
            letterbox=self._letterbox,
            box_version=_BOX_VERSION,
            light=tokens.LIGHT,
            dark=tokens.DARK,
            help_country=reader.country,
            neutral_site=reader.neutral_site,
        )


def _flet_config(engine: Engine) -> dict[str, object]:
    """What Flet's start script and client read from `window.flet`."""
    base, assets = engine.base, f"{engine.base}{engine.assets}"
    return {
        "pyodide": False,
        "multiView": False,
        "noCdn": True,
        "webSocketEndpoint": "/ws",
        "entrypointBaseUrl": base,
        "assetBase": assets,
        "canvasKitBaseUrl": f"{base}canvaskit/",
        "fontFallbackBaseUrl": f"{assets}assets/fonts/",
        "routeUrlStrategy": "path",
        "webRenderer": "auto",
    }


def _parts(engine: Engine) -> dict[str, list[tuple[str, int, int]]]:
    """What each renderer asks for at its start: address, bytes on the way, bytes unpacked."""
    return {
        renderer: [
            (engine.base + engine.path(name), engine.size(name), engine.whole(name))
            for name in names
        ]
        for renderer, names in FILES.items()
    }


def small_files() -> list[BaseRoute]:
    """`/robots.txt` and the icons at the addresses where browsers look for them."""

    async def robots(request: Request) -> Response:
        return PlainTextResponse(
            "User-agent: *\nDisallow: /\n", headers={"cache-control": "public, max-age=86400"}
        )

    async def icon(request: Request) -> Response:
        headers = {"cache-control": "public, max-age=86400"}
        return FileResponse(PICTURES / "handrail.svg", headers=headers)

    return [
        Route("/robots.txt", robots),
        Route("/favicon.ico", icon),
        Route("/favicon.svg", icon),
    ]
