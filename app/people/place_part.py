"""In which of several organisations or roles a device works, chosen under Me."""

from functools import partial
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import Choice
from app.design.cards import Quiet
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.people.cards import title_of, use_mine, use_people
from app.people.model import Home
from app.people.role_words import role_name


def place_now(t: Translator, home: Home) -> str:
    """The role and the organisation of this device."""
    if home.active is None:
        return ""
    return f"{title_of(t, home.active)} · {home.active.organisation.name}"


@screen
def PlacePart() -> ft.Control:
    """Choose in which of several organisations or roles this device works."""
    t, mine, people = use_session().t, use_mine(), use_people()

    async def choose(membership: UUID) -> None:
        await people.choose_membership(membership)
        mine.reload()

    run, running = use_action(choose)
    active = mine.home.active.membership_id if mine.home.active else None
    places = [
        Choice(
            f"{role_name(t, each.role)} · {each.organisation_name}",
            partial(run, each.id),
            chosen=each.id == active,
            disabled=running,
        )
        for each in mine.home.memberships
    ]
    return Stack([Quiet(t("This device shows one place at a time.")), Rows(places)])
