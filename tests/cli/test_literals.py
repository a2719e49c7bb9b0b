"""The gate that finds text nobody can translate."""

from pathlib import Path

import pytest

from app.cli.literals import literals


def found(folder: Path, name: str, text: str) -> list[str]:
    file = folder / "app" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return list(literals(folder / "app"))


@pytest.mark.parametrize(
    "line",
    [
        'ft.Text("Good morning")',
        'ft.Text(f"Good morning {name}")',
        'ft.TextField(label="Your name")',
        'Card("one small thing")',
        'ft.Text("Yes" if yes else t("No"))',
        'Row(title="Heute")',
    ],
)
def test_a_literal_on_a_screen_is_found(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, "room/young_person.py", f"import flet as ft\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        'ft.Text(t("Good morning {name}", name=name))',
        'ft.Text(t.n("one day", "{n} days", 3))',
        'ft.Container(key="Row A", bgcolor="Red")',
        'ft.Text(f"{name}")',
        'raise ValueError("Never shown to a person")',
        'log.info("nothing here")',
    ],
)
def test_translated_and_neutral_strings_pass(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, "room/young_person.py", f"import flet as ft\n{line}\n") == []


def test_a_file_that_draws_nothing_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, "room/model.py", 'Thing("Good morning")\n') == []


@pytest.mark.parametrize(
    "html",
    ["<p>Sign in</p>", '<input placeholder="Login name">', "<p>{{ t('Hi') }} and more</p>"],
)
def test_a_literal_in_a_template_is_found(tmp_path: Path, html: str) -> None:
    assert found(tmp_path, "room/templates/page.html", html)


def test_a_template_of_translated_text_passes(tmp_path: Path) -> None:
    html = (
        '<style>b { color: red }</style><p title="{{ t("Hi") }}">{% if a %}{{ a }}{% endif %}</p>'
    )
    assert found(tmp_path, "room/templates/page.html", html) == []


def test_plural_words_in_a_template_are_found_since_the_extractor_finds_none(
    tmp_path: Path,
) -> None:
    html = '<p>{{ t.n("In {n} hour.", "In {n} hours.", hours) }}</p>'
    assert found(tmp_path, "room/templates/page.html", html)
