"""The schema cache: read at the start and again whenever somebody says ``notify pgrst``,
as PostgREST does."""

import asyncio
import contextlib
import difflib
import logging
from collections.abc import AsyncIterator, Iterable

import psycopg
from psycopg import AsyncConnection

from app.local.db import API_LOGIN, Database
from app.local.pool import PoolTimeout
from app.local.rest.catalogue import Catalogue, Function, Table, read_catalogue
from app.local.rest.errors import (
    ambiguous_function,
    no_function,
    no_schema_cache,
    no_table,
    unsupported,
)

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 0.25


class Schema:
    """Answers from the last catalogue that could be read. ``watched`` keeps it fresh."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Catalogue | None = None
        self._fresh = True

    def table(self, name: str) -> Table:
        """Raises RestError: PGRST205, or PGRST002 before the first load."""
        tables = self._catalogue().tables
        table = tables.get(name)
        if table is None:
            raise no_table(name, _similar(name, tables))
        return table

    def function(self, name: str, arguments: frozenset[str], *, posted: bool) -> Function:
        """The function that takes exactly these names. Raises RestError: PGRST202, PGRST203."""
        functions = self._catalogue().functions
        named = functions.get(name, ())
        fitting = [function for function in named if function.takes(arguments)]
        if len(fitting) > 1:
            raise ambiguous_function([_signature(function) for function in fitting])
        if fitting and fitting[0].variadic:
            raise unsupported("variadic functions", "Take an array.")
        if fitting:
            return fitting[0]
        if any(argument.name == "" for function in named for argument in function.arguments):
            raise unsupported("functions with an unnamed parameter", "Name the parameter.")
        similar = None if named else _similar(name, functions)
        raise no_function(name, sorted(arguments), posted=posted, similar=similar)

    async def load(self) -> None:
        """Read the catalogue and the roles' settings; keeps the old ones when that fails.

        Raises psycopg.Error or PoolTimeout.
        """
        await self._database.reload_settings()
        async with self._database.admin(API_LOGIN) as connection:
            self._known = await read_catalogue(connection)

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator["Schema"]:
        """Loaded, and loaded again on each ``notify pgrst`` until the block ends."""
        tried = asyncio.Event()
        task = asyncio.create_task(self._watch(tried))
        try:
            await tried.wait()
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self, tried: asyncio.Event) -> None:
        """Never ends by itself: a lost database is asked again until it is back."""
        while True:
            try:
                await self._listen(tried)
            except (psycopg.Error, PoolTimeout) as error:
                if self._fresh:
                    _log.warning("schema cache: lost the database (%s)", type(error).__name__)
            self._fresh = False
            tried.set()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self, tried: asyncio.Event) -> None:
        async with await AsyncConnection.connect(
            self._database.conninfo(API_LOGIN), autocommit=True, connect_timeout=5
        ) as connection:
            await connection.execute("listen pgrst")
            # What changed while nobody listened is in the catalogue now.
            await self.load()
            self._fresh = True
            tried.set()
            async for _ in connection.notifies():
                await self.load()

    def _catalogue(self) -> Catalogue:
        if self._known is None:
            raise no_schema_cache()
        return self._known


def _similar(name: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return close[0] if close else None


def _signature(function: Function) -> str:
    listed = ", ".join(f"{argument.name} => {argument.type}" for argument in function.arguments)
    return f"public.{function.name}({listed})"
