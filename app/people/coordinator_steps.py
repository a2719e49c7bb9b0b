"""What a coordinator changes about one team: another key worker, one more person in it."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

import flet as ft

from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Quiet
from app.design.guard import action, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.session import use_session
from app.design.states import Empty, show
from app.people.area_names import area_name
from app.people.cards import use_people
from app.people.coordinator_cards import Choices, Opened, use_staff
from app.people.model import Colleague, LifeArea, OpenedPerson, Part, TeamMember
from app.people.role_words import part_name
from app.people.staff_model import Reason, reason_name

_REASONS = (Reason.ASKED_FOR, Reason.AWAY, Reason.WORKLOAD, Reason.LEAVES)
_PARTS = (Part.STAND_IN, Part.MENTOR, Part.PROFESSIONAL)


@screen
def HandOver(
    person: OpenedPerson, place: UUID, before: TeamMember | None, reload: Callable[[], None]
) -> ft.Control:
    """Give a young person a key worker, or another one; says what becomes of the one before."""
    t = use_session().t
    begun, set_begun = ft.use_state(False)
    title = t("Another key worker") if before else t("Choose a key worker")

    @action
    def begin() -> None:
        set_begun(True)

    if not begun:
        return ft.Row([QuietButton(title, begin, icon=ft.Icons.SWAP_HORIZ_ROUNDED)], wrap=True)
    return Opened(title, [HandOverForm(person, place, before, reload)])


@screen
def HandOverForm(
    person: OpenedPerson, place: UUID, before: TeamMember | None, reload: Callable[[], None]
) -> ft.Control:
    """Who, why, and whether the one before stays as stand-in."""
    t, staff, people = use_session().t, use_staff(), use_people()
    colleague, set_colleague = ft.use_state(cast("UUID | None", None))
    reason, set_reason = ft.use_state(cast("Reason | None", None))
    stays, set_stays = ft.use_state(False)

    async def read() -> list[Colleague]:
        return await staff.fitting(place, person.id, Part.KEY_WORKER)

    async def change() -> None:
        if colleague is None:
            return
        if before is None:
            await people.set_key_worker(place, person.id, colleague, seen=None)
        elif reason is not None:
            await staff.hand_over(
                place, person.id, colleague, seen=before.id, reason=reason, stays=stays
            )
        reload()

    loaded, again = use_load(read, deps=[person.id])
    run, running = use_action(change)

    def form(fitting: list[Colleague]) -> ft.Control:
        parts = [_People(fitting, colleague, set_colleague)]
        if before is not None:
            reasons = [(each, reason_name(t, each)) for each in _REASONS]
            after = [
                (False, t("{name} leaves the team.", name=before.name)),
                (True, t("{name} stays as stand-in.", name=before.name)),
            ]
            parts += [
                Body(t("Why?")),
                Choices(reasons, lambda each: each is reason, set_reason),
                Body(t("What about {name}?", name=before.name)),
                Choices(after, lambda each: each is stays, set_stays),
            ]
        ready = colleague is not None and (before is None or reason is not None)
        if ready:
            button = MainButton(t("Make the change"), run, running=running)
            parts.append(ft.Row([button], wrap=True))
        parts.append(Quiet(t("The young person and the team hear of it at once.")))
        return _Column(parts)

    nobody = Empty(t("Nobody can be a key worker today. Note their training and check first."))
    return show(t, loaded, again, ready=form, empty=lambda: nobody)


@screen
def AddToTeam(person: OpenedPerson, place: UUID, reload: Callable[[], None]) -> ft.Control:
    """Bring a stand-in, a mentor or a professional into a team."""
    t = use_session().t
    begun, set_begun = ft.use_state(False)
    part, set_part = ft.use_state(cast("Part | None", None))

    @action
    def begin() -> None:
        set_begun(True)

    if not begun:
        add = QuietButton(t("Add to the team"), begin, icon=ft.Icons.GROUP_ADD_ROUNDED)
        return ft.Row([add], wrap=True)
    parts = [(each, part_name(t, each)) for each in _PARTS]
    form = [keyed(part, AddForm, person, place, part, reload)] if part else []
    return Opened(
        t("Add to the team"), [Choices(parts, lambda each: each is part, set_part), *form]
    )


@screen
def AddForm(
    person: OpenedPerson, place: UUID, part: Part, reload: Callable[[], None]
) -> ft.Control:
    """Who comes in with this part; for a professional also what they may see."""
    t, staff, people = use_session().t, use_staff(), use_people()
    colleague, set_colleague = ft.use_state(cast("UUID | None", None))
    areas, set_areas = ft.use_state(cast("frozenset[LifeArea]", frozenset()))

    async def read() -> list[Colleague]:
        return await staff.fitting(place, person.id, part)

    async def add() -> None:
        if colleague is not None:
            await people.add_to_team(place, person.id, colleague, part, areas)
            reload()

    def turn(area: LifeArea) -> None:
        set_areas(areas ^ {area})

    loaded, again = use_load(read, deps=[person.id, part])
    run, running = use_action(add)

    def form(fitting: list[Colleague]) -> ft.Control:
        parts = [_People(fitting, colleague, set_colleague)]
        if part is Part.PROFESSIONAL:
            every = [(each, area_name(t, each)) for each in LifeArea]
            parts += [
                Body(t("Which life areas may they see?")),
                Choices(every, lambda each: each in areas, turn),
            ]
        if colleague and (areas or part is not Part.PROFESSIONAL):
            parts.append(ft.Row([MainButton(t("Add now"), run, running=running)], wrap=True))
        return _Column(parts)

    nobody = Empty(t("Nobody fits today. Note their role, training and check first."))
    return show(t, loaded, again, ready=form, empty=lambda: nobody)


def _People(
    fitting: list[Colleague], chosen: UUID | None, choose: Callable[[UUID], None]
) -> ft.Control:
    people = [(each.person_id, each.name) for each in fitting]
    return Choices(people, lambda each: each == chosen, choose)


def _Column(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
