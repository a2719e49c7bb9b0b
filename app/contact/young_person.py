"""How we stay in touch, for the young person: on the first screen, and all of it to change."""

from uuid import UUID

import flet as ft

from app.contact.actions import Contact
from app.contact.cards import AgreedLines, ChangeLines, Handler, MadeLines
from app.contact.editing import use_editing
from app.contact.model import InTouch
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import show
from app.people.access import Fact
from app.people.access_cards import ReadBy
from app.people.cards import use_mine
from app.people.list_screen import going

PATH = "/contact"


@screen
def InTouchCard() -> ft.Control:
    """What was agreed, on the first screen, and the way to change it."""
    active = use_mine().home.active
    return ShortCard(active.organisation.id) if active else ft.Container(visible=False)


@screen
def ShortCard(organisation: UUID) -> ft.Control:
    """The agreement with this organisation in a few lines."""
    session = use_session()
    t, contact = session.t, Contact(session.db, organisation, session.person_id)
    loaded, reload = use_load(contact.read, live="agreement", deps=[organisation])
    lead_on = going(session, PATH)

    def ready(touch: InTouch) -> ft.Control:
        if touch.agreement.version == 0:
            said = [Body(t("How do you like to stay in touch? You decide it together."))]
            button = QuietButton(t("Choose"), lead_on)
        else:
            said = AgreedLines(t, touch.agreement, touch.time_zone)
            button = QuietButton(t("See more or change"), lead_on)
        return Card([Heading(t("Staying in touch")), *said, ft.Row([button], wrap=True)])

    return show(t, loaded, reload, ready=ready)


@screen
def ContactScreen() -> ft.Control:
    """Everything about staying in touch with the organisation this device works in."""
    active = use_mine().home.active
    return WholeAgreement(active.organisation.id) if active else ft.Container(visible=False)


@screen
def WholeAgreement(organisation: UUID) -> ft.Control:
    """What was agreed, what we did and who changed it, or the form."""
    session = use_session()
    t, contact = session.t, Contact(session.db, organisation, session.person_id)
    loaded, reload = use_load(contact.read, live="agreement", deps=[organisation])
    editing = use_editing(contact, loaded, reload)

    def ready(touch: InTouch) -> ft.Control:
        if editing.form:
            return editing.form()
        change = editing.begin(touch.agreement)
        return Stack([_Agreed(t, touch, change), *_made(t, touch), *_changes(t, touch)])

    home = QuietButton(t("Home"), going(session, "/"), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack(
        [
            ft.Row([home], wrap=True),
            Heading(t("Staying in touch"), level=1),
            ReadBy(t, Fact.AGREEMENT),
            show(t, loaded, reload, ready=ready),
            Quiet(t("Nobody is here at all hours. Help is at the top.")),
        ]
    )


def _Agreed(t: Translator, touch: InTouch, change: Handler) -> ft.Control:
    """Both read it in the same words; before the first agreement it says so."""
    if touch.agreement.version == 0:
        return Card(
            [
                Body(t("How do you like to stay in touch? You decide it together.")),
                ft.Row([MainButton(t("Choose"), change)], wrap=True),
            ]
        )
    return Card(
        [
            Heading(t("What you agreed")),
            *AgreedLines(t, touch.agreement, touch.time_zone),
            Quiet(t("You and your key worker can both change it.")),
            ft.Row([MainButton(t("Change"), change, icon=ft.Icons.EDIT_ROUNDED)], wrap=True),
        ]
    )


def _made(t: Translator, touch: InTouch) -> list[ft.Control]:
    lines = MadeLines(t, touch.made)
    return [Card([Heading(t("Calls and meetings")), *lines])] if lines else []


def _changes(t: Translator, touch: InTouch) -> list[ft.Control]:
    lines = ChangeLines(t, touch, young=True)
    return [Card([Heading(t("Who changed what")), *lines])] if lines else []
