"""Rules of the house that import-linter has no word for.

A room's `model.py` knows the standard library and nothing else; a room's `routes.py` names the
screens of its own room only; `__init__.py` does nothing; no file grows past what can be read.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 300
_SCREENS = {"young_person", "key_worker", "mentor", "trainer", "coordinator"}


def main(root: Path = ROOT) -> int:
    """Print each broken rule; 1 if there is one."""
    wrong = [line for file in sorted((root / "app").rglob("*.py")) for line in _rules(file, root)]
    print("\n".join(wrong) or "The rooms are in order.")
    return 1 if wrong else 0


def _rules(file: Path, root: Path) -> Iterator[str]:
    name, source = file.relative_to(root), file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    if source.count("\n") > MOST_LINES:
        yield f"{name}: {source.count(chr(10))} lines; is there a better shape?"
    if file.name == "__init__.py" and any(not _is_text(node) for node in tree.body):
        yield f"{name}: an __init__.py holds a docstring at most"
    for imported in _imports(tree):
        first, *rest = imported.split(".")
        known = first in sys.stdlib_module_names or (first == "app" and "model" in rest)
        if file.name == "model.py" and not known:
            yield f"{name}: model.py imports {imported}; models know the standard library only"
        foreign = rest[:1] != [file.parent.name] and rest[1:2] and rest[1] in _SCREENS
        if file.name == "routes.py" and first == "app" and foreign:
            yield f"{name}: routes.py imports {imported}, a screen of another room"


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


if __name__ == "__main__":
    sys.exit(main())
