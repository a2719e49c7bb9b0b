"""One role of a colleague: until which day they are trained and checked, and its end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import cast

import flet as ft

from app.core.clock import utc_now
from app.core.errors import Invalid, NotAllowed
from app.design import theme
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Card, Heading, IconLine, Quiet
from app.design.forms import Field
from app.design.guard import action, screen
from app.design.hooks import use_action
from app.design.session import use_session
from app.people.cards import use_people
from app.people.coordinator_cards import TwoTaps, use_staff
from app.people.role_words import role_name
from app.people.staff_model import Reason, StaffRole

Reload = Callable[[], None]
_YEAR = timedelta(days=365)


@screen
def ClearanceCard(role: StaffRole, reload: Reload, *, may_end: bool) -> ft.Control:
    """Says until when this role may see young people, and changes it."""
    t, today = use_session().t, utc_now().date()
    begun, set_begun = ft.use_state(False)

    @action
    def begin() -> None:
        set_begun(True)

    until = role.cleared_until
    if until and role.cleared(today):
        state = IconLine(
            ft.Icons.VERIFIED_USER_ROUNDED,
            t("Training and check are valid until {date}.", date=t.date(until)),
            color=theme.OK,
        )
    else:
        words = t("Training and check are not noted. They see no young people.")
        state = IconLine(ft.Icons.GPP_MAYBE_ROUNDED, words, color=theme.WARN)
    steps = [
        SetClearance(role, reload)
        if begun
        else ft.Row([QuietButton(t("Change training and check"), begin)], wrap=True)
    ]
    if may_end:
        steps.append(EndRole(role, reload))
    since = Quiet(t("Since {date}", date=t.date(role.since)))
    return Card([Heading(role_name(t, role.role)), since, state, *steps])


@screen
def SetClearance(role: StaffRole, reload: Reload) -> ft.Control:
    """A day from a certificate, a year from today, or not any more."""
    t, people = use_session().t, use_people()
    typed = ft.use_ref("")
    wrong, set_wrong = ft.use_state(cast("str | None", None))

    def keep(text: str) -> None:
        typed.current = text

    async def store(until: date | None) -> None:
        try:
            await people.set_clearance(role.membership_id, until, role.version)
        except Invalid:
            set_wrong(t("Please choose a day in the next five years."))
            return
        except NotAllowed as error:
            if error.code != "not_yourself":
                raise
            set_wrong(t("Somebody else has to confirm this for you."))
            return
        reload()

    async def store_typed() -> None:
        try:
            until = date.fromisoformat((typed.current or "").strip())
        except ValueError:
            set_wrong(t("Please write it like {example}.", example=_example()))
            return
        await store(until)

    save, saving = use_action(store_typed)
    put, putting = use_action(store)
    busy = saving or putting

    @action
    async def for_a_year() -> None:
        await put(utc_now().date() + _YEAR)

    @action
    async def take_away() -> None:
        await put(None)

    return ft.Column(
        [
            Field(
                t("Valid until"),
                keep,
                on_submit=save,
                hint=t("Year, month, day: {example}", example=_example()),
                wrong=wrong,
            ),
            ft.Row(
                [
                    MainButton(t("Save"), save, running=busy),
                    QuietButton(t("One year from today"), for_a_year, running=busy),
                    QuietButton(t("Not valid any more"), take_away, running=busy),
                ],
                wrap=True,
            ),
        ],
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _example() -> str:
    return (utc_now().date() + _YEAR).isoformat()


@screen
def EndRole(role: StaffRole, reload: Reload) -> ft.Control:
    """Ends one of several roles, in two taps."""
    t, staff = use_session().t, use_staff()

    async def end() -> None:
        await staff.end_role(role.membership_id, Reason.FINISHED)
        reload()

    return TwoTaps(
        t("End this role"),
        t("What they see as {role} ends at once.", role=role_name(t, role.role)),
        t("End it now"),
        end,
    )
