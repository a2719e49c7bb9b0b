"""For coordinators and safeguarding leads: who has duty, and what is done when nobody answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import flet as ft

from app.core.clock import clock_time, utc_now
from app.core.errors import Conflict, Invalid
from app.core.i18n import Translator
from app.design.buttons import Choice, IconButton, MainButton, QuietButton
from app.design.cards import Body, Card, Heading, Quiet
from app.design.forms import Field, Wrong
from app.design.guard import action, calling, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.people.cards import use_mine
from app.people.model import Organisation
from app.protect.model import Named
from app.protect.rota import Duty, Rota, RotaPage
from app.protect.rota_rules import Rules

Reload = Callable[[], None]
_SHOWN = 6


@screen
def RotaScreen() -> ft.Control:
    """The duties of four weeks, a form for more of them, and the rules."""
    session, active = use_session(), use_mine().home.active
    t, rota = session.t, Rota(session.db)
    place = active.organisation if active else None

    async def read() -> RotaPage | None:
        return await rota.page(place.id) if place else None

    loaded, reload = use_load(read, live="duty", deps=[place.id if place else None])

    def ready(page: RotaPage) -> ft.Control:
        if place is None:
            return ft.Container(visible=False)
        return Stack(
            [
                keyed("duties", Duties, page.duties, reload),
                keyed("plan", Plan, page, place, reload),
                keyed(f"rules {page.rules.version}", Rules, place.id, page.rules, reload),
            ]
        )

    return Stack(
        [
            Heading(t("Rota"), level=1),
            Quiet(t("Who has duty answers when somebody does not feel safe.")),
            show(t, loaded, reload, ready=lambda page: ready(page) if page else Body("")),
        ]
    )


@screen
def Duties(duties: tuple[Duty, ...], reload: Reload) -> ft.Control:
    """Who has duty and when, the next first; each can be taken away."""
    session = use_session()
    t, rota = session.t, Rota(session.db)
    all_shown, set_all = ft.use_state(False)

    async def cancel(duty: UUID) -> None:
        await rota.cancel(duty)
        reload()

    @action
    def show_all() -> None:
        set_all(True)

    run, _ = use_action(cancel)
    if not duties:
        return Card([Body(t("Nobody has duty. Then young people cannot send anything."))])
    more = QuietButton(t("Show more"), show_all, icon=ft.Icons.EXPAND_MORE_ROUNDED)
    return Card(
        [
            Heading(t("Planned")),
            *(
                ft.Row(
                    [
                        ft.Column(
                            [Body(f"{each.name} · {each.site}"), Quiet(_span(t, each))],
                            spacing=0,
                            tight=True,
                            expand=True,
                        ),
                        IconButton(
                            t("Take away: {name}, {when}", name=each.name, when=_span(t, each)),
                            ft.Icons.CLOSE_ROUNDED,
                            partial(run, each.id),
                        ),
                    ],
                    key=str(each.id),
                )
                for each in (duties if all_shown else duties[:_SHOWN])
            ),
            *([] if all_shown or len(duties) <= _SHOWN else [ft.Row([more], wrap=True)]),
        ]
    )


def _span(t: Translator, duty: Duty) -> str:
    return t(
        "{date}, {start} to {end}",
        date=t.date(duty.starts),
        start=t.time(duty.starts),
        end=t.time(duty.ends),
    )


@dataclass(frozen=True)
class Planned:
    """What was chosen so far; `week` counts from this one."""

    person: UUID | None = None
    site: UUID | None = None
    week: int = 0
    days: frozenset[date] = frozenset()
    wrong: str | None = None


@dataclass
class Hours:
    """What stands in the two boxes."""

    start: str = "08:00"
    end: str = "16:00"


@screen
def Plan(page: RotaPage, place: Organisation, reload: Reload) -> ft.Control:
    """Who, where, on which days and from when to when."""
    session = use_session()
    t, rota = session.t, Rota(session.db)
    plan, set_plan = ft.use_state(Planned())
    hours = cast(Hours, ft.use_ref(cast(Any, Hours)).current)
    site = plan.site or (page.sites[0].id if page.sites else None)
    zone = ZoneInfo(place.time_zone)

    def keep(**change: str) -> None:
        for name, text in change.items():
            setattr(hours, name, text)

    async def add() -> None:
        start, end = clock_time(hours.start), clock_time(hours.end)
        if plan.person is None or site is None or not plan.days or start is None or end is None:
            set_plan(replace(plan, wrong=_missing(t, plan, site)))
            return
        try:
            for day in sorted(plan.days):
                await rota.plan(site, plan.person, *_times(day, start, end, zone))
        except (Conflict, Invalid) as error:
            set_plan(replace(plan, wrong=_refusal(t, error)))
        else:
            set_plan(Planned(site=plan.site, week=plan.week))
        reload()

    def choose(**change: Any) -> None:
        set_plan(replace(plan, wrong=None, **change))

    run, running = use_action(add)
    if not page.sites:
        return Card([Body(t("First a place is needed where people work."))])
    return Card(
        [
            Heading(t("Plan duty")),
            _Names(t("Who?"), page.people, plan.person, lambda each: calling(choose, person=each)),
            *(
                [_Names(t("Where?"), page.sites, site, lambda each: calling(choose, site=each))]
                if len(page.sites) > 1
                else []
            ),
            _Days(t, plan, zone, choose),
            Field(t("From"), lambda text: keep(start=text), value="08:00"),
            Field(
                t("Until"),
                lambda text: keep(end=text),
                value="16:00",
                hint=t("At most a day. An earlier time is the next day."),
            ),
            *([Wrong(plan.wrong)] if plan.wrong else []),
            ft.Row([MainButton(t("Plan it"), run, running=running)], wrap=True),
        ]
    )


def _Names(
    question: str,
    names: tuple[Named, ...],
    chosen: UUID | None,
    handler: Callable[[UUID], Callable[..., object]],
) -> ft.Control:
    cards = [Choice(each.name, handler(each.id), chosen=each.id == chosen) for each in names]
    return Stack([Heading(question, level=3), Rows(cards)])


def _Days(t: Translator, plan: Planned, zone: ZoneInfo, choose: Callable[..., None]) -> ft.Control:
    today = utc_now().astimezone(zone).date()
    days = [today + timedelta(days=7 * plan.week + each) for each in range(7)]
    boxes = [
        Choice(
            t.date(day),
            calling(choose, days=plan.days ^ {day}),
            chosen=day in plan.days,
            several=True,
        )
        for day in days
    ]
    later = QuietButton(t("A week later"), calling(choose, week=plan.week + 1))
    sooner = QuietButton(t("A week sooner"), calling(choose, week=plan.week - 1))
    ways = [*([sooner] if plan.week else []), *([later] if plan.week < 3 else [])]
    return Stack([Heading(t("On which days?"), level=3), Rows(boxes), ft.Row(ways, wrap=True)])


def _times(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    ends = day if end > start else day + timedelta(days=1)
    return datetime.combine(day, start, zone), datetime.combine(ends, end, zone)


def _missing(t: Translator, plan: Planned, site: UUID | None) -> str:
    if plan.person is None or site is None:
        return t("Please choose who has duty.")
    if not plan.days:
        return t("Please choose a day.")
    return t("Please write times like 08:00.")


def _refusal(t: Translator, error: Conflict | Invalid) -> str:
    if error.code == "already_there":
        return t("They have duty then already. What came before is planned.")
    if error.code == "times_not_valid":
        return t("That time is over, or longer than a day.")
    return t("They cannot have duty any more. Please choose somebody else.")
