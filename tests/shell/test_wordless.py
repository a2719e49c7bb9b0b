"""What Flet's client says by itself, and what is left of it."""

import pytest

from app.shell.engine import CLIENTS, Engine, installed_web
from app.shell.wordless import wordless


@pytest.mark.parametrize("name", CLIENTS)
def test_client_still_says_something_in_english_and_ours_does_not(name: str) -> None:
    theirs = (installed_web() / name).read_bytes()
    assert theirs.count(b"Working...") == 1
    ours = wordless(theirs)
    assert b"Working..." not in ours
    assert len(ours) == len(theirs)


@pytest.mark.parametrize("name", CLIENTS)
def test_engine_serves_the_client_without_it(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = Engine(installed_web(), tmp_path_factory.mktemp("assets"))
    content = engine.files[name].read()
    assert b"Working..." not in content
    assert engine.whole(name) == len(content)
