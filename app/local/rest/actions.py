"""What a request does to schema public: read a table, write one row's worth, call a function."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive

from app.local.db import Database, RequestInfo
from app.local.keys import Claims
from app.local.rest import sql
from app.local.rest.catalogue import Table
from app.local.rest.errors import RestError, invalid_body, no_column, unsupported
from app.local.rest.parse import parse_query
from app.local.rest.query import Query
from app.local.rest.request import one_row, read_json
from app.local.rest.response import Result, Wanted, check_single, page_response, write_response
from app.local.rest.schema import Schema
from app.local.rest.sql import Page, Shape, Statement


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with everything needed to answer it."""

    database: Database
    schema: Schema
    max_rows: int
    method: str
    headers: Headers
    receive: Receive
    raw_query: bytes
    claims: Claims
    info: RequestInfo
    wanted: Wanted

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")

    @property
    def shape(self) -> Shape:
        if self.wanted.head:
            return "none"
        return "object" if self.wanted.single else "array"

    def page(self, query: Query) -> Page:
        limit = self.max_rows if query.limit is None else min(query.limit, self.max_rows)
        return Page(limit, query.offset, self.wanted.prefer.counted)

    async def run(
        self,
        statement: Statement,
        *,
        read_only: bool,
        settings: Mapping[str, str] | None = None,
    ) -> Result:
        """Raises RestError PGRST116 with nothing written when one row was asked for."""
        if read_only or not self.wanted.single:
            rows = await self.database.as_claims(
                self.claims,
                statement.text,
                statement.values,
                read_only=read_only,
                request=self.info,
                settings=settings,
            )
            result = Result(*rows[0])
            check_single(self.wanted, result)
            return result
        async with self.database.transaction(
            self.claims, read_only=False, request=self.info, settings=settings
        ) as connection:
            cursor = await connection.execute(statement.text, statement.values)
            result = Result(*(await cursor.fetchall())[0])
            check_single(self.wanted, result)
        return result


async def read_table(exchange: Exchange, name: str) -> Response:
    query = parse_query(exchange.raw_query)
    if query.columns is not None:
        raise unsupported("'columns' in a read")
    if "range" in exchange.headers:
        raise unsupported("the Range header", "Use limit and offset.")
    table = exchange.schema.table(name)
    page = exchange.page(query)
    statement = sql.read(table, query, page, exchange.shape)
    result = await exchange.run(statement, read_only=True)
    return page_response(exchange.wanted, result, query.offset)


async def write_table(exchange: Exchange, name: str) -> Response:
    query = parse_query(exchange.raw_query)
    if query.order or query.limit is not None or query.offset:
        raise unsupported("order, limit and offset in a write")
    table = exchange.schema.table(name)
    represented = exchange.wanted.prefer.returning == "representation"
    shape = exchange.shape if represented else "none"
    statement = await _writing(exchange, table, query, shape)
    result = await exchange.run(statement, read_only=False)
    return write_response(exchange.wanted, result, exchange.method)


async def call_function(exchange: Exchange, name: str) -> Response:
    query = parse_query(exchange.raw_query, for_function=exchange.reads)
    if exchange.reads:
        names = frozenset(key for key, _ in query.arguments)
        body = ""
    else:
        body, names = await _posted_arguments(exchange, query)
    function = exchange.schema.function(name, names, posted=not exchange.reads)
    if not function.returns_composite and (query.select or query.where or query.order):
        raise unsupported("filtering what a function without columns returns")
    page = exchange.page(query)
    if exchange.reads:
        statement = sql.call_with_texts(function, query, page, exchange.shape)
    else:
        statement = sql.call_with_json(function, names, body, query, page, exchange.shape)
    result = await exchange.run(
        statement,
        read_only=exchange.reads or function.read_only,
        settings=dict(function.settings),
    )
    return page_response(exchange.wanted, result, query.offset, void=function.returns_void)


async def _writing(exchange: Exchange, table: Table, query: Query, shape: Shape) -> Statement:
    if exchange.method == "DELETE":
        _require_filter(query, "DELETE")
        return sql.delete(table, query, shape)
    text, value = await read_json(exchange.headers, exchange.receive)
    row, columns = one_row(text, value)
    if query.columns is not None and set(query.columns) != set(columns):
        raise unsupported("'columns' that are not those of the body")
    for column in columns:
        if column not in table.columns:
            raise no_column(table.name, column)
    if exchange.method == "PATCH":
        _require_filter(query, "UPDATE")
        return sql.update(table, columns, row, query, shape)
    if query.where:
        raise unsupported("filters in an insert")
    return sql.insert(table, columns, row, query, shape)


async def _posted_arguments(exchange: Exchange, query: Query) -> tuple[str, frozenset[str]]:
    if query.columns is not None:
        raise unsupported("'columns' in a call")
    text, value = await read_json(exchange.headers, exchange.receive)
    if isinstance(value, list):
        raise unsupported("calling a function for several rows")
    if text and not isinstance(value, dict):
        raise invalid_body()
    return text, frozenset(value or ())


def _require_filter(query: Query, verb: str) -> None:
    """Hosted projects load safeupdate, which says exactly this."""
    if not query.where:
        raise RestError(
            400,
            "21000",
            f"{verb} requires a WHERE clause",
        )
