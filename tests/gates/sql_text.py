"""What is wrong in the text of a migration, whatever database it goes to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pglast import ast, parse_plpgsql, parse_sql
from pglast.enums import ConstrType
from pglast.parser import ParseError

from app.local.statements import split

# Functions that PostgreSQL 18 has and 17, the major version of hosted projects, has not.
ONLY_18 = frozenset(
    {"array_reverse", "array_sort", "casefold", "crc32", "crc32c", "gamma", "lgamma"}
    | {"pg_get_acl", "uuidv4", "uuidv7"}
)
# The parser of PL/pgSQL works without a catalogue: it knows no row types of ours and no VARIADIC.
UNKNOWN_TYPE = re.compile(
    r"\b((?:[vp]_\w+|out \w+|returns)\s+)(?:public|private)\.\w+(?=\s*(?:;|:=|language|,|\)))"
)
VARIADIC = re.compile(r"\bvariadic (?=p_\w+ \w+\[\])")
FIRST = re.compile(r"set lock_timeout = '[1-9][0-9]?s'")


@dataclass(frozen=True)
class Finding:
    """`where` names a file and line or an object, `what` says what to do about it."""

    where: str
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.what}"


def check_folder(folder: Path) -> list[Finding]:
    """Findings in every migration of the folder; an empty folder is one, too."""
    files = sorted(folder.glob("*.sql"))
    if not files:
        return [Finding(str(folder), "no_migrations", "there is nothing to check here")]
    return [finding for file in files for finding in check_file(file.name, file.read_text())]


def check_file(name: str, source: str) -> list[Finding]:
    statements = split(source)
    found = []
    bare = re.sub(r"^\s*--.*$", "", statements[0].text, flags=re.MULTILINE).strip()
    if not FIRST.fullmatch(bare):
        found.append(
            Finding(
                name,
                "no_lock_timeout",
                "begin with `set lock_timeout = '5s';`, else a waiting migration stops everybody",
            )
        )
    for statement in statements:
        where = f"{name}:{statement.line}"
        found += [Finding(where, rule, what) for rule, what in _check_statement(statement.text)]
    return found


def _check_statement(text: str) -> Iterator[tuple[str, str]]:
    try:
        (raw,) = parse_sql(text)
        yield from _check_tree(raw.stmt)
        for body in _bodies(raw.stmt, text):
            yield from _check_tree(body)
    except ParseError as error:
        yield "not_understood", f"{error}; what cannot be read cannot be checked"
    except DynamicSqlError:
        yield "dynamic_sql", "write the statement out; built text can be checked by nobody"


class DynamicSqlError(Exception):
    """A function builds statements as text."""


def _bodies(statement: Any, text: str) -> Iterator[Any]:
    """The statements inside a function or DO block."""
    if isinstance(statement, ast.CreateFunctionStmt):
        options = {option.defname: option.arg for option in statement.options or ()}
        language = options["language"].sval if "language" in options else "sql"
    elif isinstance(statement, ast.DoStmt):
        language, options = "plpgsql", {}
    else:
        return
    if language == "plpgsql":
        plain = VARIADIC.sub("", UNKNOWN_TYPE.sub(r"\1record", text))
        for query in _queries(parse_plpgsql(plain)):
            yield from (raw.stmt for raw in _parse_expression(query))
    elif "as" in options:
        yield from (raw.stmt for raw in parse_sql(options["as"][0].sval))


def _queries(tree: Any) -> Iterator[str]:
    """Every SQL text of a parsed PL/pgSQL function."""
    if isinstance(tree, list):
        for item in tree:
            yield from _queries(item)
    elif isinstance(tree, dict):
        if tree.keys() & {"PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"}:
            raise DynamicSqlError
        if "PLpgSQL_expr" in tree:
            yield tree["PLpgSQL_expr"]["query"]
        for key, item in tree.items():
            if key != "PLpgSQL_expr":
                yield from _queries(item)


def _parse_expression(query: str) -> Any:
    """A whole statement, an expression, or an assignment (`name := expression`)."""
    for attempt in (query, f"select {query}", f"select {query.partition(':=')[2]}"):
        try:
            return parse_sql(attempt)
        except ParseError as error:
            last = error
    raise last


def _check_tree(tree: Any) -> Iterator[tuple[str, str]]:
    for node in _walk(tree):
        yield from _check_node(node)


def _walk(node: Any) -> Iterator[ast.Node]:
    if isinstance(node, ast.Node):
        yield node
        for name in node:
            yield from _walk(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _walk(item)


def _check_node(node: ast.Node) -> Iterator[tuple[str, str]]:
    match node:
        case ast.UpdateStmt(whereClause=None) | ast.DeleteStmt(whereClause=None):
            yield (
                "no_where",
                "add WHERE: hosted projects refuse to do without (safeupdate), also in functions",
            )
        case ast.IndexStmt(concurrent=True):
            yield "concurrently", "a migration is one transaction; make the index without it"
        case ast.TransactionStmt():
            yield "transaction", "a migration is one transaction; leave begin and commit out"
        case ast.FuncCall(funcname=[*_, ast.String(sval=name)]) if name in ONLY_18:
            yield "only_18", f"{name} does not exist on hosted PostgreSQL 17"
        case ast.Constraint() if what := _only_18_constraint(node):
            yield "only_18", f"{what} does not exist on hosted PostgreSQL 17"
        case ast.ReturningClause() if node.options or _returns_old_or_new(node):
            yield "only_18", "RETURNING old or new does not exist on hosted PostgreSQL 17"


def _only_18_constraint(node: ast.Constraint) -> str | None:
    if node.contype == ConstrType.CONSTR_GENERATED and node.generated_kind != "s":
        return "a generated column without STORED"
    if node.without_overlaps or node.fk_with_period:
        return "WITHOUT OVERLAPS or PERIOD"
    checked = (ConstrType.CONSTR_CHECK, ConstrType.CONSTR_FOREIGN)
    if node.contype == ConstrType.CONSTR_ATTR_NOT_ENFORCED or (
        node.contype in checked and not node.is_enforced
    ):
        return "NOT ENFORCED"
    if node.contype == ConstrType.CONSTR_NOTNULL and node.skip_validation:
        return "a NOT NULL that is NOT VALID"
    return None


def _returns_old_or_new(clause: ast.ReturningClause) -> bool:
    return any(
        isinstance(node, ast.ColumnRef) and _first_of_many(node) in ("old", "new")
        for node in _walk(clause.exprs)
    )


def _first_of_many(column: ast.ColumnRef) -> str | None:
    match column.fields:
        case [ast.String(sval=first), _, *_]:
            return first
    return None
