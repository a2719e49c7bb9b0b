"""Each rule of the rooms gate, seen red on a bad example."""

from pathlib import Path

import pytest

from tests.gates import rooms


def run(root: Path, name: str, text: str) -> int:
    file = root / "app" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return rooms.main(root)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan/model.py", "import httpx\n"),
        ("plan/model.py", "from app.core.db import Db\n"),
        ("plan/routes.py", "from app.people.young_person import Me\n"),
        ("plan/__init__.py", "from app.plan.model import Plan\n"),
        ("plan/actions.py", "x = 1\n" * 301),
    ],
)
def test_a_broken_rule_is_told(tmp_path: Path, name: str, text: str) -> None:
    assert run(tmp_path, name, text) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan/model.py", "import dataclasses\nfrom app.people.model import Person\n"),
        ("plan/routes.py", "from app.plan.young_person import Plan\n"),
        ("plan/__init__.py", '"""The plan."""\n'),
    ],
)
def test_good_rooms_pass(tmp_path: Path, name: str, text: str) -> None:
    assert run(tmp_path, name, text) == 0
