"""Screens of this room, and its cards on the first screen and on the page of a young person."""

import flet as ft

from app.contact.key_worker import InTouchOnPage
from app.contact.young_person import PATH, ContactScreen, InTouchCard
from app.design.layout import HomeCard, ScreenRoute
from app.people.model import Part, Role
from app.people.slots import PageCard

ROUTES = (
    ScreenRoute(
        PATH,
        ContactScreen,
        label=lambda t: t("Staying in touch"),
        icon=ft.Icons.FORUM_ROUNDED,
        roles=frozenset({Role.YOUNG_PERSON}),
        under="/",
    ),
)
HOME = (HomeCard("in_touch", InTouchCard, roles=frozenset({Role.YOUNG_PERSON})),)
PAGE = (PageCard("in_touch", InTouchOnPage, parts=frozenset({Part.KEY_WORKER, Part.STAND_IN})),)
