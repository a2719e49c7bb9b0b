"""Every screen of every role, from the route table: what can be used has a name and a role, and
the screen has one heading of the first level."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import pytest

from app.core.enrol import Enrolment
from app.core.hints import Fanout
from app.design.layout import ScreenRoute
from app.home.screens import ROUTES
from app.people.everyone import PARTS
from app.people.model import Home, LifeArea, Part, Role
from app.protect.actions import Openings
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor
from tests.ui.naming import controls, headings, nameless

PHONE, TABLET = 390, 1000
# Those that whoever makes a place has, and young people.
HAVE = {Role.YOUNG_PERSON, Role.KEY_WORKER, Role.COORDINATOR, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Someone:
    """Who looks at the screens, and whose pages they may open there."""

    account: Account
    home: Home
    young_person: UUID | None = None
    colleague: UUID | None = None
    opening: UUID | None = None
    alert: UUID | None = None


Below = Callable[[Someone], list[str]]
# What stands below a path. A route that lists things and has no line here fails.
BELOW: dict[str, Below] = {
    "/me": lambda someone: [part.name for part in PARTS if part.offered(someone.home)],
    "/chat": lambda someone: (
        ["mentor"] if someone.young_person is None else [str(someone.young_person), "nobody"]
    ),
    "/people": lambda someone: [
        str(someone.young_person),
        *(["new"] if someone.home.role is Role.KEY_WORKER else []),
    ],
    "/mentors": lambda someone: [str(someone.young_person), "nobody"],
    "/waiting": lambda someone: [str(someone.young_person)],
    "/staff": lambda someone: ["new", str(someone.colleague)],
    "/protect": lambda someone: ["new", str(someone.opening)],
    "/alerts": lambda someone: [str(someone.alert)],
}


@pytest.fixture
def look_as(
    account: MakeAccount, key_worker: MakeAccount, young_person: MakeAccount, supabase: Supabase
) -> Callable[[Role], Awaitable[Someone]]:
    """Makes somebody who works in this role, in a place with one young person without a key
    worker and, for a key worker, one of their own."""

    async def make(role: Role) -> Someone:
        if role is Role.YOUNG_PERSON:
            amber = await young_person("Amber")
            home = await amber.home()
            assert home.active
            _has_duty(supabase, home.active.organisation.id)
            return Someone(amber, home)
        samira = await key_worker("Samira")
        active = (await samira.home()).active
        assert active
        place = active.organisation.id
        added = await samira.people.add_young_person(place, "Amber", "en")
        ruth = await account("Ruth")
        for person, roles in ((samira, set(Role) - HAVE), (ruth, {Role.SAFEGUARDING_LEAD})):
            supabase.execute(
                "insert into public.memberships"
                " (person_id, organisation_id, role, cleared_until)"
                " select %s, %s, role, current_date + 30 from unnest(%s::text[]) as role",
                person.device.person_id,
                place,
                sorted(roles),
            )
        if role is not Role.KEY_WORKER:
            (part,) = (await samira.people.open_person(added.person_id)).team
            await samira.people.leave_team(part.id, "finished")
        if role in (Role.MENTOR, Role.PROFESSIONAL):
            await samira.people.add_to_team(
                place,
                added.person_id,
                samira.device.person_id,
                Part(role),
                [LifeArea.HEALTH] if role is Role.PROFESSIONAL else [],
            )
        memberships = (await samira.home()).memberships
        await samira.people.choose_membership(
            next(each.id for each in memberships if each.role is role)
        )
        opening = None
        if role in (Role.COORDINATOR, Role.SAFEGUARDING_LEAD):
            opening = await Openings(samira.device.db).ask(
                place, added.person_id, ruth.device.person_id, "Nobody has heard of them."
            )
        home, alert = await samira.home(), _alert(supabase, place, added.person_id)
        return Someone(samira, home, added.person_id, ruth.device.person_id, opening, alert)

    return make


def _has_duty(supabase: Supabase, place: UUID) -> None:
    """Whoever is a key worker there, now."""
    supabase.execute(
        "with site as (insert into public.sites (organisation_id, name, town, address)"
        " values (%s, 'Pier', 'Seeburg', 'Pier 1') returning id, organisation_id)"
        " insert into public.duties (site_id, organisation_id, person_id, starts_at, ends_at)"
        " select s.id, s.organisation_id, m.person_id, now(), now() + interval '8 hours'"
        " from site as s join public.memberships as m"
        " on m.organisation_id = s.organisation_id and m.role = 'key_worker'",
        place,
    )


def _alert(supabase: Supabase, place: UUID, young_person: UUID) -> UUID:
    """One that nobody has taken."""
    ((alert,),) = supabase.execute(
        "insert into private.alerts (id, organisation_id, young_person_id, about_staff, reach)"
        " values (gen_random_uuid(), %s, %s, false, 'call') returning id",
        place,
        young_person,
    )
    return cast(UUID, alert)


def _addresses(route: ScreenRoute, someone: Someone) -> list[str]:
    if route.below is None:
        return [route.path]
    return [route.path, *(f"{route.path}/{each}" for each in BELOW[route.path](someone))]


@pytest.mark.parametrize("role", list(Role))
async def test_every_screen_can_be_heard(
    look_as: Callable[[Role], Awaitable[Someone]], enrolment: Enrolment, role: Role
) -> None:
    """On a phone and on a tablet."""
    someone = await look_as(role)
    assert someone.home.role is role
    wrong: dict[str, list[str]] = {}
    routes = [each for each in ROUTES if each.is_for(role)]
    for address in [each for route in routes for each in _addresses(route, someone)]:
        for width in (PHONE, TABLET):
            if found := await _heard(someone, enrolment, address, width):
                wrong[f"{address} at {width}"] = found

    assert wrong == {}


async def _heard(someone: Someone, post: Enrolment, address: str, width: float) -> list[str]:
    """What is wrong with one screen; that it never comes to stand is wrong as well."""
    begin = someone.account.begin(Fanout(), post=post)
    visitor = await Visitor.open(begin, route=address, width=width)
    try:
        await visitor.until(lambda: _stands(visitor), "the screen")
    except AssertionError as error:
        return [str(error)]
    tree = visitor.browser.tree
    first = [text for level, text in headings(tree) if level == 1]
    found = nameless(tree)
    if len(first) != 1 or not first[0]:
        found.append(f"headings of the first level: {first}")
    if controls(tree) == 0:
        found.append("nothing can be used here")
    await visitor.leave()
    return found


def _stands(visitor: Visitor) -> bool:
    return bool(headings(visitor.browser.tree)) and not visitor.sees("One moment, please.")


def test_every_role_has_screens() -> None:
    assert {role for role in Role if not any(each.is_for(role) for each in ROUTES)} == set()
