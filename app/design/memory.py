"""What a device keeps for its reader: little things that are nobody's secret."""

import asyncio
import contextlib
from typing import Any, Final, Protocol

_ANSWERS_IN: Final = 5.0
# A name that nothing is kept under.
_NOTHING: Final = "handrail.nothing"
# Flet has one error for a browser that refused and for a session that ended meanwhile.
_NO_ANSWER: Final = (TimeoutError, RuntimeError)


class Store(Protocol):
    """What a browser keeps by name; Flet's `SharedPreferences`, or nothing."""

    async def get(self, key: str) -> Any: ...

    async def set(self, key: str, value: Any) -> Any: ...


class Nowhere:
    """A device that keeps nothing."""

    async def get(self, key: str) -> Any:
        return None

    async def set(self, key: str, value: Any) -> Any:
        return None


class Memory:
    """Gone with the sign-out. A browser that does not answer has kept nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, name: str) -> Any:
        """What was kept under a name, or None."""
        with contextlib.suppress(*_NO_ANSWER):
            async with asyncio.timeout(_ANSWERS_IN):
                return await self._store.get(name)
        return None

    async def answers(self) -> bool:
        """Whether the browser is there now: asks it, and waits for its answer."""
        with contextlib.suppress(*_NO_ANSWER):
            async with asyncio.timeout(_ANSWERS_IN):
                await self._store.get(_NOTHING)
                return True
        return False

    async def set(self, name: str, value: str | int | bool) -> None:
        """Keep something until somebody signs out here."""
        with contextlib.suppress(*_NO_ANSWER):
            async with asyncio.timeout(_ANSWERS_IN):
                await self._store.set(name, value)
