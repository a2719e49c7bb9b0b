"""Days on which nobody works here, noted under Me by who runs the place."""

from functools import partial

import flet as ft

from app.core.errors import Invalid
from app.core.i18n import Translator
from app.design.buttons import Handler, MainButton, QuietButton
from app.design.cards import Body, Card, Quiet, WhoReads
from app.design.forms import Field
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import Empty, show
from app.people.cards import use_mine
from app.people.closed import ClosedDays, Span, read_span, spans
from app.people.model import Organisation


@screen
def ClosedPart() -> ft.Control:
    """The list, and a way to add to it."""
    active = use_mine().home.active
    return keyed("closed", EditClosed, active.organisation) if active else ft.Container()


@screen
def EditClosed(place: Organisation) -> ft.Control:
    """Days that follow each other are one line; nothing is due on any of them."""
    session = use_session()
    t, days = session.t, ClosedDays(session.db, place.id)
    loaded, reload = use_load(days.coming, live="organisation", deps=[place.id])
    typed, set_typed = ft.use_state("")
    added, set_added = ft.use_state(0)
    wrong, set_wrong = ft.use_state("")

    async def add() -> None:
        span = read_span(typed)
        try:
            if span is None:
                raise Invalid("date_not_valid")
            await days.close(*span)
        except Invalid:
            set_wrong(t("Please write days to come, like 24.12.2026."))
            return
        set_wrong("")
        set_typed("")
        set_added(added + 1)
        reload()

    async def take_off(span: Span) -> None:
        await days.open(*span)
        reload()

    run, running = use_action(add)
    run_off, taking_off = use_action(take_off)
    field = keyed(
        str(added),
        Field,
        t("Day, or first and last day"),
        set_typed,
        hint=t("Like 24.12.2026, or 24.12.2026–01.01.2027."),
        wrong=wrong or None,
        on_submit=run,
    )
    return Stack(
        [
            WhoReads(t("Everybody in {place} can see this.", place=place.name)),
            Quiet(t("No answer is due on these days.")),
            field,
            ft.Row([MainButton(t("Add"), run, running=running)], wrap=True),
            show(
                t,
                loaded,
                reload,
                ready=lambda found: Stack(
                    [_One(t, each, partial(run_off, each), taking_off) for each in spans(found)]
                ),
                empty=lambda: Empty(t("No closed days are noted.")),
            ),
        ]
    )


def _One(t: Translator, span: Span, take_off: Handler, running: bool) -> ft.Control:
    first, last = span
    words = t.date(first) if first == last else f"{t.date(first)} – {t.date(last)}"
    button = QuietButton(t("Open again: {day}", day=t.date(first)), take_off, running=running)
    return Card([Body(words), ft.Row([button], wrap=True)])
