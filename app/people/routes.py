"""Screens of this room: one line each; and the cards it brings to the first screen."""

import flet as ft

from app.design.layout import HomeCard, ScreenRoute
from app.people.coordinator import PATH as WAITING
from app.people.coordinator import WaitingScreen
from app.people.coordinator_people import PATH as EVERYBODY
from app.people.coordinator_people import EverybodyScreen
from app.people.coordinator_staff import PATH as STAFF
from app.people.coordinator_staff import StaffScreen
from app.people.everyone import PATH as ME
from app.people.everyone import MeScreen
from app.people.key_worker import PATH, YoungPeopleScreen
from app.people.mentor import PATH as MINE
from app.people.mentor import MyPeopleScreen
from app.people.model import Role
from app.people.notice_cards import NoticesCard
from app.people.staff_home import MyPeopleCard, WaitingCard
from app.people.team_cards import MyTeamCard

ROUTES = (
    ScreenRoute(
        PATH,
        YoungPeopleScreen,
        label=lambda t: t("People"),
        icon=ft.Icons.PEOPLE_ROUNDED,
        roles=frozenset({Role.KEY_WORKER}),
        below="person",
        panes=True,
    ),
    ScreenRoute(
        MINE,
        MyPeopleScreen,
        label=lambda t: t("People"),
        icon=ft.Icons.PEOPLE_ROUNDED,
        roles=frozenset({Role.MENTOR, Role.PROFESSIONAL}),
        below="person",
        panes=True,
    ),
    ScreenRoute(
        EVERYBODY,
        EverybodyScreen,
        label=lambda t: t("People"),
        icon=ft.Icons.PEOPLE_ROUNDED,
        roles=frozenset({Role.COORDINATOR}),
        below="person",
        panes=True,
    ),
    ScreenRoute(
        WAITING,
        WaitingScreen,
        label=lambda t: t("Waiting"),
        icon=ft.Icons.PERSON_SEARCH_ROUNDED,
        roles=frozenset({Role.COORDINATOR}),
        below="person",
        panes=True,
        under=EVERYBODY,
    ),
    ScreenRoute(
        STAFF,
        StaffScreen,
        label=lambda t: t("Staff"),
        icon=ft.Icons.BADGE_ROUNDED,
        roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
        below="person",
        panes=True,
    ),
    ScreenRoute(
        ME,
        MeScreen,
        label=lambda t: t("Me"),
        icon=ft.Icons.PERSON_ROUNDED,
        below="part",
        panes=True,
    ),
)

HOME = (
    HomeCard("notices", NoticesCard, roles=frozenset(Role), pressing=True),
    HomeCard("team", MyTeamCard, roles=frozenset({Role.YOUNG_PERSON})),
    HomeCard(
        "my_people",
        MyPeopleCard,
        roles=frozenset({Role.KEY_WORKER, Role.MENTOR, Role.PROFESSIONAL}),
    ),
    HomeCard("waiting", WaitingCard, roles=frozenset({Role.COORDINATOR})),
)
