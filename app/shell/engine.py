"""The Flutter engine of the installed Flet, served by us under a path that changes with it.

Flet's own static files would serve its whole folder and ours, dot files included, uncompressed
and without a word about caching. Here only named files go out, under `/e/<hash>/`, so a browser
may keep them for a year: another engine has another hash. What changes with our screens (fonts,
icons) has a hash of its own below that, so that a new icon costs nobody the engine again.
"""

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

BOOTSTRAP: Final = "flutter_bootstrap.js"
FONT_MANIFEST: Final = "assets/FontManifest.json"
_OURS: Final = "assets/"
_KEEP_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"

# What a browser asks for; the rest of the wheel (symbols, other renderers, Pyodide) stays inside.
_ENGINE_FILES: Final = (
    "main.dart.js",
    "main.dart.mjs",
    "main.dart.wasm",
    "canvaskit/canvaskit.js",
    "canvaskit/canvaskit.wasm",
    "canvaskit/chromium/canvaskit.js",
    "canvaskit/chromium/canvaskit.wasm",
    "canvaskit/skwasm.js",
    "canvaskit/skwasm.wasm",
    "canvaskit/skwasm_heavy.js",
    "canvaskit/skwasm_heavy.wasm",
    "assets/AssetManifest.bin",
    "assets/AssetManifest.bin.json",
    "assets/NOTICES",
    "assets/fonts/MaterialIcons-Regular.otf",
    "assets/fonts/roboto.woff2",
    "assets/shaders/ink_sparkle.frag",
    "assets/shaders/stretch_effect.frag",
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
_SERVICE_WORKER: Final = re.compile(r"\n\s*serviceWorkerSettings:\s*\{.*?\n\s*\},", re.DOTALL)
_UNUSED_FONTS: Final = ("packages/flutter_math_fork/", "packages/cupertino_icons/")


class EngineError(Exception):
    """The installed Flet is not the one this was made for."""


@dataclass(frozen=True)
class _File:
    """One file: on disk, or `text` that we changed."""

    path: Path
    text: bytes | None = None

    def read(self) -> bytes:
        return self.path.read_bytes() if self.text is None else self.text


class Engine:
    """The files of `web` (the wheel's folder) with `assets` (ours) laid over its `assets/`.

    Made once at start; raises `EngineError` if a file is missing or a patch no longer fits.
    """

    def __init__(self, web: Path, assets: Path, squeezed: Path | None = None) -> None:
        self._files = {**_engine_files(web), **_own_files(assets)}
        ours = {name: file for name, file in self._files.items() if name.startswith(_OURS)}
        self.hash = _hash({name: each for name, each in self._files.items() if name not in ours})
        self.base = f"/e/{self.hash}/"
        self.assets = f"{_hash(ours)}/"
        self._names = {self.path(name): name for name in self._files}
        self._squeezed = squeezed / self.hash if squeezed else None

    def route(self) -> BaseRoute:
        """The route of all engine files."""
        return Route("/e/{hash}/{path:path}", self._serve, methods=["GET"])

    def squeeze(self) -> None:
        """Writes a gzip copy of each file that gains from it, once for each version of the engine.

        Takes some seconds of CPU: to be run in a thread. Files without a copy go out as they are.
        """
        if self._squeezed is None:
            return
        for name, file in self._files.items():
            target = self._squeezed / f"{name}.gz"
            if file.path.suffix not in _SQUEEZED or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(".part")
            partial.write_bytes(gzip.compress(file.read(), 6, mtime=0))
            partial.replace(target)

    def names(self) -> frozenset[str]:
        """The names of all files; where they lie says `path`."""
        return frozenset(self._files)

    def path(self, name: str) -> str:
        """What stands in the address of the file `name` after `base`."""
        return f"{self.assets}{name}" if name.startswith(_OURS) else name

    def size(self, name: str) -> int:
        """Bytes that are sent for the file `name` to a browser that takes brotli.

        Gets smaller while copies are made. `KeyError` if there is no such file.
        """
        for ending in ("br", "gz"):
            copy = self._squeezed / f"{name}.{ending}" if self._squeezed else None
            if copy and copy.exists():
                return copy.stat().st_size
        return self.whole(name)

    def whole(self, name: str) -> int:
        """Bytes of the file `name` once a browser has unpacked it. `KeyError` if there is none."""
        file = self._files[name]
        return file.path.stat().st_size if file.text is None else len(file.text)

    async def _serve(self, request: Request) -> Response:
        name = self._names.get(request.path_params["path"], "")
        if not name or request.path_params["hash"] != self.hash:
            raise HTTPException(404)
        file = self._files[name]
        headers = {"cache-control": _KEEP_FOR_A_YEAR, "vary": "Accept-Encoding"}
        kind = _TYPES.get(file.path.suffix) or mimetypes.guess_type(name)[0]
        media_type = kind or "application/octet-stream"
        squeezed = self._squeezed / f"{name}.gz" if self._squeezed else None
        if squeezed and "gzip" in request.headers.get("accept-encoding", "") and squeezed.exists():
            headers["content-encoding"] = "gzip"
            return FileResponse(squeezed, headers=headers, media_type=media_type)
        if file.text is not None:
            return Response(file.text, headers=headers, media_type=media_type)
        return FileResponse(file.path, headers=headers, media_type=media_type)


def without_service_worker(bootstrap: str) -> str:
    """Flutter's start script, without its stub worker that would replace ours on every load."""
    changed, count = _SERVICE_WORKER.subn("", bootstrap)
    if count != 1:
        raise EngineError(f"{BOOTSTRAP} has another shape: serviceWorkerSettings found {count}x")
    return changed


def slim_fonts(manifest: str) -> str:
    """The list of fonts to load at start: with Roboto, without formulas and Apple's icons."""
    families = [
        family for family in json.loads(manifest) if not family["family"].startswith(_UNUSED_FONTS)
    ]
    if not any(family["family"] == "MaterialIcons" for family in families):
        raise EngineError(f"{FONT_MANIFEST} has another shape: no MaterialIcons")
    families.append({"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]})
    return json.dumps(families)


def _engine_files(web: Path) -> dict[str, _File]:
    missing = [name for name in _ENGINE_FILES if not (web / name).is_file()]
    if missing:
        raise EngineError(f"not in the installed Flet: {', '.join(missing)}")
    files = {name: _File(web / name) for name in _ENGINE_FILES}
    bootstrap, manifest = web / BOOTSTRAP, web / FONT_MANIFEST
    changed = without_service_worker(bootstrap.read_text(encoding="utf-8"))
    slim = slim_fonts(manifest.read_text(encoding="utf-8"))
    files[BOOTSTRAP] = _File(bootstrap, changed.encode())
    files[FONT_MANIFEST] = _File(manifest, slim.encode())
    return files


def _own_files(assets: Path) -> dict[str, _File]:
    """Everything below `assets` of a kind that a browser may have; never a hidden file."""
    found: dict[str, _File] = {}
    for path in sorted(assets.rglob("*")):
        name = path.relative_to(assets).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(assets).parts)
        if path.is_file() and not hidden and path.suffix in _OWN_SUFFIXES:
            found[f"assets/{name}"] = _File(path)
    return found


def _hash(files: Mapping[str, _File]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0")
        digest.update(hashlib.sha256(files[name].read()).digest())
    return digest.hexdigest()[:12]
