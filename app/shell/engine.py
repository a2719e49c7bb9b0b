"""The Flutter engine of the installed Flet, served by us under a path that changes with it.

Flet's own static files would serve its whole folder and ours, dot files included, uncompressed
and without a word about caching. Here only named files go out, under `/e/<hash>/`, so a browser
may keep them for a year: another engine has another hash. What changes with our screens (fonts,
icons) has a hash of its own below that, so that a new icon costs nobody the engine again.
"""

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.shell.changed import (
    BOOTSTRAP,
    FONT_MANIFEST,
    EngineError,
    on_one_thread,
    slim_fonts,
    without_service_worker,
)
from app.shell.copies import Copies
from app.shell.encodings import IDENTITY
from app.shell.lines import line_ends
from app.shell.wordless import wordless

CLIENT: Final = "main.dart.js"
CLIENTS: Final = (CLIENT, "main.dart.wasm")
ICON_FONT: Final = "assets/fonts/MaterialIcons-Regular.otf"
NO_LETTERS: Final = "assets/fonts/none.woff2"
_FALLBACK_FONT: Final = re.compile(r"assets/fonts/noto[a-z0-9]+/v\d+/[\w.-]+\.woff2")
_OURS: Final = "assets/"
_KEEP_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"

# What a browser asks for; the rest of the wheel (symbols, other renderers, Pyodide) stays inside.
# In the order in which it helps most to have them small.
_ENGINE_FILES: Final = (
    "main.dart.wasm",
    "canvaskit/skwasm.wasm",
    "main.dart.mjs",
    "canvaskit/skwasm.js",
    CLIENT,
    "canvaskit/canvaskit.wasm",
    "canvaskit/canvaskit.js",
    ICON_FONT,
    "assets/fonts/roboto.woff2",
    "assets/AssetManifest.bin",
    "assets/AssetManifest.bin.json",
    "assets/shaders/ink_sparkle.frag",
    "assets/shaders/stretch_effect.frag",
    "canvaskit/skwasm_heavy.wasm",
    "canvaskit/skwasm_heavy.js",
    "canvaskit/chromium/canvaskit.wasm",
    "canvaskit/chromium/canvaskit.js",
    "assets/NOTICES",
)
_OWN_SUFFIXES: Final = frozenset({".woff2", ".svg", ".png", ".webp", ".jpg", ".txt"})
# Browsers stream-compile only what has its right type; the system's table knows not all of them.
_TYPES: Final[dict[str, str]] = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".otf": "font/otf",
    ".frag": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SQUEEZED: Final = frozenset({".js", ".mjs", ".wasm", ".json", ".otf", ".frag", ".svg", ".txt", ""})


@dataclass(frozen=True)
class File:
    """One file: on disk, or `text` that we changed, or what `change` makes of it without making it
    longer or shorter. `recipe` says what else its copies depend on: they hold the same for every
    browser, and less of it."""

    path: Path
    text: bytes | None = None
    recipe: str = ""
    change: Callable[[bytes], bytes] | None = None

    def read(self) -> bytes:
        content = self.path.read_bytes() if self.text is None else self.text
        return self.change(content) if self.change else content

    @property
    def gains(self) -> bool:
        """Whether squeezing makes it smaller."""
        return self.path.suffix in _SQUEEZED

    @cached_property
    def key(self) -> str:
        """Names the content, and so the copies of it."""
        digest = hashlib.sha256(self.read())
        digest.update(self.recipe.encode())
        return digest.hexdigest()[:32]


