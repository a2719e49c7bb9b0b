"""What only the people closest to a young person read: opened one by one, since each is logged."""

from collections.abc import Callable
from typing import Literal, cast

import flet as ft

from app.design.buttons import QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.guard import calling, screen
from app.design.layout import Stack
from app.design.session import use_session
from app.people.contacts_part import Contacts
from app.people.model import Part, YoungPerson
from app.people.needs_cards import NeedsCard
from app.people.needs_part import EditNeeds

Opened = Literal["needs", "edit", "contacts"] | None


@screen
def CloseCards(person: YoungPerson) -> ft.Control:
    """For key worker and stand-in; the key worker also writes what helps."""
    t = use_session().t
    opened, set_opened = ft.use_state(cast(Opened, None))

    def opening(what: Opened) -> Callable[..., object]:
        return calling(set_opened, None if what == opened else what)

    buttons = [
        QuietButton(t("What helps"), opening("needs"), icon=ft.Icons.FAVORITE_ROUNDED),
        QuietButton(t("Who else is there"), opening("contacts"), icon=ft.Icons.GROUPS_ROUNDED),
    ]
    if person.part is Part.KEY_WORKER:
        buttons.append(
            QuietButton(t("Write what helps"), opening("edit"), icon=ft.Icons.EDIT_ROUNDED)
        )
    return Stack(
        [
            Card(
                [
                    Heading(t("For you, the people closest to them")),
                    Quiet(t("Each opening is written down for good.")),
                    ft.Row(list(buttons), wrap=True),
                ]
            ),
            *_shown(opened, person),
        ]
    )


def _shown(opened: Opened, person: YoungPerson) -> list[ft.Control]:
    match opened:
        case "needs":
            return [NeedsCard(person.organisation_id, person.id)]
        case "edit":
            return [EditNeeds(person.organisation_id, person.id)]
        case "contacts":
            return [Contacts(person.organisation_id, person.id)]
    return []
