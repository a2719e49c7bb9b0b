"""The catalogues: taken out of the code, compared with it, compiled."""

import gettext
from pathlib import Path

import pytest

from app.cli import words

CODE = 't("Hello {name}", name=name)\nt.n("one day", "{n} days", 3)\n'
GERMAN = """
msgid "Hello {name}"
msgstr "Hallo {name}"

msgid "one day"
msgid_plural "{n} days"
msgstr[0] "ein Tag"
msgstr[1] "{n} Tage"
"""
ARABIC = """
msgid "Hello {name}"
msgstr "أهلاً {name}"

msgid "one day"
msgid_plural "{n} days"
msgstr[0] "لا أيام"
msgstr[1] "يوم واحد"
msgstr[2] "يومان"
msgstr[3] "{n} أيام"
msgstr[4] "{n} يوماً"
msgstr[5] "{n} يوم"
"""
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one file whose German and Arabic are complete."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "room.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "babel.cfg").write_text("[python: app/**.py]\n", encoding="utf-8")
    words.extract(tmp_path)
    (tmp_path / "locales" / "same.toml").write_text("[de]\n[ar]\n", encoding="utf-8")
    write(tmp_path, "de", GERMAN)
    write(tmp_path, "ar", ARABIC)
    return tmp_path


def write(project: Path, code: str, text: str) -> None:
    po = project / "locales" / code / "LC_MESSAGES" / "messages.po"
    po.parent.mkdir(exist_ok=True, parents=True)
    po.write_text(HEADER + text, encoding="utf-8")


def test_a_complete_catalogue_passes(project: Path) -> None:
    assert words.check(project) == []


def test_a_new_sentence_fails_until_it_is_extracted_and_translated(project: Path) -> None:
    (project / "app" / "room.py").write_text(CODE + 't("New here")\n', encoding="utf-8")
    assert any("not up to date" in line for line in words.check(project))
    words.extract(project)
    assert [line for line in words.check(project) if "no translation" in line] == [
        "locales/ar/LC_MESSAGES/messages.po: “New here” has no translation",
        "locales/de/LC_MESSAGES/messages.po: “New here” has no translation",
    ]


def test_extracting_twice_changes_nothing(project: Path) -> None:
    words.extract(project)
    before = {path: path.read_bytes() for path in project.rglob("*.po*")}
    words.extract(project)
    assert {path: path.read_bytes() for path in project.rglob("*.po*")} == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Hallo {name}", "Hallo {nom}", "other placeholders"),
        ("Hallo {name}", "Hello {name}", "same as in English"),
        ("Hallo {name}", "", "no translation"),
        ('msgstr[1] "{n} Tage"\n', "", "no translation"),
        ('msgid "Hello', '#, fuzzy\nmsgid "Hello', "fuzzy"),
    ],
)
def test_a_faulty_entry_is_told(project: Path, old: str, new: str, told: str) -> None:
    write(project, "de", GERMAN.replace(old, new))
    assert any(told in line for line in words.check(project)), words.check(project)


def test_an_english_sentence_passes_with_a_reason(project: Path) -> None:
    write(project, "de", GERMAN.replace("Hallo {name}", "Hello {name}"))
    same = project / "locales" / "same.toml"
    same.write_text('[de]\n"Hello {name}" = "used as is"\n[ar]\n', encoding="utf-8")
    assert words.check(project) == []


def test_compiled_catalogues_speak(project: Path) -> None:
    assert len(words.compile_catalogues(project)) == 2
    assert words.compile_catalogues(project) == []
    arabic = gettext.translation("messages", project / "locales", languages=["ar"])
    forms = [arabic.ngettext("one day", "{n} days", n) for n in (0, 1, 2, 3, 11, 100)]
    assert len(set(forms)) == 6


def test_a_room_has_a_catalogue_of_its_own_and_the_corner_stands_in_both(project: Path) -> None:
    corner = project / "app" / "shell" / "templates" / "corner.html"
    corner.parent.mkdir(parents=True)
    corner.write_text('{{ t("Help") }}', encoding="utf-8")
    (project / "app" / "door").mkdir()
    (project / "app" / "door" / "web.py").write_text('t("Come in")\n', encoding="utf-8")
    (project / "babel.cfg").write_text(
        "[python: app/**.py]\n[jinja2: app/**/templates/**.html]\n", encoding="utf-8"
    )
    words.extract(project)
    ids = {
        domain: {message.id for message in catalogue if message.id}
        for domain, catalogue in words._extracted(project).items()
    }
    assert ids["door"] == {"Come in", "Help"}
    assert "Help" in ids["messages"]
    assert "Come in" not in ids["messages"]


def test_a_catalogue_that_grew_too_large_is_told(project: Path) -> None:
    (project / "app" / "door").mkdir()
    for many, told in ((150, False), (151, True)):
        lines = "".join(f't("Sentence {number}")\n' for number in range(many))
        (project / "app" / "door" / "web.py").write_text(lines, encoding="utf-8")
        words.extract(project)
        assert any("take some away" in line for line in words.check(project)) is told


def test_easy_english_may_read_like_english_and_may_not_be_empty(project: Path) -> None:
    write(project, "en_simple", GERMAN.replace("Hallo", "Hello").replace("Tage", "days"))
    assert words.check(project) == []
    write(project, "en_simple", GERMAN.replace("Hallo {name}", ""))
    assert any("no translation" in line for line in words.check(project))
