"""Cuts an SQL file into its statements, as the Supabase CLI records them."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      --[^\n]*
    | (?P<comment> /\* )
    | (?<![\w$]) [eE] ' (?: [^'\\] | \\. | '' )* '?
    | ' [^']* '?
    | " [^"]* "?
    | (?<![\w$]) \$ (?P<tag> [^\W\d]\w* )? \$
    | (?P<word> [^\W\d][\w$]* )
    | (?P<mark> [;()] )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    """One statement without its semicolon; `line` is where its text begins in the file."""

    text: str
    line: int


def split(source: str) -> list[Statement]:
    """The statements of a file in order; comments stay with the statement that follows.

    Knows strings, quoted names, dollar quotes, nested comments, brackets and the bodies of
    `begin atomic ... end`. Text that never closes becomes part of the last statement, for
    PostgreSQL to complain about. Strings are read with standard_conforming_strings on.
    """
    found: list[Statement] = []
    start = 0
    for end in [*_ends(source), len(source)]:
        piece = source[start:end].rstrip(";").strip()
        if piece:
            begin = source.index(piece, start)
            found.append(Statement(piece, source.count("\n", 0, begin) + 1))
        start = end
    return found


def _ends(source: str) -> list[int]:
    """The offsets behind each semicolon that ends a statement."""
    ends: list[int] = []
    position = brackets = 0
    nesting: list[str] = []
    previous = ""
    while token := _TOKEN.search(source, position):
        position = token.end()
        word = (token["word"] or "").lower()
        if token["comment"]:
            position = _after_comment(source, token.start())
        elif token["tag"] is not None or token[0] == "$$":
            closing = source.find(token[0], position)
            position = len(source) if closing < 0 else closing + len(token[0])
        elif token["mark"] == ";" and brackets <= 0 and not nesting:
            ends.append(position)
            brackets = 0
        elif token["mark"]:
            brackets += {"(": 1, ")": -1}.get(token["mark"], 0)
        elif (previous, word) == ("begin", "atomic") or (nesting and word == "case"):
            nesting.append(word)
        elif nesting and word == "end":
            nesting.pop()
        previous = word or ("" if not token[0].startswith(("--", "/*")) else previous)
    return ends


def _after_comment(source: str, start: int) -> int:
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(source, start):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(source)
