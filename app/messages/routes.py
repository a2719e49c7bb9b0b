"""Screens of this room: one line each; and what it brings to the screens of others."""

from functools import partial

import flet as ft

from app.design.layout import HomeCard, ScreenRoute
from app.messages.cards import PATH, TalkCard, WaitingMessagesCard, WroteCard
from app.messages.coordinator import MENTORS, CoordinatorChatCard, MentorChatsScreen
from app.messages.kept_screen import KEPT, KeptScreen
from app.messages.key_worker import InboxScreen
from app.messages.mentor import MentorInboxScreen
from app.messages.pocket_part import PocketKeeper, PocketScreen
from app.messages.several_screen import SEVERAL, SeveralScreen
from app.messages.template_sheet import TEMPLATES
from app.messages.templates_screen import TemplatesScreen
from app.messages.translating_card import TranslatingCard
from app.messages.turning import LOG_CONTACT
from app.messages.young_person import ChatScreen
from app.people.everyone import PATH as ME
from app.people.everyone import POCKET
from app.people.model import Part, Role
from app.people.notices import NoticeKind
from app.people.slots import NoticeWay, PageCard

_YOUNG = frozenset({Role.YOUNG_PERSON})
_CHAT = partial(
    ScreenRoute,
    PATH,
    label=lambda t: t("Chat"),
    icon=ft.Icons.CHAT_BUBBLE_ROUNDED,
    below="thread",
    fills=True,
)
ROUTES = (
    _CHAT(screen=ChatScreen, roles=_YOUNG),
    _CHAT(screen=InboxScreen, roles=frozenset({Role.KEY_WORKER}), panes=True),
    _CHAT(screen=MentorInboxScreen, roles=frozenset({Role.MENTOR}), panes=True),
    ScreenRoute(
        SEVERAL,
        SeveralScreen,
        label=lambda t: t("Write to several people"),
        icon=ft.Icons.GROUPS_ROUNDED,
        roles=frozenset({Role.KEY_WORKER}),
        under=PATH,
    ),
    *(
        ScreenRoute(
            TEMPLATES,
            TemplatesScreen,
            label=lambda t: t("Templates"),
            icon=ft.Icons.ARTICLE_ROUNDED,
            roles=frozenset({role}),
            under=under,
        )
        for role, under in ((Role.KEY_WORKER, PATH), (Role.COORDINATOR, "/"))
    ),
    ScreenRoute(
        MENTORS,
        MentorChatsScreen,
        label=lambda t: t("Chats of mentors"),
        icon=ft.Icons.CHAT_BUBBLE_ROUNDED,
        roles=frozenset({Role.COORDINATOR}),
        below="thread",
        panes=True,
        fills=True,
        under="/",
    ),
    *(
        ScreenRoute(
            KEPT,
            KeptScreen,
            label=lambda t: t("Messages"),
            icon=ft.Icons.SCHEDULE_ROUNDED,
            roles=frozenset({role}),
            under=under,
        )
        for role, under in ((Role.ADMINISTRATOR, None), (Role.COORDINATOR, "/"))
    ),
    ScreenRoute(
        POCKET,
        PocketScreen,
        label=lambda t: t("Card for times without network"),
        icon=ft.Icons.CLOUD_OFF_ROUNDED,
        roles=_YOUNG,
        under=ME,
    ),
)

HOME = (
    HomeCard("pocket", PocketKeeper, roles=_YOUNG, pressing=True),
    HomeCard("wrote", WroteCard, roles=_YOUNG, pressing=True),
    HomeCard(
        "waiting_messages",
        WaitingMessagesCard,
        roles=frozenset({Role.KEY_WORKER, Role.MENTOR}),
    ),
)
# Nobody waits there: it comes below what does.
HOME_BELOW = (
    HomeCard("mentor_chats", CoordinatorChatCard, roles=frozenset({Role.COORDINATOR})),
    HomeCard("translating", TranslatingCard, roles=frozenset({Role.ADMINISTRATOR})),
)

PAGE = (PageCard("chat", TalkCard, parts=frozenset({Part.KEY_WORKER, Part.STAND_IN, Part.MENTOR})),)

TURNS = (LOG_CONTACT,)

_OPEN = partial(NoticeWay, label=lambda t: t("Open the chat"))
NOTICES = (
    _OPEN(NoticeKind.HANDED_ON, _YOUNG, path=lambda notice: PATH),
    _OPEN(
        NoticeKind.HANDED_TO_YOU,
        frozenset({Role.KEY_WORKER}),
        path=lambda notice: f"{PATH}/{notice.about_id}",
    ),
    NoticeWay(
        NoticeKind.NOBODY_ANSWERS,
        frozenset({Role.COORDINATOR}),
        label=lambda t: t("See the team"),
        path=lambda notice: f"/people/{notice.about_id}",
    ),
)
