"""A key worker's young people: the list, one of them, and adding somebody."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

import flet as ft

from app.core.errors import AppError, Invalid, NotAllowed, NotFound
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.forms import Field
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.people.cards import use_mine, use_people
from app.people.close_cards import CloseCards
from app.people.list_screen import ListAndOne, going, list_level
from app.people.model import JoinCode, OpenedPerson, Part, YoungPerson
from app.people.names import name_problem, tidy_name
from app.people.return_cards import BackInCard
from app.people.role_words import part_name
from app.people.slots import use_page_cards
from app.people.team_cards import (
    TEAM_KINDS,
    CodeCard,
    PersonRow,
    StateLine,
    TeamCard,
    join_address,
    language_name,
    state_words,
    team_reads,
)

Reload = Callable[[], None]
PATH = "/people"
_NEW = "new"
_CLOSE = frozenset({Part.KEY_WORKER, Part.STAND_IN})


@screen
def YoungPeopleScreen() -> ft.Control:
    """The list and whom was chosen from it: side by side on a tablet, one at a time on a phone."""
    session, people = use_session(), use_people()
    chosen = ft.use_route_params().get("person")
    loaded, reload = use_load(people.my_young_people, live=TEAM_KINDS)
    chosen_one = _chosen(session, chosen, loaded, reload) if chosen else None
    everybody = _List(session, chosen, loaded, reload)
    return ListAndOne(session, PATH, session.t("My young people"), everybody, chosen_one)


def _List(
    session: AppSession, chosen: str | None, loaded: Loaded[list[YoungPerson]], reload: Reload
) -> ft.Control:
    t = session.t

    def rows(young_people: Sequence[YoungPerson]) -> ft.Control:
        return Rows(
            [
                PersonRow(
                    each.name,
                    _about(t, each),
                    going(session, f"{PATH}/{each.id}"),
                    chosen=str(each.id) == chosen,
                )
                for each in young_people
            ]
        )

    add = MainButton(
        t("Add a young person"),
        going(session, f"{PATH}/{_NEW}"),
        icon=ft.Icons.PERSON_ADD_ROUNDED,
    )
    nobody = Empty(t("Nobody is here yet. Add the first young person."))
    return Stack(
        [
            Heading(t("My young people"), level=list_level(session, chosen)),
            # Wrapping keeps the button inside its pane when text is large.
            ft.Row([add], wrap=True),
            show(t, loaded, reload, ready=rows, empty=lambda: nobody),
        ]
    )


def _about(t: Translator, person: YoungPerson) -> list[str | None]:
    """What matters in a list: my part, unless it is the usual one, and whether they joined."""
    part = None if person.part is Part.KEY_WORKER else part_name(t, person.part)
    return [part, state_words(t, person.joined)]


def _chosen(
    session: AppSession, chosen: str, loaded: Loaded[list[YoungPerson]], reload: Reload
) -> ft.Control:
    """Whom the address names, as far as they are among one's own young people."""
    if chosen == _NEW:
        return keyed(_NEW, AddPerson)
    if loaded.data is None:
        return waiting(session.t, loaded, reload, level=1)
    person = next((each for each in loaded.data if str(each.id) == chosen), None)
    if person is None:
        return Problem(session.t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, PersonPage, person)


@screen
def PersonPage(person: YoungPerson) -> ft.Control:
    """One young person. Opening it is noted in the access log; a refresh is the same opening."""
    session, people, cards = use_session(), use_people(), use_page_cards()
    t = session.t
    loaded, reload = use_load(
        partial(people.open_person, person.id),
        live="team",
        deps=[person.id, person.name, person.joined],
    )

    def page(opened: OpenedPerson) -> ft.Control:
        close = [keyed("close", CloseCards, person)] if person.part in _CLOSE else []
        brought = [
            keyed(each.name, each.card, person) for each in cards if person.part in each.parts
        ]
        return Stack([_Person(session, opened, brought), *close])

    return show(t, loaded, reload, ready=page, level=1)


def _Person(session: AppSession, opened: OpenedPerson, brought: Sequence[ft.Control]) -> ft.Control:
    t, mine = session.t, opened.key_worker
    # Until they have joined it is only a guess.
    language = language_name(opened.language) if opened.joined else None
    facts = [Quiet(t("Reads {language}", language=language))] if language else []
    return Stack(
        [
            Card(
                [
                    Heading(opened.name, level=1),
                    StateLine(t, opened.joined),
                    *facts,
                    team_reads(t),
                ]
            ),
            *brought,
            TeamCard(t, opened.team),
            *([] if opened.joined is not False else [keyed("code", NewCode, opened)]),
            *(
                [keyed("back", BackInCard, opened)]
                if opened.joined and mine and mine.person_id == session.person_id
                else []
            ),
        ]
    )


@screen
def NewCode(person: OpenedPerson) -> ft.Control:
    """Another code for somebody whose first one was lost or is too old."""
    session, people = use_session(), use_people()
    t = session.t
    made, set_made = ft.use_state(cast("JoinCode | None", None))

    async def make() -> None:
        set_made(await people.new_code(person.id))

    run, running = use_action(make)
    if made:
        return CodeCard(t, person.name, made.code, join_address(session.origin, made.code))
    return Card(
        [
            Heading(t("Is the code lost or too old?")),
            Quiet(t("A new code replaces the one before.")),
            ft.Row([QuietButton(t("New code"), run, running=running)], wrap=True),
        ]
    )


@screen
def AddPerson() -> ft.Control:
    """Add somebody by the name they want to be called; the answer is a code to hand over."""
    session, people, mine = use_session(), use_people(), use_mine()
    t, active = session.t, mine.home.active
    typed = ft.use_ref("")
    wrong, set_wrong = ft.use_state(cast("str | None", None))
    made, set_made = ft.use_state(cast("tuple[str, JoinCode] | None", None))

    def keep(text: str) -> None:
        typed.current = text

    async def add() -> None:
        name = tidy_name(typed.current or "")
        if active is None or name_problem(name):
            set_wrong(t("Please write a name, in at most 80 letters."))
            return
        try:
            language = mine.home.person.language
            code = await people.add_young_person(active.organisation.id, name, language)
        except (Invalid, NotAllowed) as error:
            set_wrong(_refusal(t, error))
            return
        set_made((name, code))

    run, running = use_action(add)
    if made:
        name, code = made
        return CodeCard(t, name, code.code, join_address(session.origin, code.code))
    return Stack(
        [
            Heading(t("Add a young person"), level=1),
            team_reads(t),
            Field(
                t("The name they want to use"),
                keep,
                on_submit=run,
                hint=t("A first name or nickname is enough."),
                wrong=wrong,
            ),
            ft.Row([MainButton(t("Get a code"), run, running=running)], wrap=True),
        ]
    )


def _refusal(t: Translator, error: AppError) -> str:
    if error.code == "not_cleared":
        return t("Your training and check are not noted yet. Ask your coordinator.")
    if isinstance(error, NotAllowed):
        raise error
    return t("Please write the name in another way.")
