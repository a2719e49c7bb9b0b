"""The app on a home screen: what phones ask before they put it there, and a page that shows how."""

import hashlib
import json
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.core.i18n import Translator, best_language
from app.design import tokens
from app.shell.cookies import Cookie
from app.shell.guises import GUISES, USUAL, Guise, guise_cookie, guise_of
from app.shell.pages import render
from app.shell.squeezed import squeezed

_HERE: Final = Path(__file__).resolve().parent
PICTURES: Final = _HERE / "pictures"
_SCRIPT: Final = _HERE / "templates" / "install.js"
_TYPES: Final = {".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp"}
_SIZES: Final = (192, 512)
# Pixels of the file, not of the phone it was taken on.
_SCREENS: Final = (
    ("screen-home.webp", "780x1688", "narrow"),
    ("screen-readers.webp", "780x1688", "narrow"),
    ("screen-people.webp", "1180x820", "wide"),
)
_MOST_FIELDS: Final = 8


def install_routes(origin: str) -> list[BaseRoute]:
    """`/install`, `/manifest.webmanifest` and the pictures that it names."""
    pages = InstallPages(guise_cookie(origin))
    return [
        Route("/manifest.webmanifest", pages.manifest, methods=["GET"]),
        Route("/install", pages.show, methods=["GET"]),
        Route("/install", pages.choose, methods=["POST"]),
        Route("/install.js", _script, methods=["GET"]),
        Route("/pictures/{name}", _picture, methods=["GET"]),
    ]


class InstallPages:
    """For everybody, signed in or not: nothing here says who is asking."""

    def __init__(self, cookie: Cookie) -> None:
        self._cookie = cookie

    async def manifest(self, request: Request) -> Response:
        """In the language that the page named, under the name that this browser chose."""
        body = json.dumps(manifest(_reader(request), guise_of(request, self._cookie)))
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        headers = {
            # A phone that asks after another choice must not get what it got before.
            "cache-control": "private, no-cache",
            "etag": etag,
            "vary": "Cookie, Accept-Language",
        }
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/manifest+json", headers=headers)

    async def show(self, request: Request) -> Response:
        t = _reader(request)
        page = render(
            "install.html",
            t,
            guises=[(each, each.name(t)) for each in GUISES.values()],
            chosen=guise_of(request, self._cookie),
        )
        return squeezed(request, page)

    async def choose(self, request: Request) -> Response:
        """Keep a choice. The gate has seen that one of our own pages asked."""
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            guise = GUISES.get(str(form.get("name")), USUAL)
            t = Translator(str(form.get("lang")))
        headers = {"cache-control": "no-store"}
        response = RedirectResponse(f"/install?lang={t.language}", 303, headers=headers)
        self._cookie.set(response, guise.key)
        return response


def manifest(t: Translator, guise: Guise) -> dict[str, object]:
    """What a phone or browser wants to know of an app before it puts it on a home screen."""
    name = guise.name(t)
    told: dict[str, object] = {
        # The same for every name: it is one app, and stays it when the name changes.
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": t.tag,
        "dir": t.direction,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": tokens.LIGHT.paper,
        "theme_color": tokens.LIGHT.paper,
        "icons": _icons(guise),
        "shortcuts": [_shortcut(t("Help"), f"/help?lang={t.language}", guise)],
    }
    if guise.plain:
        return told
    told["description"] = t("A plan of your own, and people who help.")
    told["shortcuts"] = [
        _shortcut(t("Help"), f"/help?lang={t.language}", guise),
        _shortcut(t("Me"), "/me", guise),
    ]
    told["screenshots"] = [
        {
            "src": f"/pictures/{file}",
            "sizes": size,
            "type": "image/webp",
            "form_factor": form,
            "label": label,
        }
        for (file, size, form), label in zip(
            _SCREENS, (t("Home"), t("Who can read what"), t("People")), strict=True
        )
    ]
    return told


def _icons(guise: Guise) -> list[dict[str, str]]:
    drawn = {"src": f"/pictures/{guise.key}.svg", "sizes": "any", "type": "image/svg+xml"}
    pixels = [
        {
            "src": f"/pictures/{guise.key}{kind}-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for kind, purpose in (("", "any"), ("-full", "maskable"))
        for size in _SIZES
    ]
    return [{**drawn, "purpose": "any"}, *pixels]


def _shortcut(name: str, url: str, guise: Guise) -> dict[str, object]:
    icon = {"src": f"/pictures/{guise.key}-192.png", "sizes": "192x192", "type": "image/png"}
    return {"name": name, "url": url, "icons": [icon]}


async def _script(request: Request) -> Response:
    headers = {"cache-control": "public, max-age=3600"}
    return FileResponse(_SCRIPT, media_type="text/javascript", headers=headers)


async def _picture(request: Request) -> Response:
    path = PICTURES / request.path_params["name"]
    if path.parent != PICTURES or path.suffix not in _TYPES or not path.is_file():
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=86400"}
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=headers)


def _reader(request: Request) -> Translator:
    chosen = request.query_params.get("lang", "").replace("_", "-")
    return Translator(best_language(f"{chosen},{request.headers.get('accept-language', '')}"))
