"""Cards about getting back in: for the key worker, and for whoever is back and still waits."""

from datetime import datetime
from functools import partial
from typing import cast

import flet as ft

from app.core.errors import Conflict
from app.core.i18n import Translator
from app.design.buttons import Choice, MainButton, PageButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet
from app.design.forms import Wrong
from app.design.guard import action, screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.session import use_session
from app.design.tokens import SNUG, TIGHT
from app.people.model import JoinCode, OpenedPerson
from app.people.returns import ReturnReason, Returns
from app.people.team_cards import CodeCard


@screen
def BackInCard(person: OpenedPerson) -> ft.Control:
    """For their key worker: a code for a young person who cannot get in any more."""
    session = use_session()
    t, returns = session.t, Returns(session.db)
    asking, set_asking = ft.use_state(False)
    reason, set_reason = ft.use_state(cast("ReturnReason | None", None))
    latest = ft.use_ref(cast("ReturnReason | None", None))
    made, set_made = ft.use_state(cast("JoinCode | None", None))
    wrong, set_wrong = ft.use_state("")

    @action
    def ask() -> None:
        set_asking(True)

    @action
    def choose(wanted: ReturnReason) -> None:
        latest.current = wanted
        set_reason(wanted)
        set_wrong("")

    async def make() -> None:
        # A tap that comes before the choice is drawn still means what was chosen.
        if latest.current is None:
            set_wrong(t("Please choose a reason first."))
            return
        try:
            set_made(await returns.new_code(person.id, latest.current))
        except Conflict as error:
            set_wrong(_refusal(t, error))

    run, running = use_action(make)
    if made:
        told = t("{name} sees now that you made this code.", name=person.name)
        return Stack(
            [
                CodeCard(t, person.name, made.code, back_address(session.origin, made.code)),
                IconLine(ft.Icons.NOTIFICATIONS_ROUNDED, told),
            ]
        )
    heading = Heading(t("They cannot get in any more?"))
    about = Quiet(t("A code lets them in again. We tell them that you made it."))
    if not asking:
        button = QuietButton(t("They cannot get in any more"), ask, icon=ft.Icons.KEY_ROUNDED)
        return Card([heading, about, ft.Row([button], wrap=True)])
    choices = [
        Choice(words, partial(choose, each), chosen=each == reason, disabled=running)
        for each, words in _reasons(t).items()
    ]
    return Card(
        [
            heading,
            about,
            Body(t("Why? They will read the reason.")),
            ft.Column(choices, spacing=TIGHT, tight=True),
            *([Wrong(wrong)] if wrong else []),
            ft.Row([MainButton(t("Make a code"), run, running=running)], wrap=True, spacing=SNUG),
        ]
    )


def WaitCard(t: Translator, until: datetime) -> ft.Control:
    """For somebody who got back in by a code: what waits, until when, and how to be faster."""
    when = t("From {day}, {time} you see everything again.", day=t.date(until), time=t.time(until))
    prove = PageButton(t("Show that it is you"), "/back/prove", icon=ft.Icons.KEY_ROUNDED)
    return Card(
        [
            Heading(t("You are back in")),
            Body(t("Your plan, dates and messages are here now.")),
            IconLine(ft.Icons.SCHEDULE_ROUNDED, when),
            Quiet(t("Sooner with your old passphrase.")),
            ft.Row([prove], wrap=True),
        ]
    )


def back_address(origin: str, code: str) -> str:
    """What the picture of a code to get back in leads to."""
    return f"{origin}/back/{code}"


def _reasons(t: Translator) -> dict[ReturnReason, str]:
    return {
        ReturnReason.NEW_PHONE: t("They have a new phone"),
        ReturnReason.FORGOT: t("They forgot how they sign in"),
        ReturnReason.LOST: t("Their phone is lost or stolen"),
        ReturnReason.OTHER: t("Something else"),
    }


def _refusal(t: Translator, error: Conflict) -> str:
    match error.code:
        case "objected":
            return t("They said no to a code. Please ask your coordinator.")
        case "works_somewhere":
            return t("A code does not open this place. Please ask your coordinator.")
        case "too_many_codes":
            return t("Five codes are enough for a day. Try again tomorrow.")
    raise error
