"""In which language a page of the door speaks, and the way to the same page in another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from app.core.i18n import Language, Translator, best_language, languages
from app.shell.pages import DOMAIN


@dataclass(frozen=True)
class Choices:
    """Every language in which the door is ready, with the address of the same page in it."""

    links: list[tuple[Language, str]]

    def only_door(self, t: Translator) -> bool:
        """Whether the screens behind the door do not speak this reader's language yet."""
        return t.language not in languages()


def reader_of(request: Request, chosen: str | None = None) -> Translator:
    """The words for who asks: the language they chose on the page, else their browser's."""
    wanted = chosen or request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language", "")
    known = wanted in languages(DOMAIN)
    return Translator(wanted if known else best_language(accepted, DOMAIN), domain=DOMAIN)


def in_language(request: Request, path: str) -> str:
    """The address of another page, in the language that was chosen on this one."""
    chosen = request.query_params.get("lang")
    return f"{path}?lang={chosen}" if chosen in languages(DOMAIN) else path


def language_links(path: str, query: Mapping[str, str] | None = None) -> Choices:
    """For `door/language_links.html`: the page at `path` in each language."""
    return Choices(
        [
            (each, f"{path}?{urlencode({'lang': each.code, **(query or {})})}")
            for each in languages(DOMAIN).values()
        ]
    )
