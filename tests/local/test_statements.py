"""Cutting SQL files into statements, checked against PostgreSQL's own parser."""

from pathlib import Path

import pglast
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.statements import split

SUPABASE = Path(__file__).parents[2] / "supabase"
BOOTSTRAP = Path(__file__).parents[2] / "app" / "local" / "sql"

TRICKY = [
    "select 1",
    "select ';', 'it''s; ', \"odd;name\"",
    "select e'a\\';b', E'c\\\\'",
    "select 'c:\\'",
    "select $$ ; $$, $tag$ $$ ; $other$ ; $tag$",
    "select a$b from (select 1 as a$b) t",
    "select 1 /* ; /* nested; */ still; */ + 2",
    "select 1 -- ; not the end\n + 2",
    "create rule r as on insert to t do also (delete from a; delete from b)",
    "create function f() returns int language sql begin atomic select 1; select 2; end",
    "create function g(a int) returns int language sql\nbegin -- why\n atomic\n"
    " select case when a > 0 then (case a when 1 then 2 end) else 3 end; select 4; end",
    "create function h() returns int language plpgsql as $$ begin return 1; end; $$",
    "do $do$ begin perform 1; end $do$",
    "create table t (begin int, atomic int)",
    "select 'ä; € ' , $ü$;$ü$",
]


@pytest.mark.parametrize("statement", TRICKY)
def test_a_statement_stays_whole(statement: str) -> None:
    found = split(f"{statement};\n\nselect 'next' ; ")

    assert [piece.text for piece in found] == [statement, "select 'next'"]


@given(st.lists(st.sampled_from(TRICKY), max_size=6), st.sampled_from([";", " ;\n", ";;\n\n"]))
def test_any_sequence_comes_back(statements: list[str], end: str) -> None:
    source = "".join(statement + end for statement in statements)

    assert [piece.text for piece in split(source)] == statements


@given(st.text(alphabet="a1$'\";-/*()\\ \nEeé", max_size=60))
def test_no_text_is_lost_or_invented(source: str) -> None:
    pieces = [piece.text for piece in split(source)]

    kept = "".join(pieces).translate(str.maketrans("", "", "; \n"))
    assert kept == source.translate(str.maketrans("", "", "; \n"))


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    found = split("-- a comment\n\nselect 1;\n\n\nselect\n 2;")

    assert [(piece.line, piece.text) for piece in found] == [
        (1, "-- a comment\n\nselect 1"),
        (6, "select\n 2"),
    ]


@pytest.mark.parametrize(
    "source", ["select 'open", 'select "open', "select $$ open ;", "/* open ;"]
)
def test_what_never_closes_is_left_to_postgresql(source: str) -> None:
    assert [piece.text for piece in split(source)] == [source.rstrip("; ")]


@pytest.mark.parametrize(
    "file",
    [*sorted(BOOTSTRAP.glob("*.sql")), *sorted(SUPABASE.rglob("*.sql"))],
    ids=lambda file: file.name,
)
def test_our_own_files_are_cut_as_postgresql_cuts_them(file: Path) -> None:
    source = file.read_text(encoding="utf-8")

    ours = [piece.text for piece in split(source)]
    theirs = pglast.split(source)

    assert len(ours) == len(theirs)
    assert [pglast.fingerprint(text) for text in ours] == [
        pglast.fingerprint(text) for text in theirs
    ]
