"""For who has duty or leads: what young people sent who did not feel safe."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator, in_own_direction
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet, WhoReads
from app.design.guard import action, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.design.theme import DANGER, INK
from app.people.list_screen import ListAndOne, list_level
from app.people.team_cards import language_name
from app.protect.alert_cards import ALERTS, AlertRows, alert_icon, use_on_duty
from app.protect.alert_model import UNTAKEN, Alert, AlertState, OnDuty, Outcome
from app.protect.alert_words import (
    outcome_words,
    state_words,
    step_words,
    there_words,
    wished_words,
)
from app.protect.alerts import Alerts


@screen
def AlertsScreen() -> ft.Control:
    """What is open and what ended in the last 30 days, and one of them."""
    session = use_session()
    t = session.t
    chosen = ft.use_route_params().get("alert")
    loaded, reload = use_on_duty()
    everything = Stack(
        [
            Heading(t("Who did not feel safe"), level=list_level(session, chosen)),
            show(
                t,
                loaded,
                reload,
                ready=lambda duty: Stack(
                    [
                        Quiet(there_words(t, duty.there, duty.next_at)),
                        AlertRows(session, duty.alerts, chosen)
                        if duty.alerts
                        else Empty(t("Nobody has sent anything.")),
                    ]
                ),
            ),
        ]
    )
    one = _chosen(t, chosen, loaded, reload) if chosen else None
    return ListAndOne(session, ALERTS, t("Who did not feel safe"), everything, one)


def _chosen(
    t: Translator, chosen: str, loaded: Loaded[OnDuty], reload: Callable[[], None]
) -> ft.Control:
    if loaded.data is None:
        return waiting(t, loaded, reload, level=1)
    alert = next((each.id for each in loaded.data.alerts if str(each.id) == chosen), None)
    if alert is None:
        return Problem(t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, OneAlert, alert)


@screen
def OneAlert(alert: UUID) -> ft.Control:
    """All of it: what they wish, what they wrote, who was told, and what to do next."""
    session = use_session()
    t, alerts = session.t, Alerts(session.db, session.seal)
    loaded, reload = use_load(partial(alerts.read, alert), live="alert", deps=[alert])
    return show(
        t,
        loaded,
        reload,
        ready=lambda found: Stack(
            [_Said(t, found), keyed("steps", Steps, found, reload), _Told(t, found)]
        ),
        level=1,
    )


def _Said(t: Translator, alert: Alert) -> ft.Control:
    language = language_name(alert.language)
    about = t("It is about {name}.", name=alert.about) if alert.about else None
    staff = [
        IconLine(
            ft.Icons.BADGE_ROUNDED,
            about or t("It is about somebody who works with them."),
            color=DANGER,
        ),
        Quiet(t("Nobody of their team may hear of it.")),
    ]
    return Card(
        [
            Heading(t("{name} does not feel safe.", name=alert.name), level=1),
            IconLine(
                alert_icon(alert.state), state_words(t, alert.state, alert.taken_by), color=INK
            ),
            Quiet(t("Sent {date}, {time}.", date=t.date(alert.at), time=t.time(alert.at))),
            *(staff if alert.about_staff else []),
            IconLine(
                ft.Icons.CONNECT_WITHOUT_CONTACT_ROUNDED, wished_words(t, alert.reach), color=INK
            ),
            *([Body(alert.text)] if alert.text else []),
            *([Quiet(t("Reads {language}", language=language))] if language else []),
            WhoReads(t("Who was told and who leads can read this. It is written down.")),
        ]
    )


def _Told(t: Translator, alert: Alert) -> ft.Control:
    lines = [
        Quiet(
            t(
                "At {time}: {name}, {why}",
                time=t.time(each.at),
                name=each.name,
                why=step_words(t, each.step),
            )
        )
        for each in alert.told
    ]
    end = in_own_direction(alert.fallback or "")
    last = [Heading(t("What we do when nobody takes it"), level=3), Body(end)]
    waits = alert.state in UNTAKEN and alert.fallback
    return Card([Heading(t("Who was told")), *lines, *(last if waits else [])])


@screen
def Steps(alert: Alert, reload: Callable[[], None]) -> ft.Control:
    """What the reader may do about it now."""
    session = use_session()
    t, alerts = session.t, Alerts(session.db, session.seal)
    closing, set_closing = ft.use_state(False)

    async def take() -> None:
        await alerts.take(alert.id)
        reload()

    async def reached() -> None:
        await alerts.reached(alert.id)
        reload()

    async def give_back() -> None:
        await alerts.give_back(alert.id)
        reload()

    @action
    def end() -> None:
        set_closing(not closing)

    async def close(outcome: Outcome) -> None:
        await alerts.close(alert.id, outcome)
        reload()

    run_take, taking = use_action(take)
    run_reached, reaching = use_action(reached)
    run_back, giving = use_action(give_back)
    run_close, ending = use_action(close)
    if alert.outcome:
        return Card([IconLine(ft.Icons.CHECK_ROUNDED, outcome_words(t, alert.outcome), color=INK)])
    buttons: list[ft.Control] = []
    if alert.state in UNTAKEN:
        buttons.append(MainButton(t("I take it"), run_take, running=taking))
    elif alert.in_my_hands:
        if alert.state is AlertState.TAKEN:
            buttons.append(MainButton(t("I reached them"), run_reached, running=reaching))
            buttons.append(QuietButton(t("I cannot: tell the next one"), run_back, running=giving))
        buttons.append(QuietButton(t("Close it"), end))
    words = [
        ft.Row(
            [QuietButton(outcome_words(t, each), partial(run_close, each), running=ending)],
            wrap=True,
        )
        for each in Outcome
    ]
    asked = [Heading(t("How are things now?"), level=3), *words] if closing else []
    return Stack([ft.Row(buttons, wrap=True), *asked]) if buttons else ft.Container(visible=False)
