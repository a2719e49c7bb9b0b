"""A page that was opened to protect somebody, while its hour lasts."""

from uuid import UUID

import flet as ft

from app.design.buttons import MainButton
from app.design.cards import Card, Heading, Quiet
from app.design.guard import action, keyed, screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.session import AppSession, use_session
from app.design.states import show
from app.people.actions import People
from app.people.contacts_part import Contacts
from app.people.model import OpenedPerson
from app.people.needs_cards import NeedsCard
from app.people.team_cards import StateLine, TeamCard, language_name
from app.protect.model import Opening


@screen
def ReadPage(opening: Opening, place: UUID) -> ft.Control:
    """A tap reads the page; until then nothing of it is read, and nothing is logged."""
    session = use_session()
    t = session.t
    asked, set_asked = ft.use_state(False)

    @action
    def read() -> None:
        set_asked(True)

    if asked:
        return Page(opening, place)
    return Card(
        [
            Heading(t("The page of {name}", name=opening.name)),
            Quiet(t("Each reading is written down, with your name.")),
            ft.Row([MainButton(t("Read the page"), read)], wrap=True),
        ]
    )


@screen
def Page(opening: Opening, place: UUID) -> ft.Control:
    """What the opening shows. It is read again when the opening ends, and then it is gone."""
    session = use_session()
    people = People(session.db, session.device_hash)

    async def read() -> OpenedPerson:
        return await people.open_person(opening.young_person_id)

    loaded, reload = use_load(read, deps=[opening.id, opening.state])
    return show(session.t, loaded, reload, ready=lambda page: _Page(session, page, place))


def _Page(session: AppSession, page: OpenedPerson, place: UUID) -> ft.Control:
    t = session.t
    language = language_name(page.language)
    return Stack(
        [
            Card(
                [
                    Heading(page.name),
                    StateLine(t, page.joined),
                    *([Quiet(t("Reads {language}", language=language))] if language else []),
                ]
            ),
            TeamCard(t, page.team),
            keyed("needs", NeedsCard, place, page.id),
            Heading(t("Who else is there")),
            keyed("contacts", Contacts, place, page.id, may_add=False),
        ]
    )
