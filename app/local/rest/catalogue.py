"""What schema public holds: tables with their columns, functions with their arguments.

Rights are not looked at: Postgres refuses what a role may not do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from psycopg import AsyncConnection

Volatility = Literal["i", "s", "v"]

_TABLES = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and not c.relispartition and a.attnum > 0 and not a.attisdropped
order by c.relname, a.attnum
"""

# After PostgREST's SchemaCache.hs. A bare "character" or "bit" would cut the value to one.
_FUNCTIONS = """
select p.proname, p.provolatile, p.proretset, p.provariadic <> 0, p.prorettype = 'void'::regtype,
  (t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false)) as composite,
  coalesce((
    select jsonb_agg(jsonb_build_array(coalesce(a.name, ''), case a.type
      when 'bit'::regtype then 'bit varying' when 'bit[]'::regtype then 'bit varying[]'
      when 'character'::regtype then 'character varying'
      when 'character[]'::regtype then 'character varying[]' else a.type::regtype::text end,
      a.place <= p.pronargs - p.pronargdefaults) order by a.place)
    from unnest(p.proargnames, p.proargtypes) with ordinality as a (name, type, place)
    where a.type is not null), '[]') as arguments,
  coalesce((
    select jsonb_agg(jsonb_build_array(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)))
    from unnest(p.proconfig) s
    where s ~ '^(statement_timeout|plan_filter.statement_cost_limit)='), '[]') as settings
from pg_catalog.pg_proc p
  join pg_catalog.pg_type rt on rt.oid = p.prorettype
  join pg_catalog.pg_type t on t.oid = case rt.typtype when 'd' then rt.typbasetype else rt.oid end
where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
  and p.prorettype <> 'trigger'::regtype
order by p.proname, p.pronargs, p.oid
"""


@dataclass(frozen=True, slots=True)
class Table:
    """``columns``: name → SQL type."""

    name: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class Function:
    """``settings`` are those of its own that must already hold when the statement starts."""

    name: str
    arguments: tuple[Argument, ...]
    volatility: Volatility
    returns_set: bool
    returns_void: bool
    returns_composite: bool
    variadic: bool
    settings: tuple[tuple[str, str], ...]

    @property
    def read_only(self) -> bool:
        """PostgREST runs it in a read-only transaction, also when it is called by POST."""
        return self.volatility != "v"

    def takes(self, names: frozenset[str]) -> bool:
        """Whether a call with exactly these named arguments is complete."""
        known = {argument.name for argument in self.arguments}
        required = {argument.name for argument in self.arguments if argument.required}
        return required <= names <= known


@dataclass(frozen=True, slots=True)
class Catalogue:
    tables: Mapping[str, Table]
    functions: Mapping[str, tuple[Function, ...]]


async def read_catalogue(connection: AsyncConnection) -> Catalogue:
    """Any role may read this; raises psycopg.Error."""
    async with connection.transaction():
        # With nothing on the path, types outside pg_catalog come with their schema's name.
        await connection.execute("set local search_path = ''")
        columns = await (await connection.execute(_TABLES)).fetchall()
        functions = await (await connection.execute(_FUNCTIONS)).fetchall()
    tables: dict[str, Table] = {}
    for table, column, type_ in columns:
        tables.setdefault(table, Table(table, {})).columns[column] = type_
    by_name: dict[str, tuple[Function, ...]] = {}
    for row in functions:
        by_name[row[0]] = (*by_name.get(row[0], ()), _function(row))
    return Catalogue(tables, by_name)


def _function(row: tuple[Any, ...]) -> Function:
    name, volatility, returns_set, variadic, void, composite, arguments, settings = row
    return Function(
        name=name,
        arguments=tuple(Argument(*argument) for argument in arguments),
        volatility=volatility,
        returns_set=returns_set,
        returns_void=void,
        returns_composite=composite,
        variadic=variadic,
        settings=tuple((key, value) for key, value in settings),
    )
