"""Young people as a mentor or a professional in their team sees them: what the part needs."""

from collections.abc import Callable
from functools import partial

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design.cards import Body, Card, Heading, IconLine, Quiet, WhoReads
from app.design.guard import keyed, screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.people.area_names import area_name
from app.people.cards import use_people
from app.people.list_screen import ListAndOne, going, list_level
from app.people.model import OpenedPerson, Part, TeamMember, YoungPerson
from app.people.role_words import part_name
from app.people.slots import use_page_cards
from app.people.team_cards import TEAM_KINDS, PersonRow, TeamCard, team_reads

Reload = Callable[[], None]
PATH = "/people"


@screen
def MyPeopleScreen() -> ft.Control:
    """Those in whose team the reader is, and what the reader's part shows of the chosen one."""
    session, people = use_session(), use_people()
    t, chosen = session.t, ft.use_route_params().get("person")
    loaded, reload = use_load(people.my_young_people, live=TEAM_KINDS)

    def rows(young_people: list[YoungPerson]) -> ft.Control:
        return Rows(
            [
                PersonRow(
                    each.name,
                    [t("Since {date}", date=t.date(each.since))],
                    going(session, f"{PATH}/{each.id}"),
                    chosen=str(each.id) == chosen,
                )
                for each in young_people
            ]
        )

    nobody = Empty(t("You are in no team yet. A coordinator or key worker adds you."))
    everybody = Stack(
        [
            Heading(t("My young people"), level=list_level(session, chosen)),
            show(t, loaded, reload, ready=rows, empty=lambda: nobody),
        ]
    )
    one = _chosen(session, chosen, loaded, reload) if chosen else None
    return ListAndOne(session, PATH, t("My young people"), everybody, one)


def _chosen(
    session: AppSession, chosen: str, loaded: Loaded[list[YoungPerson]], reload: Reload
) -> ft.Control:
    if loaded.data is None:
        return waiting(session.t, loaded, reload, level=1)
    person = next((each for each in loaded.data if str(each.id) == chosen), None)
    if person is None:
        return Problem(session.t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, MyPart, person)


@screen
def MyPart(person: YoungPerson) -> ft.Control:
    """One young person; opening it is noted in the access log, refreshing it is not."""
    session, people, cards = use_session(), use_people(), use_page_cards()
    t = session.t
    loaded, reload = use_load(
        partial(people.open_person, person.id), live=TEAM_KINDS, deps=[person.id]
    )

    def ready(opened: OpenedPerson) -> ft.Control:
        mine = next((each for each in opened.team if each.person_id == session.person_id), None)
        page = _Page(t, person, opened, mine)
        brought = [
            keyed(each.name, each.card, person) for each in cards if person.part in each.parts
        ]
        return Stack([page, *brought])

    return show(t, loaded, reload, ready=ready, level=1)


def _Page(
    t: Translator, person: YoungPerson, opened: OpenedPerson, mine: TeamMember | None
) -> ft.Control:
    since = t.date(person.since)
    part = Quiet(t("{part} since {date}", part=part_name(t, person.part), date=since))
    head = [Heading(opened.name, level=1), part]
    if person.part is Part.MENTOR:
        head.append(WhoReads(t("You see the first name and your dates, nothing else.")))
        return Stack([Card(head)])
    areas = mine.life_areas if mine else ()
    lines = [IconLine(ft.Icons.CHECK_ROUNDED, area_name(t, area)) for area in areas]
    seen = Card(
        [
            Heading(t("What you may see and write")),
            *lines,
            Body(t("The young person and the key worker have set this.")),
        ]
    )
    head.append(team_reads(t))
    return Stack([Card(head), seen, TeamCard(t, opened.team)])
