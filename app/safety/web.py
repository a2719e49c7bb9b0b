"""`/help`, `/offline` and `/blank`: pages that ask nobody and nothing, so that they work when all
else fails.

No sign-in, no database: a page comes from the catalogues and `numbers.toml` alone. The worker of
the shell keeps the last two for times without network.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.core.i18n import (
    Translator,
    best_language,
    languages,
    machine_made,
    own_name,
    wished_languages,
)
from app.safety.model import COUNTRIES, HelpBook, help_book
from app.safety.words import DOMAIN, line_of
from app.shell.offline import SCRIPT, fingerprint, kept_page
from app.shell.pages import render, render_text
from app.shell.squeezed import squeezed


class Help:
    """The routes of the help page, of the page for times without network, and of the empty page
    that the quick exit shows."""

    def __init__(self, book: HelpBook | None = None) -> None:
        self._book = book or help_book()

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/help", self.help, methods=["GET"]),
            Route("/offline", self.offline, methods=["GET"]),
            Route("/blank", self.blank, methods=["GET"]),
        ]

    def kept(self) -> str:
        """The name of what a worker keeps of these pages; it changes with any of them."""
        translators = [Translator(language, domain=DOMAIN) for language in languages(DOMAIN)]
        drawn = [draw for t in translators for draw in (self._offline(t, None), _blank(t))]
        return fingerprint(repr(self._book), *drawn)

    async def help(self, request: Request) -> Response:
        wished = _wished(request)
        t = _reader(request)
        country = _country(request)
        page = render(
            "safety/help.html",
            t,
            machine=machine_made(t.language, DOMAIN),
            missing=_missing(wished, t.language),
            countries=sorted(((t.country(code), code) for code in COUNTRIES), key=_by_name),
            choices=_choices(country),
            **self._numbers(t, country),
        )
        return squeezed(request, page)

    async def offline(self, request: Request) -> Response:
        """What somebody sees whose phone has no network: no connection, and the numbers to call."""
        t = _reader(request)
        return kept_page(request, self._offline(t, _country(request)), t)

    async def blank(self, request: Request) -> Response:
        t = _reader(request)
        return kept_page(request, _blank(t), t)

    def _offline(self, t: Translator, country: str | None) -> str:
        values = {"script": SCRIPT, "machine": machine_made(t.language, DOMAIN)}
        numbers = self._numbers(t, country)
        return render_text("safety/offline.html", t, english=own_name("en"), **values, **numbers)

    def _numbers(self, t: Translator, country: str | None) -> dict[str, Any]:
        numbers = self._book.of(country)
        return {
            "country": country,
            "country_name": t.country(country) if country else "",
            "everywhere": [line_of(t, each) for each in self._book.everywhere()],
            "talk": [line_of(t, each) for each in numbers if each.what != "bed"],
            "beds": [line_of(t, each) for each in numbers if each.what == "bed"],
            "neutral_site": self._book.neutral_site(country),
        }


def _blank(t: Translator) -> str:
    return render_text("safety/blank.html", t)


def _wished(request: Request) -> str:
    """The language that the reader would like best, offered or not."""
    wished = wished_languages(request.headers.get("accept-language", ""))
    return request.query_params.get("lang") or next(iter(wished), "")


def _reader(request: Request) -> Translator:
    # The chosen language first; behind it the browser's wishes, should it not be ready.
    chosen = request.query_params.get("lang", "").replace("_", "-")
    wishes = request.headers.get("accept-language", "")
    return Translator(best_language(f"{chosen},{wishes}", DOMAIN), domain=DOMAIN)


def _missing(wished: str, shown: str) -> str | None:
    """The own name of the language that the reader wanted, unless they read it now."""
    wanted = wished.replace("-", "_").split("_")[0].lower()
    return None if wanted in ("", "*", shown.split("_")[0]) else own_name(wanted)


def _country(request: Request) -> str | None:
    """The chosen country, else the one in the browser's language (`de-AT`); None if unknown."""
    chosen = request.query_params.get("country", "").upper()
    if chosen in COUNTRIES:
        return chosen
    for tag in wished_languages(request.headers.get("accept-language", "")):
        region = tag.rpartition("_")[2].upper()
        if "_" in tag and region in COUNTRIES:
            return region
    return None


def _choices(country: str | None) -> list[tuple[str, str, str]]:
    """Tag, own name and address of the page in every language that is ready."""
    kept = {"country": country} if country else {}
    return [
        (code.replace("_", "-"), language.name, f"?{urlencode({'lang': code, **kept})}")
        for code, language in languages(DOMAIN).items()
    ]


def _by_name(choice: Sequence[str]) -> str:
    return choice[0].casefold()