class Engine:
    """The files of `web` (the wheel's folder) with `assets` (ours) laid over its `assets/`.

    `copies` are sent instead of the files as soon as they are there. `icons` are the names of all
    icons that screens draw; without them the icon font is sent whole. Made once at start; raises
    `EngineError` if a file is missing or a patch no longer fits.
    """

    def __init__(
        self,
        web: Path,
        assets: Path,
        copies: Copies | None = None,
        icons: Iterable[str] = (),
    ) -> None:
        self.icons = frozenset(icons)
        self.files: Mapping[str, File] = {**_engine_files(web, self.icons), **_own_files(assets)}
        self.copies = copies
        ours = {name for name in self.files if name.startswith(_OURS)}
        self.hash = _hash({name: self.files[name] for name in self.files.keys() - ours})
        self.base = f"/e/{self.hash}/"
        self.assets = f"{_hash({name: self.files[name] for name in ours})}/"
        self._names = {self.path(name): name for name in self.files}

    def route(self) -> BaseRoute:
        """The route of all engine files."""
        return Route("/e/{hash}/{path:path}", self._serve, methods=["GET"])

    def names(self) -> frozenset[str]:
        """The names of all files; where they lie says `path`."""
        return frozenset(self.files)

    def path(self, name: str) -> str:
        """What stands in the address of the file `name` after `base`."""
        return f"{self.assets}{name}" if name.startswith(_OURS) else name

    def size(self, name: str) -> int:
        """Bytes that are sent for the file `name` to a browser that takes brotli.

        Gets smaller while copies are made. `KeyError` if there is no such file.
        """
        found = self._copy(self.files[name], "br, gzip")
        return found[0].stat().st_size if found else self.whole(name)

    def whole(self, name: str) -> int:
        """Bytes of the file `name` once a browser has unpacked it. `KeyError` if there is none."""
        file = self.files[name]
        found = self._copy(file, IDENTITY)
        if found:
            return found[0].stat().st_size
        return file.path.stat().st_size if file.text is None else len(file.text)

    def _stand_in(self, path: str) -> str:
        """For a fallback font that we do not have: one without letters. A 404 would make CanvasKit
        ask again with each frame, for as long as the letter is on the screen."""
        asked = _FALLBACK_FONT.fullmatch(path.removeprefix(self.assets))
        return NO_LETTERS if asked and NO_LETTERS in self.files else ""

    def _copy(self, file: File, accept_encoding: str) -> tuple[Path, str] | None:
        return self.copies.find(file.key, accept_encoding) if self.copies else None

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"]
        name = self._names.get(path) or self._stand_in(path)
        if not name or request.path_params["hash"] != self.hash:
            raise HTTPException(404)
        file = self.files[name]
        headers = {"cache-control": _KEEP_FOR_A_YEAR, "vary": "Accept-Encoding"}
        kind = _TYPES.get(file.path.suffix) or mimetypes.guess_type(name)[0]
        media_type = kind or "application/octet-stream"
        found = self._copy(file, request.headers.get("accept-encoding", ""))
        if found:
            copy, encoding = found
            if encoding != IDENTITY:
                headers["content-encoding"] = encoding
            return FileResponse(copy, headers=headers, media_type=media_type)
        if file.text is not None or file.change:
            return Response(file.read(), headers=headers, media_type=media_type)
        return FileResponse(file.path, headers=headers, media_type=media_type)


def installed_web() -> Path:
    """The folder of the installed Flet's web client; found without the seconds of importing it."""
    spec = find_spec("flet_web")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("Flet's web client is not installed")
    return Path(spec.submodule_search_locations[0]) / "web"


def _engine_files(web: Path, icons: frozenset[str]) -> dict[str, File]:
    missing = [name for name in _ENGINE_FILES if not (web / name).is_file()]
    if missing:
        raise EngineError(f"not in the installed Flet: {', '.join(missing)}")
    files = {name: File(web / name) for name in _ENGINE_FILES}
    bootstrap, manifest = web / BOOTSTRAP, web / FONT_MANIFEST
    changed = on_one_thread(without_service_worker(bootstrap.read_text(encoding="utf-8")))
    slim = slim_fonts(manifest.read_text(encoding="utf-8"))
    files[BOOTSTRAP] = File(bootstrap, f"{line_ends()}{changed}".encode())
    files[FONT_MANIFEST] = File(manifest, slim.encode())
    for name in CLIENTS:
        files[name] = File(web / name, change=wordless)
    if icons:
        recipe = " ".join([files[CLIENT].key, *sorted(icons)])
        files[ICON_FONT] = File(web / ICON_FONT, recipe=recipe)
    return files


def _own_files(assets: Path) -> dict[str, File]:
    """Everything below `assets` of a kind that a browser may have; never a hidden file."""
    found: dict[str, File] = {}
    for path in sorted(assets.rglob("*")):
        name = path.relative_to(assets).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(assets).parts)
        if path.is_file() and not hidden and path.suffix in _OWN_SUFFIXES:
            found[f"assets/{name}"] = File(path)
    return found


def _hash(files: Mapping[str, File]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{files[name].key}\0".encode())
    return digest.hexdigest()[:12]
