"""Screens of this room, and its cards on the first screen and a young person's page."""

from functools import partial

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
_SEE = partial(NoticeWay, NoticeKind.AGREEMENT_CHANGED, label=lambda t: t("See what was changed"))
NOTICES = (
    _SEE(roles=frozenset({Role.YOUNG_PERSON}), path=lambda notice: PATH),
    _SEE(roles=frozenset({Role.KEY_WORKER}), path=lambda notice: f"/people/{notice.ref}"),
)
