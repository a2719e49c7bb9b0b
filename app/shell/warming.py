"""The worker, and the small scripts around it: one registers it and lets it fetch the engine while
somebody is still at the door, others read aloud or say that a form was not sent. No page needs
them."""

import json
from collections.abc import Callable
from functools import cache
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.shell.engine import Engine
from app.shell.pages import script as page_script
from app.shell.small import Small

# A worker obeys the policy it was delivered with, not that of the pages it serves.
_POLICY: Final = "default-src 'none'; connect-src 'self'"
# In the order in which a page asks for them; `Engine.path` says where they lie.
FILES: Final = {
    "both": (
        "flutter_bootstrap.js",
        "assets/FontManifest.json",
        "assets/fonts/roboto.woff2",
        "assets/fonts/MaterialIcons-Regular.otf",
    ),
    "lean": (
        "main.dart.mjs",
        "canvaskit/skwasm.js",
        "canvaskit/skwasm.wasm",
        "main.dart.wasm",
    ),
    "full": (
        "canvaskit/canvaskit.js",
        "canvaskit/canvaskit.wasm",
        "main.dart.js",
    ),
    # A Chromium without a graphics card, or too old for the lean one.
    "chromium": (
        "canvaskit/chromium/canvaskit.js",
        "canvaskit/chromium/canvaskit.wasm",
        "main.dart.js",
    ),
    "heavy": (
        "main.dart.mjs",
        "canvaskit/skwasm_heavy.js",
        "canvaskit/skwasm_heavy.wasm",
        "main.dart.wasm",
    ),
}


BOX_SCRIPTS: Final = ("outbox.js", "box.js")
"""What lays a box over that of a chat without connection, and keeps what is written there."""


def warming_routes(
    engine: Engine, kept: Callable[[], str], *, patience: float = 10.0
) -> list[BaseRoute]:
    """`/sw.js`, made for this engine and for the pages that it keeps (`kept` names their contents,
    and is asked once, with the first visitor), and what pages load: `/warm.js` and the like.

    After `patience` seconds without an answer to a page request the worker shows what it keeps.
    """
    template = page_script("sw.js")
    files = {kind: [engine.path(name) for name in names] for kind, names in FILES.items()}
    values = {
        "base": engine.base,
        "hash": engine.hash,
        "assets": engine.assets,
        "files": json.dumps(files),
        "patience": str(round(patience * 1000)),
    }

    @cache
    def worker() -> Small:
        # Asked for again at each visit: another engine needs another worker.
        headers = {"cache-control": "no-cache", "content-security-policy": _POLICY}
        text = template
        for name, value in {**values, "kept": kept()}.items():
            text = text.replace(f"$({name})", value)
        return Small(text, "text/javascript", headers)

    async def sw(request: Request) -> Response:
        return worker().answer(request)

    return [
        Route("/sw.js", sw, methods=["GET"]),
        _script("warm.js", "renderer.js", "warm.js"),
        _script("box.js", *BOX_SCRIPTS),
        _script("waiting.js", "outbox.js", "waiting.js"),
        _script("aloud.js", "aloud.js"),
        _script("sending.js", "sending.js"),
    ]


def _script(name: str, *files: str) -> BaseRoute:
    text = "".join(page_script(file) for file in files)

    small = Small(text, "text/javascript", {"cache-control": "public, max-age=3600"})

    async def script(request: Request) -> Response:
        return small.answer(request)

    return Route(f"/{name}", script, methods=["GET"])
