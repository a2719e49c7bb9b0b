"""The copies of the engine are made in a process of their own, beside the app that serves."""

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Final

from app.shell.build import missing
from app.shell.engine import Engine

_ROOT: Final = Path(__file__).resolve().parents[2]
_LOWEST_PRIORITY: Final = 19


class BuildError(Exception):
    """The process that makes copies gave up; what it said stands in the log before."""


async def build_apart(engine: Engine, home: Path, *, best: bool) -> None:
    """Returns when every copy is there, at once if they are already; ends the process when it is
    cancelled. Raises `BuildError`."""
    if next(missing(engine, best=best), None) is None:
        return
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "app", "build", "--apart", *([] if best else ["--quick"])],
        cwd=_ROOT,
        env={**os.environ, "HANDRAIL_HOME": str(home)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        if await process.wait():
            raise BuildError
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def step_back() -> None:
    """For the process that makes copies: take only the time that nobody else wants, and end with
    the app that started this, whatever became of it."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(_LOWEST_PRIORITY)

    def wait_for_the_end() -> None:
        # Without Python's buffer: a thread that holds its lock breaks the end of the process.
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(0)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
