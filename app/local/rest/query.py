"""What a query string asks for, as plain values."""

from dataclasses import dataclass
from typing import Literal

Operator = Literal["eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "is", "in"]
Direction = Literal["asc", "desc"]
Nulls = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Filter:
    """``column operator value``. The value is text for every operator but ``in`` (a tuple);
    for ``is`` it is null, not_null, true, false or unknown."""

    column: str
    operator: Operator
    value: str | tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Logic:
    operator: Literal["and", "or"]
    parts: tuple["Condition", ...]
    negated: bool = False


Condition = Filter | Logic


@dataclass(frozen=True, slots=True)
class Order:
    column: str
    direction: Direction = "asc"
    nulls: Nulls | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query string. ``select`` without columns means all; ``columns`` are those a
    write names; ``arguments`` are a function's, when it is called by GET."""

    select: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    columns: tuple[str, ...] | None = None
    arguments: tuple[tuple[str, str], ...] = ()
