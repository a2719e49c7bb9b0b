"""A coordinator's way to the threads of mentors, who are volunteers."""

from typing import Final

import flet as ft

from app.design.buttons import QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.rows import Row, Rows
from app.design.session import use_session
from app.messages.coordinating import mentor_threads
from app.messages.inbox import Inbox, InboxKind
from app.messages.kept_screen import KEPT
from app.messages.model import ThreadKind, ThreadRow
from app.messages.template_sheet import TEMPLATES
from app.people.cards import use_mine
from app.people.list_screen import going

MENTORS: Final = "/mentors"


@screen
def MentorChatsScreen() -> ft.Control:
    """The list, without words, and the thread that was chosen; opening one is noted."""
    session, active = use_session(), use_mine().home.active
    t, place = session.t, active.organisation.id if active else None
    chosen = ft.use_route_params().get("thread")

    async def read() -> tuple[ThreadRow, ...]:
        return await mentor_threads(session.db, place) if place else ()

    loaded, reload = use_load(read, live="team", deps=[place])
    home = QuietButton(t("Home"), going(session, "/"), icon=ft.Icons.ARROW_BACK_ROUNDED)
    noted = Quiet(t("You can read these chats. Opening one is noted."))
    kind = InboxKind(ThreadKind.MENTOR, MENTORS, t("Chats of mentors"), [home, noted])
    return Inbox(session, kind, chosen, loaded, reload)


@screen
def CoordinatorChatCard() -> ft.Control:
    """The way there from the first screen, and to what a coordinator sets for all chats."""
    session = use_session()
    t = session.t
    return Card(
        [
            Heading(t("Chat")),
            Rows(
                [
                    Row(
                        ft.Icons.CHAT_BUBBLE_ROUNDED,
                        t("Chats of mentors"),
                        going(session, MENTORS),
                    ),
                    Row(ft.Icons.ARTICLE_ROUNDED, t("Templates"), going(session, TEMPLATES)),
                    Row(
                        ft.Icons.SCHEDULE_ROUNDED,
                        t("How long messages are kept"),
                        going(session, KEPT),
                    ),
                ]
            ),
        ]
    )
