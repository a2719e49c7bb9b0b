"""Every address of the product, read from its own route tables, so that none is forgotten."""

from typing import Any, cast

import httpx
from starlette.routing import Route

from app.config import Settings
from app.core.clock import SystemClock
from app.core.http import Backend
from app.design.layout import ScreenRoute
from app.home.screens import ROUTES
from app.server import _Parts
from tests.fixtures.run import Run

_FILES = ("/e/", "/pictures/")


def plain_routes(run: Run) -> list[str]:
    """The paths that answer GET with a page, as the router has them (`/join/{code}`)."""
    status = run.status()
    settings = Settings.read(
        {
            "SUPABASE_URL": status["api_url"],
            "SUPABASE_ANON_KEY": status["anon_key"],
            "SUPABASE_SECRET_KEY": "only its presence matters",
            "HANDRAIL_SEAL_KEYS": "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "HANDRAIL_MACHINE_LIVE": "live@machines.invalid:unused",
            "HANDRAIL_MACHINE_JOBS": "jobs@machines.invalid:unused",
            "HANDRAIL_HOME": str(run.home),
        }
    )
    backend = Backend(settings.supabase_url, settings.supabase_anon_key, httpx.AsyncClient())
    gate = cast(Any, _Parts(settings, backend, SystemClock()).asgi())
    gets = [
        route.path
        for route in gate._app.routes
        if isinstance(route, Route) and "GET" in (route.methods or {"GET"})
    ]
    return sorted({path for path in gets if not path.startswith(_FILES) and _is_page(run, path)})


def screens(role: str, below: dict[str, list[str]]) -> list[str]:
    """The addresses of all screens of a role. `below` names what stands below a path; a screen
    that lists things and is not named there is a `KeyError`."""
    mine: list[ScreenRoute] = [route for route in ROUTES if route.is_for(role)]
    return [
        path
        for route in mine
        for path in (
            route.path,
            *(f"{route.path}/{last}" for last in (below[route.path] if route.below else ())),
        )
    ]


def _is_page(run: Run, path: str) -> bool:
    """Whether it is no file and no probe; a page may also be elsewhere for whoever asks."""
    answer = httpx.get(f"{run.url}{path}")
    return answer.is_redirect or answer.headers.get("content-type", "").startswith("text/html")
