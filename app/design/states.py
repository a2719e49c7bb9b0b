"""What a screen looks like while it waits, when something failed, and when there is nothing yet.

`show` is the only place that decides between these; no screen draws them itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

import flet as ft

from app.core.errors import AppError, Conflict, Invalid, NotAllowed, NotFound, Unreachable
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import Handler, PageButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet, edge
from app.design.session import look_now
from app.design.tokens import BROAD, ROOM, SNUG

T = TypeVar("T")


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """What a load has come to.

    `loading` has no data yet · `ready` has · `problem` has an error and no data · `stale` has an
    error and the data of `at`, which may be out of date.
    """

    state: Literal["loading", "ready", "problem", "stale"] = "loading"
    data: T | None = None
    error: AppError | None = field(default=None, compare=False)
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Trouble:
    """An error in the reader's words: what happened, what is safe and what to do."""

    title: str
    text: str
    signed_out: bool = False


def show(
    t: Translator,
    loaded: Loaded[T],
    reload: Handler,
    *,
    ready: Callable[[T], ft.Control],
    empty: Callable[[], ft.Control] | None = None,
    level: int = 2,
    fills: bool = False,
) -> ft.Control:
    """Draw what a load has come to; `empty` is drawn when there is nothing in the data.

    `level` is that of a problem's heading. What `fills` takes all the height there is, and keeps
    its state whether it is stale or not.
    """
    if loaded.data is None:
        return waiting(t, loaded, reload, level=level)
    drawn = empty() if empty is not None and not loaded.data else ready(loaded.data)
    if fills:
        old = loaded.at if loaded.state == "stale" else None
        first = Stale(t, old, reload) if old else ft.Container()
        filling = ft.Container(content=drawn, expand=True)
        return ft.Column([first, filling], spacing=0, expand=True)
    if loaded.state == "stale" and loaded.at is not None:
        return ft.Column([Stale(t, loaded.at, reload), drawn], spacing=ROOM, tight=True)
    return drawn


def waiting(t: Translator, loaded: Loaded[T], reload: Handler, *, level: int = 2) -> ft.Control:
    """What stands in the place of data that has not come yet, or did not come."""
    if loaded.state == "loading":
        return Loading(t)
    return Problem(t, loaded.error, reload, level=level)


def Loading(t: Translator) -> ft.Control:
    """Something is on its way. Read aloud once, moves calmly."""
    text = t("One moment, please.")
    if look_now().still:
        line = IconLine(ft.Icons.HOURGLASS_EMPTY_ROUNDED, text)
        return ft.Semantics(live_region=True, container=True, content=line)
    # A picture with a name: what has a name and no role is no name to a browser.
    return ft.Semantics(
        live_region=True,
        image=True,
        label=text,
        content=ft.Container(
            content=ft.ProgressRing(color=theme.PRIMARY, stroke_width=3),
            alignment=ft.Alignment.CENTER,
            padding=BROAD,
        ),
    )


def Empty(
    text: str,
    next_step: ft.Control | None = None,
    *,
    icon: ft.IconData = ft.Icons.SPA_ROUNDED,
) -> ft.Control:
    """There is nothing yet: a small picture, one sentence and the next step.

    Calm screens leave the picture out.
    """
    picture = [] if look_now().calm else [_Picture(icon)]
    return Card([*picture, Quiet(text), *([next_step] if next_step else [])])


def _Picture(icon: ft.IconData) -> ft.Control:
    """Two tints of the main colour; it says nothing that the words do not say."""
    look = look_now()
    disc = ft.Container(
        content=ft.Icon(icon, size=look.scaled(BROAD), color=theme.PRIMARY),
        width=look.scaled(2 * BROAD),
        height=look.scaled(2 * BROAD),
        alignment=ft.Alignment.CENTER,
        bgcolor=theme.PRIMARY_TINT,
        border=edge() if look.contrast else None,
        shape=ft.BoxShape.CIRCLE,
    )
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Row([disc]),
    )


def Stale(t: Translator, at: datetime, reload: Handler) -> ft.Control:
    """What is shown is from `at` and may have changed since."""
    line = IconLine(
        ft.Icons.SCHEDULE_ROUNDED,
        t("From {time}. Not up to date.", time=t.time(at)),
        color=theme.WARN,
    )
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Column([line, QuietButton(t("Try again"), reload)], spacing=SNUG, tight=True),
    )


def Problem(t: Translator, error: AppError | None, retry: Handler, *, level: int = 2) -> ft.Control:
    """What happened, what is safe, what to do; `level` 1 where no other heading comes first."""
    trouble = explain(t, error)
    if trouble.signed_out:
        way_out = PageButton(t("Sign in"), "/signin", icon=ft.Icons.LOGIN_ROUNDED)
    else:
        way_out = QuietButton(t("Try again"), retry, icon=ft.Icons.REFRESH_ROUNDED)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=Card([Heading(trouble.title, level=level), Body(trouble.text), way_out]),
    )


def explain(t: Translator, error: AppError | None) -> Trouble:
    """The words for an error that no screen has words of its own for."""
    match error:
        case NotAllowed(code="signed_out"):
            return Trouble(
                t("You are signed out"), t("Please sign in again. Nothing is lost."), True
            )
        case NotAllowed(code="not_full_yet"):
            return Trouble(
                t("This waits a little"),
                t("You just got back in. Your first screen says how long."),
            )
        case NotAllowed():
            return Trouble(
                t("That is not open to you"), t("If you think it should be, ask your organisation.")
            )
        case NotFound():
            return Trouble(
                t("That is not here"), t("It may have been moved or taken away since you looked.")
            )
        case Conflict():
            return Trouble(
                t("Somebody was faster"),
                t("This was changed meanwhile. Please look again, then decide."),
            )
        case Invalid():
            return Trouble(
                t("That did not work"), t("Something in it cannot be taken. Nothing was changed.")
            )
        case Unreachable():
            return Trouble(
                t("No answer right now"),
                t("What you saved is safe. Please try again in a moment."),
            )
    return _unexpected(t, error)


def _unexpected(t: Translator, error: AppError | None) -> Trouble:
    title = t("Something went wrong here")
    fault = t("It is our fault, not yours. What you saved is safe.")
    number = error.fields.get("id") if error else None
    if number is None:
        return Trouble(title, fault)
    mark = t("If you tell somebody about this, give them this number: {number}", number=number)
    return Trouble(title, f"{fault} {mark}")
