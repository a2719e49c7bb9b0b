"""When a request cannot be answered: one small page (or JSON) without a word about the inside."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unreachable
from app.core.i18n import Translator, best_language
from app.shell.pages import DOMAIN, render

_STATUS: Final[dict[type[Exception], int]] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    Unreachable: 503,
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, for the person: an HTTP status and a code in snake_case."""

    status: int
    code: str
    retry_after: int | None = None


def problem_of(error: Exception) -> Problem:
    """The problem to show for an error that nobody caught."""
    if isinstance(error, HTTPException):
        return Problem(error.status_code, "http")
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            code = getattr(error, "code", "unexpected")
            return Problem(status, code, retry_after=10 if status == 503 else None)
    return Problem(500, "unexpected")


def sign_in_first(scope: Scope) -> Response:
    """To the sign-in page, and back to this address afterwards."""
    return _first("/signin", scope)


def _first(page: str, scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    path = scope["path"] + (f"?{query}" if query else "")
    target = page if path == "/" else f"{page}?next={quote(own_path(path), safe='')}"
    return RedirectResponse(target, 303, headers={"cache-control": "no-store"})


def locked_first(scope: Scope) -> Response:
    """To the page that unlocks the device, and back to this address afterwards."""
    return _first("/locked", scope)


def own_path(path: str | None) -> str:
    """`path` if it is a path of this site, else `/`; for every `next=` that somebody sends.

    Refuses other hosts in all spellings that browsers take for one (`//host`, `/\\host`, control
    characters that they strip).
    """
    if not path or not path.startswith("/") or len(path) > 1_000:
        return "/"
    if path.startswith(("//", "/\\")) or "\\" in path or not path.isprintable():
        return "/"
    return path


def problem_page(problem: Problem, scope: Scope, request_id: str) -> Response:
    """The answer: HTML for people, JSON for what asked for JSON."""
    headers = Headers(scope=scope)
    if problem.status == 403 and problem.code == "signed_out":
        return sign_in_first(scope)
    if "application/json" in headers.get("accept", ""):
        body = {"code": problem.code, "request": request_id}
        response: Response = JSONResponse(body, problem.status)
        response.headers["cache-control"] = "no-store"
    else:
        wished = headers.get("accept-language", "")
        t = Translator(best_language(wished, DOMAIN), domain=DOMAIN)
        title, text = _words(problem, t)
        values = {"title": title, "text": text, "request_id": request_id}
        response = render("problem.html", t, problem.status, **values)
    if problem.retry_after is not None:
        response.headers["retry-after"] = str(problem.retry_after)
    return response


def _words(problem: Problem, t: Translator) -> tuple[str, str]:
    match problem.status:
        case 403:
            return t("This is not open to you"), t("Go back and try another way.")
        case 404 | 405 | 410 | 421:
            return t("There is nothing here"), t("Look at the address, or go to the start.")
        case 408 | 413 | 414 | 431:
            return t("That was too much at once"), t(
                "Nothing was changed. Send less, or try again."
            )
        case 429:
            return t("Too many at the same time"), t("Wait a moment, then try again.")
        case 503:
            return t("We can't reach your data right now"), t("Nothing is lost. Try again soon.")
        case status if status < 500:
            return t("We could not take that"), t("Nothing was changed. Go back and try again.")
        case _:
            return t("Something went wrong on our side"), t(
                "It is noted. Nothing else was changed."
            )
