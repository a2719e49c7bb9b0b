"""The tokens as Flet themes, and the names under which screens use them.

A screen never names a colour value: the browser picks light or dark by itself, so a screen says
`PAPER` or `INK` and both are right.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Final

import flet as ft

from app.design import tokens
from app.design.look import Look, Scheme
from app.design.tokens import Tone

PAPER: Final = ft.Colors.SURFACE
SURFACE: Final = ft.Colors.SURFACE_CONTAINER
LINE: Final = ft.Colors.OUTLINE_VARIANT
INK: Final = ft.Colors.ON_SURFACE
MUTED: Final = ft.Colors.ON_SURFACE_VARIANT
PRIMARY: Final = ft.Colors.PRIMARY
PRIMARY_TINT: Final = ft.Colors.PRIMARY_CONTAINER
ON_PRIMARY: Final = ft.Colors.ON_PRIMARY
DANGER: Final = ft.Colors.ERROR
# Material has no roles for good and careful; its two free accents carry them.
OK: Final = ft.Colors.TERTIARY
WARN: Final = ft.Colors.SECONDARY

# Each a ready style: size, weight and line height in one word.
DISPLAY: Final = ft.TextThemeStyle.HEADLINE_MEDIUM
TITLE: Final = ft.TextThemeStyle.TITLE_LARGE
LARGE: Final = ft.TextThemeStyle.TITLE_MEDIUM
BODY: Final = ft.TextThemeStyle.BODY_LARGE
STRONG: Final = ft.TextThemeStyle.LABEL_LARGE

CARD_SHAPE: Final = ft.RoundedRectangleBorder(radius=tokens.CARD_RADIUS)
# The bundled one. To a text that names none, CanvasKit brings 78 KB of rare letters for its first
# letter beyond ASCII, though this has it.
_FONT: Final = "Roboto"
_PILL: Final = ft.StadiumBorder()
_BAR_WITHOUT_NAME: Final = 60
_REGULAR, _BOLD = ft.FontWeight.W_400, ft.FontWeight.W_600


def mode(look: Look) -> ft.ThemeMode:
    """Which of the two themes a browser shows; where nobody chose, the device decides."""
    modes = {Scheme.LIGHT: ft.ThemeMode.LIGHT, Scheme.DARK: ft.ThemeMode.DARK}
    return modes.get(look.scheme, ft.ThemeMode.SYSTEM)


def themes(look: Look, *, rtl: bool) -> tuple[ft.Theme, ft.Theme]:
    """The light and the dark theme of a look; Arabic script gets taller lines.

    Shared between sessions and never changed after they are made.
    """
    return _themes(look.contrast, look.still, look.percent / 100, rtl)


# As many as there are looks and directions of writing, if all of them are in use.
@lru_cache(maxsize=32)
def _themes(contrast: bool, still: bool, scale: float, rtl: bool) -> tuple[ft.Theme, ft.Theme]:
    height = tokens.LINE_HEIGHT_ARABIC if rtl else tokens.LINE_HEIGHT
    tones = (tokens.CONTRAST, tokens.CONTRAST_DARK) if contrast else (tokens.LIGHT, tokens.DARK)
    light, dark = (_theme(tone, height, scale) for tone in tones)
    return (_stilled(light), _stilled(dark)) if still else (light, dark)


def _stilled(theme: ft.Theme) -> ft.Theme:
    """The theme without anything that moves by itself."""
    none = ft.PageTransitionTheme.NONE
    return replace(
        theme,
        page_transitions=ft.PageTransitionsTheme(
            android=none, ios=none, linux=none, macos=none, windows=none
        ),
        splash_color=ft.Colors.TRANSPARENT,
        highlight_color=ft.Colors.TRANSPARENT,
    )


def _theme(tone: Tone, height: float, scale: float) -> ft.Theme:
    label = _style(tokens.BODY * scale, _BOLD, height)
    thick = 2 if tone.bare else 1
    button = ft.ButtonStyle(
        shape=_PILL,
        padding=ft.Padding.symmetric(horizontal=tokens.WIDE, vertical=tokens.SNUG),
        text_style=label,
        icon_size=tokens.ICON_SMALL * scale,
        elevation=0,
    )
    quiet = replace(button, side=ft.BorderSide(thick, tone.line))
    return ft.Theme(
        color_scheme=_colours(tone),
        text_theme=_text(height, scale),
        # Beside letters twice as large, a picture that grew as much would take their room.
        icon_theme=ft.IconTheme(size=min(tokens.ICON * scale, tokens.LARGEST_ICON)),
        icon_button_theme=ft.IconButtonTheme(
            style=ft.ButtonStyle(icon_size=tokens.ICON * scale, padding=tokens.SNUG)
        ),
        # Browsers on desks would get smaller targets otherwise.
        visual_density=ft.VisualDensity.STANDARD,
        scaffold_bgcolor=tone.paper,
        filled_button_theme=ft.FilledButtonTheme(style=button),
        outlined_button_theme=ft.OutlinedButtonTheme(style=quiet),
        divider_theme=ft.DividerTheme(color=tone.line, thickness=thick, space=thick),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=tone.surface,
            elevation=0,
            # Icon and spaces, and the name however large its letters are.
            height=_BAR_WITHOUT_NAME + tokens.BODY * scale * height,
            indicator_color=_mark(tone),
            label_text_style=_style(tokens.BODY * scale, _BOLD, height, tone.ink),
        ),
        navigation_rail_theme=ft.NavigationRailTheme(
            bgcolor=tone.paper,
            elevation=0,
            indicator_color=_mark(tone),
            selected_label_text_style=_style(tokens.BODY * scale, _BOLD, height, tone.ink),
            unselected_label_text_style=_style(tokens.BODY * scale, _REGULAR, height, tone.ink),
        ),
        snackbar_theme=ft.SnackBarTheme(
            bgcolor=tone.ink,
            content_text_style=_style(tokens.BODY * scale, _REGULAR, height, tone.paper),
            action_text_color=tone.paper,
            shape=ft.RoundedRectangleBorder(radius=tokens.FIELD_RADIUS),
        ),
    )


def _colours(tone: Tone) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=tone.primary,
        on_primary=tone.on_primary,
        primary_container=_tint(tone),
        on_primary_container=tone.ink,
        secondary=tone.warn,
        secondary_container=_mark(tone),
        on_secondary_container=tone.paper if tone.bare else tone.ink,
        tertiary=tone.ok,
        error=tone.danger,
        on_error=tone.on_primary,
        surface=tone.paper,
        on_surface=tone.ink,
        on_surface_variant=tone.muted,
        surface_container=tone.surface,
        surface_container_low=tone.surface,
        surface_container_high=tone.surface,
        surface_container_highest=tone.line,
        outline=tone.muted,
        outline_variant=tone.line,
        # Material lays a tint of the main colour over raised surfaces; paper stays paper.
        surface_tint=ft.Colors.TRANSPARENT,
    )


def _tint(tone: Tone) -> str:
    """The main colour at an eighth over the surface, mixed here: a tint is opaque."""
    if tone.bare:
        return tone.surface
    mixed = (
        round(int(back[i : i + 2], 16) * 0.88 + int(front[i : i + 2], 16) * 0.12)
        for back, front in [(tone.surface, tone.primary)]
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _mark(tone: Tone) -> str:
    """What lies under the icon of the place where one is."""
    return tone.ink if tone.bare else _tint(tone)


def _text(height: float, scale: float) -> ft.TextTheme:
    body = _style(tokens.BODY * scale, _REGULAR, height)
    return ft.TextTheme(
        # Long words of a heading would not fit on a phone; no text needs to get larger than this.
        headline_medium=_style(min(tokens.DISPLAY * scale, tokens.LARGEST), _BOLD, height),
        title_large=_style(min(tokens.TITLE * scale, tokens.LARGEST), _BOLD, height),
        title_medium=_style(tokens.LARGE * scale, _BOLD, height),
        body_large=body,
        body_medium=body,
        label_large=_style(tokens.BODY * scale, _BOLD, height),
        label_medium=_style(tokens.SMALL * scale, _REGULAR, height),
    )


def _style(
    size: float, weight: ft.FontWeight, height: float, color: str | None = None
) -> ft.TextStyle:
    return ft.TextStyle(
        size=size,
        weight=weight,
        height=height,
        letter_spacing=0,
        color=color,
        font_family=_FONT,
    )
