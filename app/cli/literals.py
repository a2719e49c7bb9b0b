"""Finds text on a screen that nobody can translate: literals outside `t()`.

Python: a string with words given to a control or component (a call whose name is in PascalCase)
in a file that draws. Templates: words between tags, or in an attribute that people read or hear.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Keywords whose strings are names for the machine, never read by a person.
_NEUTRAL = {
    "key", "route", "path", "icon", "color", "bgcolor", "font_family", "identifier", "url", "src",
    "code", "kind", "name", "role", "roles", "live", "language", "locale", "data", "id", "weight",
    "autofill_hints", "keyboard_type", "input_filter", "languages", "country_code",
}  # fmt: skip
_NO_CONTROLS = ("Error", "Settings", "Spec", "Var")
_NAMES_NOBODY_TRANSLATES = re.compile(r"\bHandrail\b")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]")
_STARTS = re.compile(r"[^\W\d_]{2,}")
_READ_ATTRIBUTES = re.compile(
    r"\b(?:title|alt|placeholder|aria-label|aria-description)\s*=\s*\"([^\"]*)\""
)


def literals(folder: Path) -> Iterator[str]:
    """One line for each literal in the Python files that draw and in the HTML templates."""
    for file in sorted(folder.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if re.search(r"^(import flet|from flet|from app\.design\.)", source, re.M):
            for line, text in _in_python(source):
                yield f"{file.relative_to(folder.parent)}:{line}: “{text}” stands outside t()"
    for file in sorted(folder.rglob("templates/**/*.html")):
        for line, text in _in_template(file.read_text(encoding="utf-8")):
            yield f"{file.relative_to(folder.parent)}:{line}: “{text}” stands outside t()"


def _in_python(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not _draws(node.func):
            continue
        given = [*node.args, *(k.value for k in node.keywords if k.arg not in _NEUTRAL)]
        for value in given:
            for text in _strings(value):
                if _is_words(text):
                    yield value.lineno, text[:60]


def _is_words(text: str) -> bool:
    """Two words, or one that begins as a sentence does (a script without capitals counts)."""
    start = _STARTS.match(text.strip())
    return bool(_TWO_WORDS.search(text) or (start and not start[0][0].islower()))


def _draws(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(re.fullmatch(r"[A-Z][a-z]\w*", name)) and not name.endswith(_NO_CONTROLS)


def _strings(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(
            part.value
            for part in value.values
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
    elif isinstance(value, ast.IfExp):
        yield from _strings(value.body)
        yield from _strings(value.orelse)
    elif isinstance(value, ast.BoolOp | ast.List | ast.Tuple):
        for part in value.values if isinstance(value, ast.BoolOp) else value.elts:
            yield from _strings(part)


def _in_template(source: str) -> Iterator[tuple[int, str]]:
    # The extractor finds `t(…)` in a template and nothing of `t.n(…)`: it would stay English.
    for number, line in enumerate(source.splitlines(), 1):
        if unseen := re.search(r"\bt\.n\([^)]*", line):
            yield number, unseen[0][:60]
    quiet = _NAMES_NOBODY_TRANSLATES.sub("", source)
    for pattern in (r"<(style|script)\b.*?</\1>", r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}"):
        quiet = re.sub(pattern, lambda found: "\n" * found[0].count("\n"), quiet, flags=re.S)
    for number, line in enumerate(quiet.splitlines(), 1):
        for text in _READ_ATTRIBUTES.findall(line):
            if re.search(r"[^\W\d_]{2,}", text):
                yield number, text
    between = re.sub(r"<[^>]*>", lambda found: "\n" * found[0].count("\n"), quiet, flags=re.S)
    for number, line in enumerate(between.splitlines(), 1):
        if re.search(r"[^\W\d_]{2,}", line):
            yield number, line.strip()[:60]
