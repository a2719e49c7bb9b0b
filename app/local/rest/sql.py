"""From a parsed request to one SQL statement, in the shape of PostgREST's QueryBuilder.hs.

Names are quoted identifiers and values are parameters, which psycopg sends as *unknown
literals*: Postgres finds their type from the column they are compared with.

Every statement returns one row: total (or null), rows on this page, body (JSON text or null),
and what a function left in ``response.headers`` and ``response.status``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from psycopg.sql import SQL, Composable

from app.local.rest.catalogue import Function, Table
from app.local.rest.clauses import (
    column_list,
    comma,
    json_record,
    order_clause,
    quoted,
    type_name,
    where_clause,
)
from app.local.rest.query import Query

Shape = Literal["array", "object", "none"]


@dataclass(frozen=True, slots=True)
class Statement:
    text: bytes
    values: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a result are wanted and whether all are to be counted.

    ``limit`` is already the smaller of the client's and the project's.
    """

    limit: int | None
    offset: int
    counted: bool


_ROWS_AS: Final = {
    "array": SQL("coalesce(json_agg(_t), '[]')::text"),
    "object": SQL("coalesce(json_agg(_t)->0, 'null')::text"),
    "none": SQL("null::text"),
}
_SCALARS: Final = SQL("coalesce(json_agg(_t.pgrst_scalar), '[]')::text")
_SCALAR: Final = SQL("coalesce(json_agg(_t.pgrst_scalar)->0, 'null')::text")
_MAIN: Final = SQL(
    "with pgrst_source as ({source}){counting} select {total}, {rows}, {body},"
    " nullif(current_setting('response.headers', true), ''),"
    " nullif(current_setting('response.status', true), '')"
    " from ({page}) _t"
)
_WHOLE: Final = SQL("select * from pgrst_source")
_ROW_COUNT: Final = SQL("count(*)")
_NOT_COUNTED: Final = (SQL(""), SQL("null::bigint"))


def read(table: Table, query: Query, page: Page, shape: Shape) -> Statement:
    values: list[str] = []
    target = ("public", table.name)
    source = _select(target, query, page, values)
    counting, total = _count(target, query, page, values)
    return _main(source, counting, total, _ROW_COUNT, _ROWS_AS[shape], _WHOLE, values)


def insert(
    table: Table, columns: Sequence[str], body: str, query: Query, shape: Shape
) -> Statement:
    """``body`` is a JSON object with exactly these columns; without any, all defaults."""
    returning = _returning(table, query, shape)
    target = quoted("public", table.name)
    if not columns:
        source = SQL("insert into {} default values {}").format(target, returning)
        return _mutation(source, shape, [])
    source = SQL("insert into {} ({}) select {} from {} {}").format(
        target,
        comma(quoted(column) for column in columns),
        comma(quoted("pgrst_body", column) for column in columns),
        json_record([(column, table.columns[column]) for column in columns]),
        returning,
    )
    return _mutation(source, shape, [body])


def update(
    table: Table, columns: Sequence[str], body: str, query: Query, shape: Shape
) -> Statement:
    """Nothing to set changes nothing and finds no row, as in PostgREST."""
    target = ("public", table.name)
    if not columns:
        return _mutation(
            SQL("select {} from {} where false").format(
                column_list(target, query.select), quoted(*target)
            ),
            shape,
            [],
        )
    values = [body]
    source = SQL("update {} set {} from {}{} {}").format(
        quoted(*target),
        comma(
            SQL("{} = {}").format(quoted(column), quoted("pgrst_body", column))
            for column in columns
        ),
        json_record([(column, table.columns[column]) for column in columns]),
        where_clause(target, query.where, values),
        _returning(table, query, shape),
    )
    return _mutation(source, shape, values)


def delete(table: Table, query: Query, shape: Shape) -> Statement:
    values: list[str] = []
    target = ("public", table.name)
    where = where_clause(target, query.where, values)
    source = SQL("delete from {}{} {}").format(
        quoted(*target), where, _returning(table, query, shape)
    )
    return _mutation(source, shape, values)


def call_with_json(
    function: Function, names: frozenset[str], body: str, query: Query, page: Page, shape: Shape
) -> Statement:
    """A call by POST: Postgres takes the arguments out of the JSON object and casts them."""
    arguments = [body] if names else []
    if query.select or query.where or query.order:
        return _call(function, _json_call(function, names), arguments, query, page, shape)
    text, values = _plain_call(function, names, page, shape)
    return Statement(text, arguments + values)


