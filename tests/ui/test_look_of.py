"""What a browser says about its reader's wishes, and what is made of it."""

from pathlib import Path

import pytest

from app.design.look import Look, Scheme, look_of

SCRIPT = Path(__file__).parents[2] / "app" / "shell" / "templates" / "look.js"


@pytest.mark.parametrize(
    ("query", "look"),
    [
        ("", Look()),
        ("look=dark&calm=0&text=100&more=0&still=0", Look(scheme=Scheme.DARK)),
        ("look=contrast&calm=1&text=200", Look(scheme=Scheme.CONTRAST, calm=True, percent=200)),
        ("look=device&more=1&still=1", Look(device_contrast=True, device_still=True)),
        ("look=pink&calm=yes&text=1000&more=2", Look()),
        ("look=&text=-100&calm=%00", Look()),
        ("look=light&look=dark", Look(scheme=Scheme.DARK)),
        ("text=110", Look()),
        ("&&&==" + "x" * 5000, Look()),
    ],
)
def test_what_is_no_look_is_the_usual_one(query: str, look: Look) -> None:
    assert look_of(query) == look


@pytest.mark.parametrize(
    ("look", "contrast"),
    [
        (Look(), False),
        (Look(device_contrast=True), True),
        (Look(scheme=Scheme.LIGHT, device_contrast=True), False),
        (Look(scheme=Scheme.CONTRAST), True),
    ],
)
def test_a_device_that_wants_contrast_gets_it_unless_somebody_chose_otherwise(
    look: Look, contrast: bool
) -> None:
    assert look.contrast is contrast
    assert look.line == (2 if contrast else 1)


def test_a_device_that_wants_no_motion_gets_none() -> None:
    assert Look(device_still=True).still
    assert Look(calm=True).still
    assert not Look().still


def test_the_page_finds_again_what_the_screens_keep() -> None:
    script = SCRIPT.read_text(encoding="utf-8")

    for name in Look().kept():
        room, _, short = name.partition(".")
        assert f"'flutter.{room}.'" in script
        assert f"kept('{short}')" in script
