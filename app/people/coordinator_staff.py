"""Everybody who works in an organisation: their roles, clearances, invitations, and the way out."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from app.core.clock import utc_now
from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, Quiet
from app.design.guard import action, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.people.cards import use_mine
from app.people.clearance import ClearanceCard
from app.people.coordinator_cards import Choices, SearchField, use_staff
from app.people.coordinator_invite import InviteAgain, InviteStaff
from app.people.list_screen import ListAndOne, More, first_pages, going, list_level
from app.people.model import Page, Role
from app.people.role_words import role_name
from app.people.staff_model import Reason, StaffMember, given_by, reason_name
from app.people.team_cards import PersonRow

Reload = Callable[[], None]
PATH = "/staff"
_NEW = "new"
_KINDS = frozenset({"person", "access"})
_WHY_OUT = (Reason.LEAVES, Reason.AWAY, Reason.SAFETY)


@screen
def StaffScreen() -> ft.Control:
    """The list of colleagues, and beside it the one that was chosen, or the form to invite."""
    session, staff, active = use_session(), use_staff(), use_mine().home.active
    t, chosen = session.t, ft.use_route_params().get("person")
    place = active.organisation.id if active else None
    pages = ft.use_ref(1)
    search, set_search = ft.use_state("")

    async def read() -> Page[StaffMember]:
        if place is None:
            return Page((), more=False)
        return await first_pages(partial(staff.everybody, place, search), pages.current or 1)

    def find(text: str) -> None:
        pages.current = 1
        set_search(text)

    loaded, reload = use_load(read, live=_KINDS, deps=[place, search])

    def rows(page: Page[StaffMember]) -> ft.Control:
        lines = [
            PersonRow(
                each.name,
                _about(t, each),
                going(session, f"{PATH}/{each.id}"),
                chosen=str(each.id) == chosen,
            )
            for each in page.rows
        ]
        return Rows([*lines, *More(session, page, pages, reload)])

    invite = MainButton(
        t("Invite a colleague"),
        going(session, f"{PATH}/{_NEW}"),
        icon=ft.Icons.PERSON_ADD_ROUNDED,
    )
    nobody = Empty(t("Nobody has this name."))
    everybody = Stack(
        [
            Heading(t("Colleagues"), level=list_level(session, chosen)),
            ft.Row([invite], wrap=True),
            keyed("search", SearchField, search, find),
            show(t, loaded, reload, ready=rows, empty=lambda: nobody),
        ]
    )
    one = _chosen(session, chosen, place, loaded, reload) if chosen and place else None
    return ListAndOne(session, PATH, t("Colleagues"), everybody, one)


def _about(t: Translator, person: StaffMember) -> list[str | None]:
    roles = ", ".join(role_name(t, each.role) for each in person.roles)
    return [roles, _state(t, person)]


def _state(t: Translator, person: StaffMember) -> str:
    """What matters most in a list: not here yet, not cleared, or until when."""
    if not person.joined:
        return t("Invited, not here yet")
    today = utc_now().date()
    if not all(each.cleared(today) for each in person.roles):
        return t("Not cleared")
    until = min(each.cleared_until for each in person.roles if each.cleared_until)
    return t("Cleared until {date}", date=t.date(until))


def _chosen(
    session: AppSession,
    chosen: str,
    place: UUID,
    loaded: Loaded[Page[StaffMember]],
    reload: Reload,
) -> ft.Control:
    if chosen == _NEW:
        return keyed(_NEW, InviteStaff, place, reload)
    if loaded.data is None:
        return waiting(session.t, loaded, reload, level=1)
    person = next((each for each in loaded.data.rows if str(each.id) == chosen), None)
    if person is None:
        return Problem(session.t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, OneColleague, person, place, reload)


@screen
def OneColleague(person: StaffMember, place: UUID, reload: Reload) -> ft.Control:
    """One colleague: what they may do until when, and everything that can be changed about it."""
    session, home = use_session(), use_mine().home
    t, me = session.t, person.id == home.person.id
    head = [Heading(person.name, level=1), Body(_state(t, person))]
    if person.charges:
        head.append(
            Quiet(
                t.n(
                    "Key worker of {n} young person",
                    "Key worker of {n} young people",
                    person.charges,
                )
            )
        )
    if home.role is Role.COORDINATOR:
        roles = [
            keyed(
                f"{each.membership_id}-{each.version}",
                ClearanceCard,
                each,
                reload,
                may_end=len(person.roles) > 1,
            )
            for each in person.roles
        ]
    else:
        roles = [Card([Heading(role_name(t, each.role))]) for each in person.roles]
    return Stack(
        [
            Card(head),
            *([] if person.joined else [keyed("again", InviteAgain, person, reload)]),
            *roles,
            *([] if me else [keyed("role", AddRole, person, place, reload)]),
            *([] if me else [keyed("out", WayOut, person, place, reload)]),
        ]
    )


@screen
def AddRole(person: StaffMember, place: UUID, reload: Reload) -> ft.Control:
    """One more role for somebody who works here."""
    t, staff, mine = use_session().t, use_staff(), use_mine().home.role
    begun, set_begun = ft.use_state(False)

    @action
    def begin() -> None:
        set_begun(True)

    async def add(role: Role) -> None:
        await staff.add_role(place, person.id, role)
        reload()

    run, running = use_action(add)
    if not begun:
        return ft.Row([QuietButton(t("Add a role"), begin)], wrap=True)
    held = {each.role for each in person.roles}
    free = [(each, role_name(t, each)) for each in given_by(mine) if each not in held]
    return Card(
        [
            Heading(t("Add a role")),
            Quiet(t("It counts at once, but sees nobody before training and check.")),
            Choices(free, lambda _: False, run, disabled=running),
        ]
    )


@screen
def WayOut(person: StaffMember, place: UUID, reload: Reload) -> ft.Control:
    """Removes somebody at once: the first tap asks why, the second one does it."""
    session, staff = use_session(), use_staff()
    t = session.t
    begun, set_begun = ft.use_state(False)

    @action
    def begin() -> None:
        set_begun(True)

    @action
    def keep() -> None:
        set_begun(False)

    async def remove(reason: Reason) -> None:
        await staff.remove_access(place, person.id, reason)
        reload()
        session.navigate(PATH)

    run, running = use_action(remove)
    if not begun:
        return ft.Row(
            [QuietButton(t("Remove access"), begin, icon=ft.Icons.PERSON_OFF_ROUNDED)], wrap=True
        )
    lost = (
        [
            Body(
                t.n(
                    "{n} young person then waits for another key worker.",
                    "{n} young people then wait for another key worker.",
                    person.charges,
                )
            )
        ]
        if person.charges
        else []
    )
    reasons = [(each, reason_name(t, each)) for each in _WHY_OUT]
    return Card(
        [
            Heading(t("Remove access now. Why?")),
            Body(t("Their app closes within seconds, on every device.")),
            *lost,
            Choices(reasons, lambda _: False, run, disabled=running),
            ft.Row([QuietButton(t("No, leave it"), keep)], wrap=True),
        ]
    )
