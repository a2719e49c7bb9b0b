"""docs/settings.md says what the code reads."""

from pathlib import Path

from app.cli.settings_page import page


def test_the_page_of_settings_is_up_to_date() -> None:
    kept = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
    assert kept.read_text(encoding="utf-8") == page(), "run ./dev settings > docs/settings.md"
