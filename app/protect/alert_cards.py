"""What staff see of alerts on every screen and on the first one."""

from collections.abc import Callable

import flet as ft

from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import Card, Heading, IconLine
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.rows import Row, Rows
from app.design.session import AppSession, use_session
from app.design.states import Loaded, show
from app.design.tokens import CARD_RADIUS, ROOM, SNUG
from app.people.cards import use_mine
from app.people.list_screen import going
from app.people.model import Home, Role
from app.protect.alert_model import AlertRow, AlertState, OnDuty
from app.protect.alert_words import row_words, there_words
from app.protect.alerts import Alerts

ALERTS, ROTA = "/alerts", "/rota"
STAFF = frozenset({Role.KEY_WORKER, Role.COORDINATOR, Role.SAFEGUARDING_LEAD})
LEADS = frozenset({Role.COORDINATOR, Role.SAFEGUARDING_LEAD})
KINDS = frozenset({"alert", "duty"})


def may_have_duty(home: Home) -> bool:
    """Whether somebody may be asked to answer, in whatever role they work at the moment."""
    return home.role is not Role.YOUNG_PERSON and any(m.role in STAFF for m in home.memberships)


def use_on_duty() -> tuple[Loaded[OnDuty], Callable[[], None]]:
    """Who has duty where the reader works now, and the alerts they may see. A hook."""
    session, home = use_session(), use_mine().home
    alerts = Alerts(session.db, session.seal)
    place = home.active.organisation.id if home.active and may_have_duty(home) else None

    async def read() -> OnDuty:
        if place is None:
            return OnDuty((), None, None, ())
        return await alerts.on_duty(place)

    return use_load(read, live=KINDS, deps=[place])


@screen
def AlertBar() -> ft.Control:
    """On every screen of who was told, but that of the alert itself, until somebody takes it."""
    session = use_session()
    t = session.t
    loaded, _ = use_on_duty()
    here = ft.use_route_location()
    pressing = loaded.data.pressing if loaded.data else ()
    if not pressing:
        return ft.Container(visible=False)
    first = pressing[0]
    path = f"{ALERTS}/{first.id}"
    if here == path:
        return ft.Container(visible=False)
    words = IconLine(
        ft.Icons.NOTIFICATION_IMPORTANT_ROUNDED,
        t("{name} does not feel safe.", name=first.name),
        color=theme.DANGER,
    )
    look = QuietButton(t("Look now"), going(session, path))
    line: ft.Control = ft.Column([words, look], spacing=SNUG, tight=True)
    if session.wide and not session.look.large:
        line = ft.Row([ft.Container(content=words, expand=True), look], spacing=SNUG)
    box = ft.Container(
        content=line,
        padding=ROOM,
        margin=ft.Margin.symmetric(horizontal=ROOM),
        bgcolor=theme.SURFACE,
        border=ft.Border.all(2, theme.DANGER),
        border_radius=CARD_RADIUS,
    )
    return ft.Semantics(live_region=True, container=True, content=box)


@screen
def DutyCard() -> ft.Control:
    """Who has duty now, and the way to what was sent; on the first screen of staff."""
    session, home = use_session(), use_mine().home
    t = session.t
    loaded, reload = use_on_duty()

    def ready(duty: OnDuty) -> ft.Control:
        mine = (
            [t("You have duty until {time}.", time=t.time(duty.mine_until))]
            if duty.mine_until
            else []
        )
        lines = [there_words(t, duty.there, duty.next_at), *mine]
        ways: list[ft.Control] = [
            Row(
                ft.Icons.HEALTH_AND_SAFETY_ROUNDED,
                t("Who did not feel safe"),
                going(session, ALERTS),
            )
        ]
        if home.role in LEADS:
            ways.append(Row(ft.Icons.CALENDAR_MONTH_ROUNDED, t("Rota"), going(session, ROTA)))
        return ft.Column(
            [
                *(IconLine(ft.Icons.SCHEDULE_ROUNDED, line, color=theme.INK) for line in lines),
                Rows(ways),
            ],
            spacing=SNUG,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    return Card([Heading(t("Duty")), show(t, loaded, reload, ready=ready)])


def AlertRows(session: AppSession, alerts: tuple[AlertRow, ...], chosen: str | None) -> ft.Control:
    """A list of alerts, each with the way to it."""
    return Rows(
        [
            Row(
                alert_icon(each.state),
                each.name,
                going(session, f"{ALERTS}/{each.id}"),
                meta=row_words(session.t, each),
                chosen=str(each.id) == chosen,
            )
            for each in alerts
        ]
    )


def alert_icon(state: AlertState) -> ft.IconData:
    """How far it has come, as a picture beside the words."""
    match state:
        case AlertState.WAITING | AlertState.FALLBACK:
            return ft.Icons.NOTIFICATION_IMPORTANT_ROUNDED
        case AlertState.TAKEN | AlertState.REACHED:
            return ft.Icons.DIRECTIONS_RUN_ROUNDED
        case AlertState.TAKEN_BACK:
            return ft.Icons.UNDO_ROUNDED
    return ft.Icons.CHECK_ROUNDED
