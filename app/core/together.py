"""Reads that screens ask for in the same moment travel as one call."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.core.errors import AppError
from app.core.foreign import refusal

# The parts of a screen begin within one turn of the loop or two; nobody sees two milliseconds.
GATHER_SECONDS: Final = 0.002
_MOST: Final = 20


class Call(Protocol):
    """How one function of the database is called; `Db.rpc` is such a way."""

    async def __call__(self, name: str, /, **arguments: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    arguments: Mapping[str, object]
    answer: asyncio.Future[Any]


class Together:
    """Gathers for a moment what is asked, and gives everybody their own answer or refusal.

    The function `read_together` of the database knows which reads there are.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._asked: list[_Asked] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, name: str, arguments: Mapping[str, object]) -> Any:
        """What this function answers, as if it had been called alone."""
        loop = asyncio.get_running_loop()
        mine = _Asked(name, arguments, loop.create_future())
        if not self._asked:
            loop.call_later(GATHER_SECONDS, self._go)
        self._asked.append(mine)
        if len(self._asked) == _MOST:
            self._go()
        return await mine.answer

    def _go(self) -> None:
        # Whoever left meanwhile needs no answer.
        asked = [each for each in self._asked if not each.answer.done()]
        self._asked = []
        if asked:
            task = asyncio.create_task(self._send(asked))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _send(self, asked: list[_Asked]) -> None:
        try:
            if len(asked) == 1:
                rows = [{"value": await self._call(asked[0].name, **asked[0].arguments)}]
            else:
                calls = [{"name": each.name, "arguments": each.arguments} for each in asked]
                rows = await self._call("read_together", calls=calls)
        except (Exception, asyncio.CancelledError) as error:
            for each in asked:
                _refuse(each, error)
            return
        for each, row in zip(asked, rows, strict=True):
            if "code" in row:
                _refuse(each, refusal(row))
            elif not each.answer.done():
                each.answer.set_result(row["value"])


def _refuse(asked: _Asked, error: BaseException) -> None:
    if asked.answer.done():
        return
    if isinstance(error, asyncio.CancelledError):
        asked.answer.cancel()
    else:
        # One for each: an error that is raised twice keeps the stack of both.
        asked.answer.set_exception(_copy(error) if isinstance(error, AppError) else error)


def _copy(error: AppError) -> AppError:
    copy = type(error)(error.code, dict(error.fields))
    copy.__cause__ = error
    return copy
