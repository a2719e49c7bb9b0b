"""Plain HTML pages: rooms bring a template, this brings the frame, the look and the headers.

A room's templates lie in `app/<room>/templates/` and are named `<room>/<file>.html`; they extend
`layout.html`. Every text goes through the given translator: `{{ t("…") }}`.
"""

import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from jinja2.loaders import split_template_path
from starlette.responses import HTMLResponse

from app.core.i18n import Translator
from app.design import tokens
from app.shell.headers import page_policy

_APP: Final = Path(__file__).resolve().parents[1]
OWN: Final = Path(__file__).resolve().parent / "templates"
"""The templates and scripts of the shell itself."""
# A line of its own: what looks like one behind code may be part of an address.
_COMMENT: Final = re.compile(r"^ *//.*\n", re.MULTILINE)


def _load(name: str) -> tuple[str, str, None] | None:
    *room, file = split_template_path(name)
    folder = _APP / room[0] / "templates" if room else OWN
    path = folder / file
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    return (_without_comments(text) if path.suffix == ".js" else text), str(path), None


def _without_comments(script: str) -> str:
    return _COMMENT.sub("", script)


def script(name: str) -> str:
    """A script of the shell as it goes out: people pay for each byte, so its comments stay here."""
    return _without_comments((OWN / name).read_text(encoding="utf-8"))


def _stylesheet(*names: str) -> str:
    """Stylesheets with the tokens of the screens filled in."""
    source = "".join((OWN / name).read_text(encoding="utf-8") for name in names)
    values = {
        "light": tokens.css(tokens.LIGHT),
        "dark": tokens.css(tokens.DARK),
        "contrast": tokens.css(tokens.CONTRAST),
        "contrast_dark": tokens.css(tokens.CONTRAST_DARK),
        "column": tokens.COLUMN,
        "target": tokens.TARGET,
        "field_radius": tokens.FIELD_RADIUS,
        "card_radius": tokens.CARD_RADIUS,
        "line_height": tokens.LINE_HEIGHT,
        "line_height_arabic": tokens.LINE_HEIGHT_ARABIC,
    }
    for name, value in values.items():
        source = source.replace(f"$({name})", str(value))
    # The sheet is in every page, and many pay for each byte: indents and line ends stay here.
    return re.sub(r"\s*([{};,])\s*", r"\1", " ".join(source.split()))


DOMAIN: Final = "door"
"""The catalogue of the pages that somebody meets before they are signed in."""
STYLES: Final = (_stylesheet("corner.css", "page.css"), _stylesheet("more.css"))
"""What every page needs, and what only pages with a script or many fields do."""
EXIT_SCRIPT: Final = script("exit.js")
PAGE_SCRIPT: Final = EXIT_SCRIPT + script("wear.js")
_POLICY: Final = page_policy(PAGE_SCRIPT, *STYLES)
# Where the quick exit leads while nobody knows the reader's country: the one foreign address.
NEUTRAL_SITE: Final = "https://www.wikipedia.org/"


def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "style": STYLES[0],
        "more_style": STYLES[1],
        "light_style": tokens.css(tokens.LIGHT),
        "dark_style": tokens.css(tokens.DARK),
        "contrast_style": tokens.css(tokens.CONTRAST),
        "contrast_dark_style": tokens.css(tokens.CONTRAST_DARK),
        "welcome_style": _stylesheet("corner.css", "welcome.css"),
        "exit_script": EXIT_SCRIPT,
        "page_script": PAGE_SCRIPT,
        "neutral_site": NEUTRAL_SITE,
        "help_country": None,
    }
    return environment


_ENVIRONMENT: Final = _environment()


def render_text(template: str, t: Translator, **values: object) -> str:
    """The page as text; `render` makes the whole answer of it."""
    return _ENVIRONMENT.get_template(template).render(t=t, lang=t.tag, dir=t.direction, **values)


def render(template: str, t: Translator, status: int = 200, **values: object) -> HTMLResponse:
    """A page in the reader's language, never kept by browser or proxy.

    A value that the template names and nobody gave is an error, never a blank.
    """
    html = render_text(template, t, **values)
    headers = {
        "cache-control": "no-store",
        "content-language": t.tag,
        "content-security-policy": _POLICY,
    }
    return HTMLResponse(html, status, headers=headers)
