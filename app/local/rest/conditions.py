"""The filters of a query string: one for each column, or grouped by ``and`` and ``or``."""

import re
from typing import Final, Literal, cast

from app.local.rest.errors import unsupported
from app.local.rest.query import Condition, Filter, Logic, Operator
from app.local.rest.reader import Reader

_DEEPEST_LOGIC: Final = 32
_SUPPORTED: Final = frozenset(("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "is", "in"))
_EXPECTED_OPERATOR: Final = 'expecting "not" or operator (eq, gt, ...)'
_IS: Final = re.compile(r"null|not_null|true|false|unknown", re.IGNORECASE)
_BARE: Final = re.compile(r"[^,)]*")
_ARRAY: Final = re.compile(r"\{[^{}]*\}")
# Every operator PostgREST knows, with its (any), (all) or (language) part.
OPERATION: Final = re.compile(
    r"(?P<not>not\.)?(?P<name>eq|neq|gte|gt|lte|lt|like|ilike|match|imatch|in|isdistinct|is"
    r"|fts|plfts|phfts|wfts|cs|cd|ov|sl|sr|nxr|nxl|adj)(?P<variant>\([\w $]*\))?\."
)
_GROUP_START: Final = re.compile(r"(not\.)?(and|or)(?=[ \t]*\()")


def filter_parameter(name: str, value: str) -> Filter:
    """``column=operator.operand``; raises RestError."""
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
    found = reader.take(OPERATION)
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


def logic_parameter(name: str, value: str) -> Logic:
    """``and=(…)``, ``not.or=(…)`` with all that is nested in it; raises RestError."""
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