def call_with_texts(function: Function, query: Query, page: Page, shape: Shape) -> Statement:
    """A call by GET: each argument is a literal of the declared type."""
    types = {argument.name: argument.type for argument in function.arguments}
    given = dict(query.arguments)
    listed = comma(SQL("{} := %s::{}").format(quoted(key), type_name(types[key])) for key in given)
    source = _from_call(function, SQL(""), listed)
    return _call(function, source, list(given.values()), query, page, shape)


@lru_cache(maxsize=256)
def _plain_call(
    function: Function, names: frozenset[str], page: Page, shape: Shape
) -> tuple[bytes, list[str]]:
    """Text and further values; composing it anew would be a third of a call's work here."""
    statement = _call(function, _json_call(function, names), [], Query(), page, shape)
    return statement.text, statement.values


def _json_call(function: Function, names: frozenset[str]) -> Composable:
    given = [argument for argument in function.arguments if argument.name in names]
    if not given:
        return _from_call(function, SQL(""), SQL(""))
    record = json_record([(argument.name, argument.type) for argument in given])
    listed = comma(
        SQL("{} := {}").format(quoted(argument.name), quoted("pgrst_body", argument.name))
        for argument in given
    )
    return _from_call(function, SQL("{}, lateral ").format(record), listed)


def _from_call(function: Function, before: Composable, arguments: Composable) -> Composable:
    target = quoted("public", function.name)
    if function.returns_composite:
        return SQL("select pgrst_call.* from {}{}({}) pgrst_call").format(before, target, arguments)
    return SQL(
        "select pgrst_call.pgrst_scalar from {}(select {}({}) pgrst_scalar) pgrst_call"
    ).format(before, target, arguments)


def _call(
    function: Function,
    source: Composable,
    values: list[str],
    query: Query,
    page: Page,
    shape: Shape,
) -> Statement:
    target = ("pgrst_source",)
    # The count's filters stand before the page's in the text, so they come first here too.
    counting, total = _count(target, query, page, values)
    rows = _select(target, query, page, values)
    if function.returns_composite:
        body = _ROWS_AS["object" if shape == "array" and not function.returns_set else shape]
    elif shape == "none" or (function.returns_set and shape == "object"):
        body = _ROWS_AS[shape]
    else:
        body = _SCALARS if function.returns_set else _SCALAR
    count = _ROW_COUNT if function.returns_set else SQL("1")
    return _main(source, counting, total, count, body, rows, values)


def _mutation(source: Composable, shape: Shape, values: list[str]) -> Statement:
    counting, total = _NOT_COUNTED
    return _main(source, counting, total, _ROW_COUNT, _ROWS_AS[shape], _WHOLE, values)


def _main(
    source: Composable,
    counting: Composable,
    total: Composable,
    rows: Composable,
    body: Composable,
    page: Composable,
    values: list[str],
) -> Statement:
    text = _MAIN.format(
        source=source, counting=counting, total=total, rows=rows, body=body, page=page
    )
    return Statement(text.as_bytes(None), values)


def _select(target: tuple[str, ...], query: Query, page: Page, values: list[str]) -> Composable:
    where = where_clause(target, query.where, values)
    order = order_clause(target, query.order)
    bounds: Composable = SQL("")
    if page.limit is not None:
        bounds = SQL(" limit %s")
        values.append(str(page.limit))
    if page.offset:
        bounds = bounds + SQL(" offset %s")
        values.append(str(page.offset))
    return SQL("select {} from {}{}{}{}").format(
        column_list(target, query.select), quoted(*target), where, order, bounds
    )


def _count(
    target: tuple[str, ...], query: Query, page: Page, values: list[str]
) -> tuple[Composable, Composable]:
    if not page.counted:
        return _NOT_COUNTED
    counting = SQL(", pgrst_counted as (select 1 from {}{})").format(
        quoted(*target), where_clause(target, query.where, values)
    )
    return counting, SQL("(select count(*) from pgrst_counted)")


def _returning(table: Table, query: Query, shape: Shape) -> Composable:
    """``returning 1`` needs no right to read what was written."""
    if shape == "none":
        return SQL("returning 1")
    return SQL("returning {}").format(column_list(("public", table.name), query.select))
