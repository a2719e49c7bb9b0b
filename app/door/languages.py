"""`/languages`: what is ready in which language, and whether a person has read it."""

from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.core.i18n import SOURCE, Language, languages, reviewed
from app.door.reading import reader_of
from app.shell.pages import DOMAIN, render

_HELP, _ALL = "safety", "messages"


@dataclass(frozen=True)
class Ready:
    """One language: which catalogues it has, and when a person had read all of them."""

    language: Language
    help: bool
    door: bool
    all: bool
    checked: date | None

    @property
    def source(self) -> bool:
        """Whether the words were written in this language, so that there is nothing to compare."""
        return self.language.code == SOURCE


def language_routes() -> list[BaseRoute]:
    """The page that every list of languages leads to."""
    return [Route("/languages", _show, methods=["GET"])]


def ready_languages() -> list[Ready]:
    """Every language that has anything at all, English first."""
    found = {**languages(_HELP), **languages(DOMAIN), **languages(_ALL)}
    ordered = sorted(found.values(), key=lambda each: (each.code != SOURCE, each.name))
    return [_ready(each) for each in ordered]


def _ready(language: Language) -> Ready:
    has = {domain: language.code in languages(domain) for domain in (_HELP, DOMAIN, _ALL)}
    read = [reviewed(language.code, domain) for domain, there in has.items() if there]
    days = [day for day in read if day]
    checked = max(days) if len(days) == len(read) else None
    return Ready(language, has[_HELP], has[DOMAIN], has[_ALL], checked)


async def _show(request: Request) -> Response:
    return render("door/languages.html", reader_of(request), ready=ready_languages())
