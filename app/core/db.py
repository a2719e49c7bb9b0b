"""The only door to Supabase data: read a view or call a function, as whoever's door it is."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, time
from typing import Any

import httpx
from postgrest import AsyncSelectRequestBuilder
from supabase import AsyncClient

from app.core.errors import Unexpected
from app.core.foreign import translated
from app.core.http import Backend
from app.core.together import Together

MOST_ROWS = 1000
_CONDITION = re.compile(r"([a-z_][a-z0-9_]*) ?(=|!=|<|<=|>|>=)?")
_OPERATORS = {None: "eq", "=": "eq", "!=": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


class Db:
    """Reads and writes under Row Level Security, with the token of the client it is given.

    All methods raise `AppError`s only. A read whose connection broke is tried once more; a write
    is not, since it may have arrived.
    """

    def __init__(self, client: Callable[[], Awaitable[AsyncClient]]) -> None:
        self._client = client
        self._together = Together(self.rpc)

    async def view(
        self,
        name: str,
        *,
        columns: str = "*",
        where: Mapping[str, object] | None = None,
        order: str | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """Rows of a table or view that this person may see.

        `where` maps a column to its value: a list means "one of", None means "is null", and a
        column followed by !=, <, <=, > or >= compares. `order` names columns, comma separated, a
        leading minus for descending. `limit` is at most `MOST_ROWS`.
        """
        if not 1 <= limit <= MOST_ROWS:
            raise ValueError(f"limit must be from 1 to {MOST_ROWS}")
        client = await self._client()
        query = client.table(name).select(columns).limit(limit)
        for condition, value in (where or {}).items():
            query = _filtered(query, condition, value)
        for column in order.split(",") if order else ():
            bare = column.strip()
            query = query.order(bare.removeprefix("-"), desc=bare.startswith("-"))
        with translated():
            try:
                answer = await query.execute()
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                answer = await query.execute()
        rows: object = answer.data
        if not isinstance(rows, list):
            raise Unexpected("backend_not_understood")
        return rows

    async def rpc(self, name: str, /, **arguments: object) -> Any:
        """What the function answers, as JSON values; meaningless for a function returning void.

        Arguments are given without their `p_`. Always a POST: only then may a function write.
        """
        client = await self._client()
        call = client.rpc(name, {f"p_{key}": value for key, value in arguments.items()})
        with translated():
            try:
                answer = await call.execute()
            except httpx.ConnectError:
                answer = await call.execute()
        return answer.data

    async def read(self, name: str, /, **arguments: object) -> Any:
        """Like `rpc`, for a read that `read_together` of the database knows: all that is asked in
        the same moment travels as one call, and each gets its own answer or refusal."""
        return await self._together.ask(name, arguments)


def open_to_all(backend: Backend) -> Db:
    """The data as somebody sees it who is not signed in."""
    return open_as(backend, None)


def open_as(backend: Backend, token: str | None) -> Db:
    """The data as the owner of this access token sees it, for as long as the token is valid."""
    client = backend.client(token)

    async def give() -> AsyncClient:
        return client

    return Db(give)


def _filtered(
    query: AsyncSelectRequestBuilder, condition: str, value: object
) -> AsyncSelectRequestBuilder:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        raise ValueError(f"not a condition: {condition!r}")
    column, operator = match[1], _OPERATORS[match[2]]
    if value is None and operator in ("eq", "neq"):
        return query.filter(column, "is" if operator == "eq" else "not.is", "null")
    if isinstance(value, list | tuple | set | frozenset):
        if operator != "eq":
            raise ValueError(f"a list can only be compared with =, not {condition!r}")
        return query.in_(column, [_written(one) for one in value])
    return query.filter(column, operator, _written(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
