"""The parts SQL statements are made of: quoted names, filters, order, a JSON object as a row.

``target`` is what a column belongs to, such as ``("public", "people")``; ``values`` collects
the parameters in the order in which their placeholders stand in the text.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from psycopg.sql import SQL, Composable, Identifier

from app.local.rest.query import Condition, Filter, Order

_OPERATORS: Final = {
    "eq": SQL("= %s"),
    "neq": SQL("<> %s"),
    "gt": SQL("> %s"),
    "gte": SQL(">= %s"),
    "lt": SQL("< %s"),
    "lte": SQL("<= %s"),
    "like": SQL("like %s"),
    "ilike": SQL("ilike %s"),
    # Not "in (…)": the number of values would change the statement, and none is no syntax.
    "in": SQL("= any (%s)"),
}
_IS: Final = {
    "null": SQL("is null"),
    "not_null": SQL("is not null"),
    "true": SQL("is true"),
    "false": SQL("is false"),
    "unknown": SQL("is unknown"),
}


def column_list(target: tuple[str, ...], names: Sequence[str]) -> Composable:
    """These columns, or all without names."""
    if not names:
        return SQL("{}.*").format(quoted(*target))
    return comma(quoted(*target, column) for column in names)


def where_clause(
    target: tuple[str, ...], conditions: Iterable[Condition], values: list[str]
) -> Composable:
    parts = [_condition(target, condition, values) for condition in conditions]
    return SQL(" where {}").format(SQL(" and ").join(parts)) if parts else SQL("")


def _condition(target: tuple[str, ...], condition: Condition, values: list[str]) -> Composable:
    if isinstance(condition, Filter):
        tested = SQL("{} {}").format(
            quoted(*target, condition.column), _comparison(condition, values)
        )
    else:
        parts = [_condition(target, part, values) for part in condition.parts]
        tested = SQL(" and " if condition.operator == "and" else " or ").join(parts)
    return SQL("not ({})" if condition.negated else "({})").format(tested)


def _comparison(condition: Filter, values: list[str]) -> Composable:
    value = condition.value
    if condition.operator == "is":
        return _IS[str(value)]
    if isinstance(value, tuple):
        values.append(_array_literal(value))
    else:
        # An asterisk saves clients from percent-encoding a percent sign.
        patterned = condition.operator in ("like", "ilike")
        values.append(value.replace("*", "%") if patterned else value)
    return _OPERATORS[condition.operator]


def order_clause(target: tuple[str, ...], terms: Sequence[Order]) -> Composable:
    if not terms:
        return SQL("")
    return SQL(" order by {}").format(comma(_order_term(target, term) for term in terms))


def _order_term(target: tuple[str, ...], term: Order) -> Composable:
    direction = SQL(" desc" if term.direction == "desc" else " asc")
    nulls = SQL(f" nulls {term.nulls}" if term.nulls else "")
    return quoted(*target, term.column) + direction + nulls


def json_record(columns: Iterable[tuple[str, str]]) -> Composable:
    """The JSON object of the request as one typed row called pgrst_body."""
    typed = comma(
        SQL("{} {}").format(quoted(column), type_name(type_)) for column, type_ in columns
    )
    return SQL("json_to_record(%s::json) as pgrst_body ({})").format(typed)


def _array_literal(values: Iterable[str]) -> str:
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in escaped) + "}"


def comma(parts: Iterable[Composable]) -> Composable:
    return SQL(", ").join(parts)


def quoted(*parts: str) -> Composable:
    """A quoted name; psycopg would take a percent sign in it for a placeholder."""
    return Identifier(*(part.replace("%", "%%") for part in parts))


def type_name(name: str) -> Composable:
    """A type as the catalogue spells it, quoted where it must be."""
    return SQL(name.replace("%", "%%"))
