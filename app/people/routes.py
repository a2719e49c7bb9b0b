"""Screens of this room: one line each."""

import flet as ft

from app.design.layout import ScreenRoute
from app.people.everyone import MeScreen

ROUTES = (ScreenRoute("/me", MeScreen, label=lambda t: t("Me"), icon=ft.Icons.PERSON_ROUNDED),)
