"""The first screen: who is here and where."""

import flet as ft

from app.design.cards import Heading
from app.design.guard import keyed, screen
from app.design.layout import ScreenRoute, Stack
from app.design.session import use_session
from app.people.cards import PersonCard, use_mine
from app.people.routes import HOME as PEOPLE_CARDS
from app.people.routes import ROUTES as PEOPLE


@screen
def HomeScreen() -> ft.Control:
    """A greeting, what the rooms have for this role, and the card of who is signed in."""
    t, home = use_session().t, use_mine().home
    return Stack(
        [
            Heading(t("Hello {name}", name=home.person.name), level=1),
            *(keyed(each.name, each.card) for each in CARDS if home.role in each.roles),
            PersonCard(t, home),
        ]
    )


CARDS = PEOPLE_CARDS


# In the order of the bar. Each path is one that the web server answers with the app.
ROUTES = (
    ScreenRoute("/", HomeScreen, label=lambda t: t("Home"), icon=ft.Icons.HOME_ROUNDED),
    *PEOPLE,
)


def is_screen(path: str) -> bool:
    """Whether an address is one of a screen of the app, whoever may see it."""
    return any(route.holds(path) for route in ROUTES)
