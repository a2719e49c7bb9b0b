"""What the first screen of staff shows of the people they are there for."""

from collections.abc import Sequence

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.people.cards import use_mine, use_people
from app.people.coordinator import PATH as WAITING
from app.people.key_worker import PATH as PEOPLE
from app.people.list_screen import going
from app.people.model import Page, Role, UnownedYoungPerson, YoungPerson
from app.people.team_cards import TEAM_KINDS, PersonRow, state_words

# The first screen leads on; the whole list is one tap away.
_SHOWN = 5


@screen
def MyPeopleCard() -> ft.Control:
    """The young people in whose team the reader is: the first few, and the way to all of them."""
    session, people, mine = use_session(), use_people(), use_mine()
    t = session.t
    loaded, reload = use_load(people.my_young_people, live=TEAM_KINDS)
    adds = mine.home.role is Role.KEY_WORKER

    def ready(young_people: Sequence[YoungPerson]) -> ft.Control:
        rows = [
            PersonRow(each.name, [_about(t, each)], going(session, f"{PEOPLE}/{each.id}"))
            for each in young_people[:_SHOWN]
        ]
        if len(young_people) <= _SHOWN:
            return Rows(rows)
        everybody = QuietButton(t("Show everybody"), going(session, PEOPLE))
        return Stack([Rows(rows), ft.Row([everybody], wrap=True)])

    def nobody() -> ft.Control:
        if not adds:
            return Quiet(t("You are in nobody's team yet. A coordinator can change that."))
        add = MainButton(t("Add a young person"), going(session, f"{PEOPLE}/new"))
        return Stack(
            [Quiet(t("Nobody is here yet. Add the first young person.")), ft.Row([add], wrap=True)]
        )

    body = show(t, loaded, reload, ready=ready, empty=nobody)
    return Card([Heading(t("My young people")), body])


def _about(t: Translator, person: YoungPerson) -> str:
    """Whether they joined, as far as the reader may know it, else since when they are there."""
    return state_words(t, person.joined) or t("Since {date}", date=t.date(person.since))


@screen
def WaitingCard() -> ft.Control:
    """Who has no key worker, for a coordinator; says so too when there is nobody."""
    session, people, mine = use_session(), use_people(), use_mine()
    t, active = session.t, mine.home.active

    async def read() -> Page[UnownedYoungPerson]:
        if active is None:
            return Page((), more=False)
        return await people.unowned_young_people(active.organisation.id)

    loaded, reload = use_load(read, live=TEAM_KINDS, deps=[active])

    def ready(page: Page[UnownedYoungPerson]) -> ft.Control:
        if not page.rows:
            return Quiet(t("Every young person has a key worker."))
        return Rows(
            [
                PersonRow(
                    each.name,
                    [t("Since {date}", date=t.date(each.since))],
                    going(session, f"{WAITING}/{each.id}"),
                )
                for each in page.rows[:_SHOWN]
            ]
        )

    return Card([Heading(t("No key worker yet")), show(t, loaded, reload, ready=ready)])
