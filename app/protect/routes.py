"""Screens of this room: one line each."""

import flet as ft

from app.design.layout import ScreenRoute
from app.people.model import Role
from app.protect.coordinator import PATH, ProtectScreen

ROUTES = (
    ScreenRoute(
        PATH,
        ProtectScreen,
        label=lambda t: t("Protect"),
        icon=ft.Icons.SHIELD_ROUNDED,
        roles=frozenset({Role.COORDINATOR, Role.SAFEGUARDING_LEAD}),
        below="opening",
        panes=True,
    ),
)
