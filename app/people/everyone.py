"""What every role has under Me: oneself, and the ways to what one may choose."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design.buttons import PageButton, QuietButton
from app.design.cards import Heading
from app.design.guard import keyed, screen
from app.design.layout import Panes, Stack
from app.design.look import Look
from app.design.rows import Row, Rows
from app.design.session import use_session
from app.design.states import Empty, Problem
from app.people.access_cards import ReadersPart
from app.people.card_part import CardPart, has_card
from app.people.cards import PersonCard, use_mine
from app.people.closed_part import ClosedPart
from app.people.contacts_part import AroundPart
from app.people.devices_part import DevicesPart
from app.people.language_part import LanguagePart, language_now
from app.people.list_screen import going
from app.people.lock_part import LockPart
from app.people.look_part import LookPart, TextSizePart, look_words, size_words
from app.people.model import Home, Role
from app.people.needs_part import HelpsPart
from app.people.opened_part import OpenedPart
from app.people.place_part import PlacePart, place_now
from app.people.title_part import TitlePart, may_name, title_now

PATH = "/me"
# Stands in a room above this one. In the browser's history the address says nothing.
UNSAFE = "/now"
# The same.
POCKET = "/pocket"


@dataclass(frozen=True)
class MePart:
    """Something under Me: it stands at `/me/<name>`.

    `now` says in the reader's words what is chosen at the moment, or nothing. `offered` says who
    has it.
    """

    name: str
    title: Callable[[Translator], str]
    icon: ft.IconData
    part: Callable[[], ft.Control]
    now: Callable[[Translator, Home, Look], str] = lambda t, home, look: ""
    offered: Callable[[Home], bool] = lambda home: True


def _is_young(home: Home) -> bool:
    return home.role is Role.YOUNG_PERSON


PARTS = (
    MePart("card", lambda t: t("My card"), ft.Icons.BADGE_ROUNDED, CardPart, offered=has_card),
    MePart(
        "title",
        lambda t: t("Our word for key worker"),
        ft.Icons.EDIT_ROUNDED,
        TitlePart,
        now=lambda t, home, look: title_now(home),
        offered=may_name,
    ),
    MePart(
        "closed",
        lambda t: t("When we are closed"),
        ft.Icons.EVENT_BUSY_ROUNDED,
        ClosedPart,
        offered=may_name,
    ),
    MePart(
        "place",
        lambda t: t("Where you work now"),
        ft.Icons.SWAP_HORIZ_ROUNDED,
        PlacePart,
        now=lambda t, home, look: place_now(t, home),
        offered=lambda home: home.may_switch,
    ),
    MePart(
        "language",
        lambda t: t("Language"),
        ft.Icons.LANGUAGE_ROUNDED,
        LanguagePart,
        now=lambda t, home, look: language_now(t, home),
    ),
    MePart(
        "look",
        lambda t: t("Look"),
        ft.Icons.PALETTE_ROUNDED,
        LookPart,
        now=lambda t, home, look: look_words(t, look),
    ),
    MePart(
        "text",
        lambda t: t("Text size"),
        ft.Icons.FORMAT_SIZE_ROUNDED,
        TextSizePart,
        now=lambda t, home, look: size_words(t, look),
    ),
    MePart(
        "helps",
        lambda t: t("What helps me"),
        ft.Icons.FAVORITE_ROUNDED,
        HelpsPart,
        offered=_is_young,
    ),
    MePart(
        "around",
        lambda t: t("Who else is there"),
        ft.Icons.GROUPS_ROUNDED,
        AroundPart,
        offered=_is_young,
    ),
    MePart(
        "readers",
        lambda t: t("Who can read what"),
        ft.Icons.VISIBILITY_ROUNDED,
        ReadersPart,
        offered=_is_young,
    ),
    MePart(
        "opened",
        lambda t: t("Who opened my page"),
        ft.Icons.SHIELD_ROUNDED,
        OpenedPart,
        offered=_is_young,
    ),
    MePart(
        "devices",
        lambda t: t("Where you are signed in"),
        ft.Icons.DEVICES_ROUNDED,
        DevicesPart,
    ),
    MePart("lock", lambda t: t("Lock"), ft.Icons.LOCK_ROUNDED, LockPart),
)


@screen
def MeScreen() -> ft.Control:
    """Oneself and a list of what one may choose, and what was opened from it."""
    session, home = use_session(), use_mine().home
    t = session.t
    name = ft.use_route_params().get("part")
    chosen = next((part for part in PARTS if part.name == name and part.offered(home)), None)
    rows = [
        Row(
            part.icon,
            part.title(t),
            going(session, f"{PATH}/{part.name}"),
            meta=part.now(t, home, session.look),
            chosen=part is chosen,
        )
        for part in PARTS
        if part.offered(home)
    ]
    if _is_young(home):
        unsafe = going(session, UNSAFE)
        rows.insert(0, Row(ft.Icons.HEALTH_AND_SAFETY_ROUNDED, t("I do not feel safe"), unsafe))
        pocket = going(session, POCKET)
        rows.append(Row(ft.Icons.CLOUD_OFF_ROUNDED, t("Card for times without network"), pocket))
    one: ft.Control | None = None
    if chosen:
        one = Stack([Heading(chosen.title(t), level=1), keyed(chosen.name, chosen.part)])
    elif name:
        one = Problem(t, NotFound("no_such_screen"), going(session, PATH), level=1)
    list_level = 2 if one and session.wide else 1
    everything = Stack(
        [
            Heading(t("Me"), level=list_level),
            PersonCard(t, home),
            Rows(rows),
            PageButton(
                t("Put Handrail on your home screen"),
                f"/install?lang={t.language}",
                icon=ft.Icons.ADD_TO_HOME_SCREEN_ROUNDED,
            ),
            PageButton(t("Sign out"), "/signout", icon=ft.Icons.LOGOUT_ROUNDED),
        ]
    )
    if session.wide:
        nothing = Empty(t("Choose something from the list."), icon=ft.Icons.TOUCH_APP_ROUNDED)
        return Panes(everything, one or nothing, broad=session.broad)
    if one is None:
        return everything
    back = QuietButton(t("Me"), going(session, PATH), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack([ft.Row([back], wrap=True), one])
