"""A coordinator's young people who have no key worker yet, and giving them one."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from app.core.errors import NotFound
from app.design.buttons import Choice, QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Row, Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.people.cards import use_mine, use_people
from app.people.list_screen import ListAndOne, More, first_pages, going, list_level
from app.people.model import Colleague, OpenedPerson, Page, UnownedYoungPerson
from app.people.team_cards import TEAM_KINDS, PersonRow, StateLine, team_reads

Reload = Callable[[], None]
Unowned = Page[UnownedYoungPerson]
PATH, EVERYBODY = "/waiting", "/people"


@screen
def WaitingScreen() -> ft.Control:
    """Who has no key worker yet, the longest waiting first; and whom to choose for them."""
    session, people, active = use_session(), use_people(), use_mine().home.active
    chosen = ft.use_route_params().get("person")
    place = active.organisation.id if active else None

    pages = ft.use_ref(1)

    async def read() -> Unowned:
        if place is None:
            return Page((), more=False)
        return await first_pages(partial(people.unowned_young_people, place), pages.current or 1)

    loaded, reload = use_load(read, live=TEAM_KINDS, deps=[place])
    one = _chosen(session, chosen, loaded, reload) if chosen else None
    everybody = _List(session, chosen, loaded, reload, pages)
    return ListAndOne(session, PATH, session.t("No key worker yet"), everybody, one)


def WaitingRow(session: AppSession, waiting_people: Unowned) -> ft.Control:
    """The way to this screen, with how many are waiting."""
    t, count = session.t, len(waiting_people)
    if waiting_people.more:
        meta = t("More than {n} are waiting", n=t.number(count))
    else:
        meta = t.n("{n} is waiting", "{n} are waiting", count)
    icon = ft.Icons.PERSON_SEARCH_ROUNDED
    return Row(icon, t("No key worker yet"), going(session, PATH), meta=meta)


def _List(
    session: AppSession,
    chosen: str | None,
    loaded: Loaded[Unowned],
    reload: Reload,
    pages: MutableRef[int],
) -> ft.Control:
    t = session.t

    def rows(waiting_people: Unowned) -> ft.Control:
        return Rows(
            [
                PersonRow(
                    each.name,
                    [t("Since {date}", date=t.date(each.since))],
                    going(session, f"{PATH}/{each.id}"),
                    chosen=str(each.id) == chosen,
                )
                for each in waiting_people.rows
            ]
            + More(session, waiting_people, pages, reload)
        )

    everybody_has_one = Empty(t("Every young person has a key worker."))
    back = QuietButton(
        t("Young people"), going(session, EVERYBODY), icon=ft.Icons.ARROW_BACK_ROUNDED
    )
    return Stack(
        [
            ft.Row([back], wrap=True),
            Heading(t("No key worker yet"), level=list_level(session, chosen)),
            show(t, loaded, reload, ready=rows, empty=lambda: everybody_has_one),
        ]
    )


def _chosen(
    session: AppSession, chosen: str, loaded: Loaded[Unowned], reload: Reload
) -> ft.Control:
    if loaded.data is None:
        return waiting(session.t, loaded, reload, level=1)
    person = next((each for each in loaded.data.rows if str(each.id) == chosen), None)
    if person is None:
        # Given a key worker meanwhile, here or by somebody else.
        return Problem(session.t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, ChooseKeyWorker, person)


@screen
def ChooseKeyWorker(person: UnownedYoungPerson) -> ft.Control:
    """Give one young person a key worker out of those who may be one today."""
    session, people = use_session(), use_people()
    t, place = session.t, person.organisation_id

    async def read() -> tuple[OpenedPerson, list[Colleague]]:
        return await people.open_person(person.id), await people.possible_key_workers(place)

    loaded, reload = use_load(read, deps=[person.id])

    async def choose(seen: UUID | None, colleague: UUID) -> None:
        await people.set_key_worker(place, person.id, colleague, seen=seen)
        session.navigate(PATH)

    run, running = use_action(choose)

    def choices(read: tuple[OpenedPerson, list[Colleague]]) -> ft.Control:
        opened, colleagues = read
        before = opened.key_worker
        cards = [
            Choice(
                each.name,
                partial(run, before.id if before else None, each.person_id),
                chosen=False,
                disabled=running,
            )
            for each in colleagues
        ]
        nobody = Quiet(t("Nobody can be a key worker today. Note their training and check first."))
        return Rows(cards) if cards else nobody

    return Card(
        [
            Heading(person.name, level=1),
            StateLine(t, person.joined),
            team_reads(t),
            Heading(t("Who shall be their key worker?")),
            show(t, loaded, reload, ready=choices),
        ]
    )
