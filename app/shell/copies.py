"""Smaller copies of large files, kept in a folder and named by what they are copies of.

Any number of processes may read and write the same folder. A copy is never changed once it is
there; a better one has another name.
"""

import contextlib
import gzip
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import brotli

from app.shell.encodings import IDENTITY, preferred

Progress = Callable[[float], None]
"""Called with the part that is done, from 0 to 1."""

_CHUNK: Final = 2**19
# The widest window that browsers must know: what is far apart in a large file is found too.
_WINDOW: Final = 24
_LOCK: Final = "lock"
_QUICK, _BEST = 5, 11
# Older versions may still serve beside this one, for as long as a release takes.
_KEPT_SECONDS: Final = 2 * 86_400


class Copy(NamedTuple):
    """One way to squeeze: the end of the copy's name, and the encoding a browser calls it by."""

    ending: str
    encoding: str
    quality: int


CUT: Final = Copy("cut", IDENTITY, 0)
BEST: Final = Copy("brotli-11", "br", _BEST)
QUICK: Final = Copy("brotli-5", "br", _QUICK)
GZIP: Final = Copy("gzip", "gzip", 6)
_PREFERRED: Final = (BEST, QUICK, GZIP, CUT)


class Copies:
    """The copies in `folder`; `key` says which file, by its content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, key: str, copy: Copy) -> bool:
        return self._path(key, copy).exists()

    def find(self, key: str, accept_encoding: str) -> tuple[Path, str] | None:
        """The best copy that the browser may have and its encoding; None if there is none."""
        for encoding in preferred(accept_encoding, ["br", "gzip"]):
            for copy in _PREFERRED:
                if copy.encoding == encoding and self.has(key, copy):
                    return self._path(key, copy), encoding
            if encoding == IDENTITY:
                return None
        return None

    def write(self, key: str, copy: Copy, content: bytes, progress: Progress | None = None) -> int:
        """Squeezes `content` and keeps the result; returns its bytes."""
        if copy.encoding == "br":
            content = _brotli(content, copy.quality, progress)
        elif copy.encoding == "gzip":
            content = gzip.compress(content, copy.quality, mtime=0)
        target = self._path(key, copy)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            partial.write_bytes(content)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return len(content)

    def remove_others(self, keys: Iterable[str]) -> int:
        """Takes away what is no copy of these and has not been one for two days; returns how much
        that was."""
        kept, removed = set(keys), 0
        for path in self.folder.iterdir():
            if path.name.split(".")[0] in kept and not path.name.endswith(".part"):
                path.touch()
            elif path.name != _LOCK and time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
                removed += 1
        return removed

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Waits until no other process writes here, so that nothing is squeezed twice."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("a") as file:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, key: str, copy: Copy) -> Path:
        return self.folder / f"{key}.{copy.ending}"


def _brotli(content: bytes, quality: int, progress: Progress | None) -> bytes:
    press = brotli.Compressor(quality=quality, lgwin=_WINDOW)
    parts = []
    for start in range(0, len(content), _CHUNK):
        parts.append(press.process(content[start : start + _CHUNK]))
        if progress:
            progress(min(1.0, (start + _CHUNK) / len(content)))
    return b"".join([*parts, press.finish()])
