"""Where a line of text may end, for the small engines, which have no tables for it inside.

They ask `Intl.v8BreakIterator`, which Chromium calls deprecated; without it Flutter takes engines
that are 0.6 MB larger. `vendor/css-line-break.js` (MIT) knows Unicode's rules, `templates/lines.js`
gives it the shape that Flutter expects.
"""

from pathlib import Path
from typing import Final

from app.shell.pages import script

_LIBRARY: Final = Path(__file__).resolve().parent / "vendor" / "css-line-break.js"


def line_ends() -> str:
    """The script that must run before the engine looks what the browser can do."""
    return f"{_LIBRARY.read_text(encoding='utf-8')}\n{script('lines.js')}\n"
