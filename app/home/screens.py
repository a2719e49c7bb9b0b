"""The first screen: who is here and where."""

import flet as ft

from app.contact.routes import HOME as CONTACT_CARDS
from app.contact.routes import NOTICES as CONTACT_NOTICES
from app.contact.routes import PAGE as CONTACT_PAGE
from app.contact.routes import ROUTES as CONTACT
from app.design.buttons import QuietButton
from app.design.cards import Heading
from app.design.guard import action, keyed, screen
from app.design.layout import HomeCard, ScreenRoute, Stack
from app.design.rows import Row, Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty
from app.home.first_use import ExitCard
from app.home.install_card import InstallCard
from app.messages.routes import HOME as MESSAGE_CARDS
from app.messages.routes import HOME_BELOW as CHAT_CARDS
from app.messages.routes import NOTICES as MESSAGE_NOTICES
from app.messages.routes import PAGE as MESSAGE_PAGE
from app.messages.routes import ROUTES as MESSAGES
from app.messages.routes import TURNS as MESSAGE_TURNS
from app.people.cards import PersonCard, use_mine
from app.people.list_screen import going
from app.people.model import Role
from app.people.routes import HOME as PEOPLE_CARDS
from app.people.routes import ROUTES as PEOPLE
from app.protect.routes import HOME as PROTECT_CARDS
from app.protect.routes import ROUTES as PROTECT


@screen
def HomeScreen() -> ft.Control:
    """A greeting, what the rooms have for this role, and the card of who is signed in."""
    session, home = use_session(), use_mine().home
    t = session.t
    asked, set_asked = ft.use_state(1)
    mine = [each for each in CARDS if home.role in each.roles]
    pressing = [keyed(each.name, each.card) for each in mine if each.pressing]
    cards = [keyed(each.name, each.card) for each in mine if not each.pressing]
    if home.role and all(each.pressing or each in CHAT_CARDS for each in mine):
        cards.insert(0, _Ways(session, home.role))
    cards.append(PersonCard(t, home))
    most = asked if session.look.calm else len(cards)

    @action
    def show_more() -> None:
        set_asked(asked + 1)

    more = QuietButton(t("Show more"), show_more, icon=ft.Icons.EXPAND_MORE_ROUNDED)
    rest = Stack([*cards[:most], *([ft.Row([more], wrap=True)] if most < len(cards) else [])])
    return Stack(
        [
            Heading(t("Hello {name}", name=home.person.name), level=1),
            # Pressing ones bring the space below them, the last one that above it: mostly both are
            # not there.
            ft.Column(
                [*pressing, rest, *([] if most < len(cards) else [keyed("install", InstallCard)])],
                spacing=0,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ]
    )


def _Ways(session: AppSession, role: Role) -> ft.Control:
    """For a role to which no card brings work: its own screens, or that nothing waits."""
    ways = [route for route in ROUTES if role in route.roles and route.under is None]
    if not ways:
        return Empty(session.t("Nothing waits for you here."))
    return Rows([Row(way.icon, way.label(session.t), going(session, way.path)) for way in ways])


CARDS = (
    *MESSAGE_CARDS,
    *PEOPLE_CARDS,
    *CONTACT_CARDS,
    *PROTECT_CARDS,
    *CHAT_CARDS,
    HomeCard("exit", ExitCard, roles=frozenset({Role.YOUNG_PERSON}), pressing=True),
)


PAGE_CARDS = (*MESSAGE_PAGE, *CONTACT_PAGE)
NOTICE_WAYS = (*MESSAGE_NOTICES, *CONTACT_NOTICES)
TURNS = (*MESSAGE_TURNS,)

# Me stands last in every bar.
*_WORK, _ME = PEOPLE

# In the order of the bar. Each path is one that the web server answers with the app.
ROUTES = (
    ScreenRoute("/", HomeScreen, label=lambda t: t("Home"), icon=ft.Icons.HOME_ROUNDED),
    *_WORK,
    *MESSAGES,
    *CONTACT,
    *PROTECT,
    _ME,
)


def is_screen(path: str) -> bool:
    """Whether an address is one of a screen of the app, whoever may see it."""
    return any(route.holds(path) for route in ROUTES)
