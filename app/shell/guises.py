"""Under which name and picture the app stands on a home screen."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from app.core.i18n import Translator
from app.shell.cookies import Cookie


@dataclass(frozen=True)
class Guise:
    """`key` is what a browser keeps of the choice, and how the files of its pictures begin.

    A `plain` one tells a stranger who looks at the phone nothing about the app.
    """

    key: str
    plain: bool = False

    def name(self, t: Translator) -> str:
        """What stands below the picture, in the reader's words."""
        return t("My notes") if self.plain else "Handrail"


USUAL: Final = Guise("handrail")
PLAIN: Final = Guise("notes", plain=True)
GUISES: Final = {each.key: each for each in (USUAL, PLAIN)}


def guise_cookie(origin: str) -> Cookie:
    """The cookie of a browser where somebody chose; it names nobody and outlives the sign-out.

    Phones look at the manifest again later, and would give an installed app its usual name back.
    """
    return Cookie("handrail-guise", origin, days=400, same_site="lax")


def guise_of(request: Request, cookie: Cookie) -> Guise:
    """What was chosen in this browser; the usual one where nothing was."""
    return GUISES.get(cookie.read(request.headers.get("cookie", "")) or "", USUAL)
