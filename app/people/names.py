"""What may be a name or a code, as somebody typed it. The database decides; this says it sooner."""

import re
import unicodedata
from typing import Final, Literal

LONGEST_NAME: Final = 80
NameProblem = Literal["empty", "too_long", "hidden_characters"]

_EDGES: Final = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000"
# Control characters, bidirectional overrides and invisible signs can make one name look like
# another. Joiners stay: Persian and emoji need them. Half a surrogate pair is no text at all.
_HIDDEN: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\u2060-\u2065"
    "\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_SHOWN: Final = re.compile(
    "[^\u0020\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    "\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0]"
)
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")


def tidy_name(typed: str) -> str:
    """The name without blanks around it, written in the one way Unicode prefers."""
    return unicodedata.normalize("NFC", typed.strip(_EDGES))


def name_problem(name: str) -> NameProblem | None:
    """Why a tidy name cannot be taken; None when it can."""
    if not _SHOWN.search(name):
        return "empty"
    if len(name) > LONGEST_NAME:
        return "too_long"
    return "hidden_characters" if _HIDDEN.search(name) else None


def plain_code(typed: str) -> str:
    """A code as it is looked up: any case, dashes and spaces, O for 0, I and L for 1."""
    return re.sub(r"[^0-9A-Za-z]", "", typed[:64]).upper().translate(_LOOK_ALIKES)
