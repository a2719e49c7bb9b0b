"""Screens of this room: one line each; and what it brings to the first screen and above all."""

import flet as ft

from app.design.layout import HomeCard, ScreenRoute
from app.people.everyone import UNSAFE
from app.people.model import Role
from app.protect.alert_cards import ALERTS, LEADS, ROTA, STAFF, AlertBar, DutyCard, may_have_duty
from app.protect.coordinator import PATH, ProtectScreen
from app.protect.key_worker import AlertsScreen
from app.protect.rota_screen import RotaScreen
from app.protect.unsafe_cards import FollowCard, UnsafeRow
from app.protect.young_person import UnsafeScreen

_YOUNG = frozenset({Role.YOUNG_PERSON})
ROUTES = (
    ScreenRoute(
        PATH,
        ProtectScreen,
        label=lambda t: t("Protect"),
        icon=ft.Icons.SHIELD_ROUNDED,
        roles=LEADS,
        below="opening",
        panes=True,
    ),
    ScreenRoute(
        UNSAFE,
        UnsafeScreen,
        label=lambda t: t("I do not feel safe"),
        icon=ft.Icons.HEALTH_AND_SAFETY_ROUNDED,
        roles=_YOUNG,
        under="/",
    ),
    ScreenRoute(
        ALERTS,
        AlertsScreen,
        label=lambda t: t("Who did not feel safe"),
        icon=ft.Icons.HEALTH_AND_SAFETY_ROUNDED,
        # A key worker who holds a workshop at the moment may have duty all the same.
        roles=frozenset(Role) - _YOUNG,
        below="alert",
        panes=True,
        under="/",
    ),
    ScreenRoute(
        ROTA,
        RotaScreen,
        label=lambda t: t("Rota"),
        icon=ft.Icons.CALENDAR_MONTH_ROUNDED,
        roles=LEADS,
        under="/",
    ),
)

HOME = (
    HomeCard("follow", FollowCard, roles=_YOUNG, pressing=True),
    HomeCard("unsafe", UnsafeRow, roles=_YOUNG, pressing=True),
    HomeCard("duty", DutyCard, roles=STAFF),
)

# Stands above every screen of these people, mostly empty.
ABOVE = AlertBar
ABOVE_FOR = may_have_duty
