"""PostgREST's query-string language, as far as the local Supabase speaks it.

Pure: text in, frozen dataclasses out, and RestError as the only exception. What PostgREST
understands and we do not is told apart (501) from what nobody understands (400).
"""

import re
from typing import Final, Literal, cast
from urllib.parse import parse_qsl

from app.local.rest.errors import RestError, invalid_range, nul_in_text, parse_error, unsupported
from app.local.rest.query import Condition, Direction, Filter, Logic, Nulls, Operator, Order, Query
from app.local.rest.reader import Reader

LONGEST_QUERY: Final = 65_536
_MOST_PARAMETERS: Final = 500
_DEEPEST_LOGIC: Final = 32
_SUPPORTED: Final = frozenset(("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "is", "in"))
_EXPECTED_OPERATOR: Final = 'expecting "not" or operator (eq, gt, ...)'
# Every operator PostgREST knows, with its (any), (all) or (language) part.
_OPERATION: Final = re.compile(
    r"(?P<not>not\.)?(?P<name>eq|neq|gte|gt|lte|lt|like|ilike|match|imatch|in|isdistinct|is"
    r"|fts|plfts|phfts|wfts|cs|cd|ov|sl|sr|nxr|nxl|adj)(?P<variant>\([\w $]*\))?\."
)
_IS: Final = re.compile(r"null|not_null|true|false|unknown", re.IGNORECASE)
_BARE: Final = re.compile(r"[^,)]*")
_ARRAY: Final = re.compile(r"\{[^{}]*\}")
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
            where.append(_logic_parameter(name, value))
        elif name == "on_conflict":
            raise unsupported("upserts", "Write a function that decides what to do.")
        elif name in ("select", "order", "columns", *_RANGES):
            if name in single:
                raise unsupported(f"'{name}' given twice")
            single[name] = value
        elif last in ("and", "or", "order", *_RANGES):
            raise unsupported("embedded tables", "Use a view or a function.")
        elif for_function and not _OPERATION.match(value):
            arguments.append((name, value))
        else:
            where.append(_filter_parameter(name, value))
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


def _filter_parameter(name: str, value: str) -> Filter:
    reader = Reader(name, "tree path")
    column = reader.name()
    if reader.peek() == ".":
        raise unsupported("filters on embedded tables", "Use a view or a function.")
    if not reader.done:
        raise reader.problem('expecting "->", delimiter (.) or end of input')
    reader = Reader(value, "filter")
    negated, operator = _operation(reader)
    if operator == "in":
        operand: str | tuple[str, ...] = _list(reader)
    elif operator == "is":
        operand = _is_word(reader)
    else:
        operand, reader.at = value[reader.at :], len(value)
    reader.expect_end()
    return Filter(column, operator, operand, negated)


def _operation(reader: Reader) -> tuple[bool, Operator]:
    found = reader.take(_OPERATION)
    if not found:
        raise reader.problem(_EXPECTED_OPERATOR)
    if found["name"] not in _SUPPORTED or found["variant"]:
        raise unsupported(f"the operator '{found['name']}{found['variant'] or ''}'")
    return found["not"] is not None, cast(Operator, found["name"])


def _is_word(reader: Reader) -> str:
    found = reader.take(_IS)
    if not found:
        raise reader.problem("expecting isVal: (null, not_null, true, false, unknown)")
    return found[0].lower()


def _list(reader: Reader) -> tuple[str, ...]:
    reader.skip_blanks()
    reader.expect("(")
    values = [_element(reader)]
    while reader.skip(","):
        values.append(_element(reader))
    reader.expect(")")
    reader.skip_blanks()
    # PostgREST reads the empty list as one empty element and means no element by it.
    return () if values == [""] else tuple(values)


def _element(reader: Reader) -> str:
    """A quoted value if a comma or bracket follows it, else everything up to one."""
    start = reader.at
    quoted = reader.quoted()
    if quoted is not None and reader.peek() in ("", ",", ")"):
        return quoted
    reader.at = start
    bare = reader.take(_BARE)
    return bare[0] if bare else ""


def _logic_parameter(name: str, value: str) -> Logic:
    reader = Reader(value, "logic tree")
    logic = _group(
        reader, cast(Literal["and", "or"], name.rpartition(".")[2]), name.startswith("not."), 0
    )
    reader.expect_end()
    return logic


def _group(reader: Reader, operator: Literal["and", "or"], negated: bool, depth: int) -> Logic:
    if depth > _DEEPEST_LOGIC:
        raise reader.problem(f"expecting at most {_DEEPEST_LOGIC} nested groups")
    reader.skip_blanks()
    reader.expect("(")
    parts = [_condition(reader, depth)]
    reader.skip_blanks()
    while reader.skip(","):
        parts.append(_condition(reader, depth))
        reader.skip_blanks()
    reader.expect(")")
    reader.skip_blanks()
    return Logic(operator, tuple(parts), negated)


_GROUP_START: Final = re.compile(r"(not\.)?(and|or)(?=[ \t]*\()")


def _condition(reader: Reader, depth: int) -> Condition:
    reader.skip_blanks()
    group = reader.take(_GROUP_START)
    if group:
        return _group(reader, cast(Literal["and", "or"], group[2]), bool(group[1]), depth + 1)
    column = reader.name()
    reader.expect(".")
    negated, operator = _operation(reader)
    if operator == "in":
        return Filter(column, operator, _list(reader), negated)
    if operator == "is":
        return Filter(column, operator, _is_word(reader), negated)
    return Filter(column, operator, _logic_value(reader), negated)


def _logic_value(reader: Reader) -> str:
    start = reader.at
    array = reader.take(_ARRAY)
    if array and reader.peek() in ("", ",", ")"):
        return array[0]
    reader.at = start
    return _element(reader)


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
