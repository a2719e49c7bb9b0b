"""The processes that serve people run on the quick loop where there is one, and without it too."""

import asyncio
import sys

import pytest

from app.cli.loop import run


async def _module_of_the_loop() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__


def test_people_are_served_on_uvloop_where_it_exists() -> None:
    wanted = "asyncio" if sys.platform == "win32" else "uvloop"
    assert run(_module_of_the_loop()).partition(".")[0] == wanted


def test_without_uvloop_pythons_own_loop_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run(_module_of_the_loop()).startswith("asyncio")
