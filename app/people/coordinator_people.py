"""Everybody an organisation looks after, as its coordinators see them: names, teams and dates."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design.cards import Card, Heading, PersonLine, Quiet
from app.design.guard import keyed, screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import Empty, show
from app.people.area_names import area_name
from app.people.cards import use_mine, use_people
from app.people.coordinator import EVERYBODY, WaitingRow
from app.people.coordinator_cards import SearchField, TwoTaps, use_staff
from app.people.coordinator_steps import AddToTeam, HandOver
from app.people.list_screen import ListAndOne, More, first_pages, going, list_level
from app.people.model import OpenedPerson, Page, Part, TeamMember, UnownedYoungPerson
from app.people.role_words import part_name
from app.people.staff_model import ListedPerson, Reason
from app.people.team_cards import (
    TEAM_KINDS,
    PersonRow,
    StateLine,
    state_words,
    team_reads,
)

PATH = EVERYBODY
_NOBODY: Page[UnownedYoungPerson] = Page((), more=False)


@screen
def EverybodyScreen() -> ft.Control:
    """The list of all young people, and beside it the team of the one that was chosen."""
    session, staff, active = use_session(), use_staff(), use_mine().home.active
    people = use_people()
    t, chosen = session.t, ft.use_route_params().get("person")
    place = active.organisation.id if active else None
    pages = ft.use_ref(1)
    search, set_search = ft.use_state("")

    async def read() -> tuple[Page[ListedPerson], Page[UnownedYoungPerson]]:
        if place is None:
            return Page((), more=False), _NOBODY
        found = await first_pages(partial(staff.young_people, place, search), pages.current or 1)
        # Who searches looks for somebody else.
        return found, _NOBODY if search else await people.unowned_young_people(place)

    def find(text: str) -> None:
        pages.current = 1
        set_search(text)

    loaded, reload = use_load(read, live=TEAM_KINDS, deps=[place, search])

    def rows(read: tuple[Page[ListedPerson], Page[UnownedYoungPerson]]) -> ft.Control:
        page, unowned = read
        if not page.rows:
            return Empty(t("Nobody has this name.") if search else t("Nobody is here yet."))
        first = [WaitingRow(session, unowned)] if unowned.rows else []
        lines = [
            PersonRow(
                each.name,
                _about(t, each),
                going(session, f"{PATH}/{each.id}"),
                chosen=str(each.id) == chosen,
            )
            for each in page.rows
        ]
        return Rows([*first, *lines, *More(session, page, pages, reload)])

    everybody = Stack(
        [
            Heading(t("Young people"), level=list_level(session, chosen)),
            keyed("search", SearchField, search, find),
            show(t, loaded, reload, ready=rows),
        ]
    )
    one = keyed(chosen, OnePerson, chosen, place) if chosen and place else None
    return ListAndOne(session, PATH, t("Young people"), everybody, one)


def _about(t: Translator, person: ListedPerson) -> list[str | None]:
    worker = person.key_worker
    of = t("Key worker: {name}", name=worker.name) if worker else t("No key worker yet")
    since = t("Since {date}", date=t.date(person.since))
    return [of, state_words(t, person.joined), since]


@screen
def OnePerson(chosen: str, place: UUID) -> ft.Control:
    """One young person's team. Opening it is noted in the access log, refreshing it is not."""
    t, people = use_session().t, use_people()

    async def read() -> OpenedPerson:
        try:
            person = UUID(chosen)
        except ValueError:
            raise NotFound("not_found") from None
        return await people.open_person(person)

    loaded, reload = use_load(read, live=TEAM_KINDS, deps=[chosen])
    return show(t, loaded, reload, ready=lambda opened: _Person(t, opened, place, reload), level=1)


def _Person(
    t: Translator, opened: OpenedPerson, place: UUID, reload: Callable[[], None]
) -> ft.Control:
    here = [each for each in opened.team if each.organisation_id == place]
    before = next((each for each in here if each.part is Part.KEY_WORKER), None)
    return Stack(
        [
            Card([Heading(opened.name, level=1), StateLine(t, opened.joined), team_reads(t)]),
            _Team(t, here, reload),
            keyed(f"over-{before.id if before else ''}", HandOver, opened, place, before, reload),
            keyed(f"add-{len(here)}", AddToTeam, opened, place, reload),
        ]
    )


def _Team(t: Translator, team: Sequence[TeamMember], reload: Callable[[], None]) -> ft.Control:
    if not team:
        return Card([Heading(t("In the team")), Quiet(t("Nobody is in this team yet."))])
    lines = [keyed(str(each.id), TeamLine, each, reload) for each in team]
    return Card([Heading(t("In the team")), *lines])


@screen
def TeamLine(member: TeamMember, reload: Callable[[], None]) -> ft.Control:
    """Somebody of a team with their part and since when; all but the key worker can be let go."""
    t, people = use_session().t, use_people()
    areas = ", ".join(area_name(t, area) for area in member.life_areas)
    facts = [part_name(t, member.part), t("Since {date}", date=t.date(member.since))]

    async def let_go() -> None:
        await people.leave_team(member.id, Reason.FINISHED)
        reload()

    line = PersonLine(member.name, [*facts, *([areas] if areas else [])], photo=member.photo)
    if member.part is Part.KEY_WORKER:
        return line
    step = TwoTaps(
        t("Take out of the team"),
        t("{name} will see nothing of this young person any more.", name=member.name),
        t("Take out now"),
        let_go,
    )
    return ft.Column([line, step], tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
