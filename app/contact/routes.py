"""Screens of this room, and its cards on the first screen and a young person's page."""

import flet as ft

from app.contact.key_worker import InTouchOnPage
from app.contact.young_person import PATH, ContactScreen, InTouchCard
from app.design.layout import HomeCard, ScreenRoute
from app.people.model import Part, Role
from app.people.notices import NoticeKind
from app.people.slots import NoticeWay, PageCard

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
NOTICES = (
    NoticeWay(
        NoticeKind.AGREEMENT_CHANGED,
        frozenset({Role.YOUNG_PERSON}),
        label=lambda t: t("See what was changed"),
        path=lambda notice: PATH,
    ),
    NoticeWay(
        NoticeKind.AGREEMENT_CHANGED,
        frozenset({Role.KEY_WORKER}),
        label=lambda t: t("See what was changed"),
        path=lambda notice: f"/people/{notice.ref}",
    ),
)
