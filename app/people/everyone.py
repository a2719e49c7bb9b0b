"""Screens about oneself that every role has."""

import flet as ft

from app.design.buttons import PageButton
from app.design.cards import Heading
from app.design.guard import keyed, screen
from app.design.layout import Stack
from app.design.session import use_session
from app.people.cards import (
    DevicesCard,
    LanguageCard,
    PersonCard,
    PlacesCard,
    TextSizeCard,
    use_mine,
)


@screen
def MeScreen() -> ft.Control:
    """How one wants to have it here: language, text, place of work, devices, signing out."""
    t, home = use_session().t, use_mine().home
    return Stack(
        [
            Heading(t("Me"), level=1),
            PersonCard(t, home),
            *([keyed("places", PlacesCard)] if home.may_switch else []),
            keyed("language", LanguageCard),
            keyed("text", TextSizeCard),
            keyed("devices", DevicesCard),
            PageButton(t("Sign out"), "/signout", icon=ft.Icons.LOGOUT_ROUNDED),
        ]
    )
