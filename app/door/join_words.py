"""What the join page says when something keeps it from letting somebody in."""

from typing import Final, NamedTuple

from starlette.responses import Response

from app.core.errors import Invalid, Unreachable
from app.core.i18n import Translator
from app.people.names import name_problem
from app.shell.pages import render

SHORTEST_PASSPHRASE: Final = 10
# Auth refuses more: its bcrypt would ignore the rest.
LONGEST_PASSPHRASE_BYTES: Final = 72


class Trouble(NamedTuple):
    """What keeps a form from being taken: the field, or "" for the whole, and the words."""

    field: str
    words: str


def problem_page(t: Translator, error: Exception) -> Response:
    """The page instead of the form; one and the same for every code that does not work."""
    match error:
        case Invalid():
            status, words = 404, t("This code does not work any more. Ask for a new one.")
        case Unreachable():
            status, words = 503, try_later(t)
        case _:
            status, words = 429, many_tries(t)
    return render("door/join_problem.html", t, status, title=words, sign_in=True)


def name_trouble(t: Translator, name: str) -> Trouble | None:
    """Why this name cannot be taken, if it cannot."""
    match name_problem(name):
        case None:
            return None
        case "empty":
            return Trouble("name", t("Please tell us a name for you."))
        case "too_long":
            return Trouble("name", t("This name is too long for us. Please shorten it."))
        case "hidden_characters":
            return Trouble("name", t("Please write the name in another way."))


def passphrase_trouble(t: Translator, passphrase: str) -> Trouble | None:
    """Why this passphrase cannot be taken, if it cannot."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        words = t.n(
            "Please use at least {n} letter or sign.",
            "Please use at least {n} letters or signs.",
            SHORTEST_PASSPHRASE,
        )
        return Trouble("passphrase", words)
    if not passphrase.isprintable():
        return Trouble("passphrase", t("Please choose another passphrase."))
    if len(passphrase.encode("utf-8", "surrogatepass")) > LONGEST_PASSPHRASE_BYTES:
        return Trouble("passphrase", t("This passphrase is too long. Please shorten it."))
    return None


def send_again(t: Translator) -> str:
    """For a form that lay too long, or came without its cookie."""
    return t("Please send it once more. Nothing was changed.")


def many_tries(t: Translator) -> str:
    """For somebody who tried in vain so often that the next try has to wait."""
    return t("Those were many tries. Please wait a minute, then try again.")


def try_later(t: Translator) -> str:
    """For a backend that does not answer."""
    return t("No answer right now. Please try again in a moment.")
