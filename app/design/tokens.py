"""The materials of every screen and page: colours, sizes, spaces.

Plain values without Flet, so that the HTML pages use the same ones. Contrast of every text colour
against paper and surface is at least 5.6 : 1; a test measures it.
"""

from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True)
class Tone:
    """One set of colours, as `#RRGGBB`. A `bare` one has no tints, and twice as thick lines."""

    paper: str
    surface: str
    line: str
    ink: str
    muted: str
    primary: str
    on_primary: str
    danger: str
    ok: str
    warn: str
    bare: bool = False


def _black_and_white(paper: str, ink: str) -> Tone:
    return Tone(
        paper=paper,
        surface=paper,
        line=ink,
        ink=ink,
        muted=ink,
        primary=ink,
        on_primary=paper,
        danger=ink,
        ok=ink,
        warn=ink,
        bare=True,
    )


LIGHT: Final = Tone(
    paper="#FBF9F5",
    surface="#FFFFFF",
    line="#E5E0D8",
    ink="#1C2430",
    muted="#5C6470",
    primary="#0F6B66",
    on_primary="#FFFFFF",
    danger="#B3261E",
    ok="#2F6B2F",
    warn="#8A5A00",
)
DARK: Final = Tone(
    paper="#14181F",
    surface="#1D232C",
    line="#2E3640",
    ink="#ECE8E1",
    muted="#A3ABB6",
    primary="#5CC9C0",
    on_primary="#14181F",
    danger="#F2938C",
    ok="#8CCB8C",
    warn="#E8BE6A",
)

CONTRAST: Final = _black_and_white("#FFFFFF", "#000000")
CONTRAST_DARK: Final = _black_and_white("#000000", "#FFFFFF")

# Type sizes in logical pixels; the smallest is for secondary text of staff only.
DISPLAY, TITLE, LARGE, BODY, SMALL = 28, 22, 18, 16, 14
# No heading grows beyond this, however large the text is.
LARGEST = 40
ICON, ICON_SMALL = 24, 20
LARGEST_ICON = 36
LINE_HEIGHT, LINE_HEIGHT_ARABIC = 1.45, 1.7

# Spaces on a grid of 4.
HAIR, TIGHT, SNUG, ROOM, WIDE, BROAD = 4, 8, 12, 16, 24, 32
CARD_RADIUS, FIELD_RADIUS, PILL_RADIUS = 16, 12, 999
TARGET = 48
PHOTO = 72
# The height of the strip where the page around Flet has help and the quick exit.
CORNER = TARGET + 2 * HAIR

# From this width on (logical pixels) a screen is a tablet: rail instead of bottom bar.
TABLET_FROM = 720
# About 62 characters of body text: no line gets longer, however wide the screen.
COLUMN = 560
# And from this width on it is held sideways.
BROAD_FROM = 1000
# How wide a phone is that has not said so.
PHONE = 360
# A list beside what was chosen from it.
SIDE, SIDE_OF_BROAD = 372, 400


def css(tone: Tone) -> str:
    """The colours as CSS custom properties (`--on-primary: #FFFFFF; …`)."""
    colours = {name: value for name, value in asdict(tone).items() if isinstance(value, str)}
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in colours.items())
