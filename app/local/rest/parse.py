"""PostgREST's query-string language, as far as the local Supabase speaks it.

Pure: text in, frozen dataclasses out, and RestError as the only exception. What PostgREST
understands and we do not is told apart (501) from what nobody understands (400).
"""

import re
from typing import Final, cast
from urllib.parse import parse_qsl

from app.local.rest.conditions import OPERATION, filter_parameter, logic_parameter
from app.local.rest.errors import RestError, invalid_range, nul_in_text, parse_error, unsupported
from app.local.rest.query import Condition, Direction, Nulls, Order, Query
from app.local.rest.reader import Reader

LONGEST_QUERY: Final = 65_536
_MOST_PARAMETERS: Final = 500
_ORDER_REST: Final = re.compile(r"(?:\.(asc|desc))?(?:\.nulls(first|last))?")
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_RANGES: Final = ("limit", "offset")


def parse_query(raw: bytes, *, for_function: bool = False) -> Query:
    """The query string of a request. ``for_function``: parameters without an operator are
    arguments, as in ``GET /rpc/name?argument=value``."""
    single: dict[str, str] = {}
    where: list[Condition] = []
    arguments: list[tuple[str, str]] = []
    for name, value in _parameters(raw):
        last = name.rpartition(".")[2]
        if name in ("and", "or", "not.and", "not.or"):
            where.append(logic_parameter(name, value))
        elif name == "on_conflict":
            raise unsupported("upserts", "Write a function that decides what to do.")
        elif name in ("select", "order", "columns", *_RANGES):
            if name in single:
                raise unsupported(f"'{name}' given twice")
            single[name] = value
        elif last in ("and", "or", "order", *_RANGES):
            raise unsupported("embedded tables", "Use a view or a function.")
        elif for_function and not OPERATION.match(value):
            arguments.append((name, value))
        else:
            where.append(filter_parameter(name, value))
    return Query(
        select=_select(single.get("select", "*")),
        where=tuple(where),
        order=_order(single["order"]) if single.get("order") else (),
        limit=_limit(single),
        offset=_number(single, "offset") or 0,
        columns=_columns(single["columns"]) if "columns" in single else None,
        arguments=tuple(arguments),
    )


def _parameters(raw: bytes) -> list[tuple[str, str]]:
    if len(raw) > LONGEST_QUERY:
        raise RestError(414, "PGRST100", "The query string is too long")
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise RestError(
            400, "PGRST100", "The query string is not valid percent-encoded UTF-8"
        ) from error
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise nul_in_text()
    return pairs


def _select(text: str) -> tuple[str, ...]:
    """Nothing for ``*``; otherwise plain column names."""
    if not text.strip():
        return ()
    reader = Reader(text, "select parameter")
    names: list[str] = []
    while True:
        reader.skip_blanks()
        if reader.skip("..."):
            raise unsupported("spreading embedded tables", "Use a view or a function.")
        names.append("*" if reader.skip("*") else reader.name())
        reader.skip_blanks()
        if reader.done:
            break
        _refuse_select_extras(reader)
        reader.expect(",")
    if "*" in names and len(names) > 1:
        raise unsupported("'*' beside other columns", "Name the columns, or only '*'.")
    return () if names == ["*"] else tuple(names)


def _refuse_select_extras(reader: Reader) -> None:
    extras = {
        "(": "embedded tables and aggregates",
        "!": "embedded tables",
        ".": "aggregates",
        ":": "casts and aliases in select",
    }
    if reader.peek() in extras:
        raise unsupported(extras[reader.peek()], "Use a view or a function.")


def _order(text: str) -> tuple[Order, ...]:
    reader = Reader(text, "order")
    terms: list[Order] = []
    while True:
        reader.skip_blanks()
        column = reader.name()
        if reader.peek() == "(":
            raise unsupported("ordering by embedded tables", "Use a view or a function.")
        rest = reader.take(_ORDER_REST)
        direction, nulls = (rest[1], rest[2]) if rest else (None, None)
        terms.append(Order(column, cast(Direction, direction or "asc"), cast(Nulls | None, nulls)))
        reader.skip_blanks()
        if reader.done:
            return tuple(terms)
        if reader.peek() == ".":
            raise reader.problem('expecting "asc", "desc", "nullsfirst" or "nullslast"')
        reader.expect(",")


def _columns(text: str) -> tuple[str, ...]:
    reader = Reader(text, "columns parameter")
    names = [reader.name()]
    while not reader.done:
        reader.skip_blanks()
        reader.expect(",")
        reader.skip_blanks()
        names.append(reader.name())
    return tuple(names)


def _limit(single: dict[str, str]) -> int | None:
    limit = _number(single, "limit")
    if limit is not None and limit < 0:
        raise invalid_range("Limit should be greater than or equal to zero.")
    return limit


def _number(single: dict[str, str], name: str) -> int | None:
    text = single.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise parse_error(name, text, 1, "expecting a whole number")
    return int(text)
