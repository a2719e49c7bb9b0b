"""A key worker's inbox."""

import flet as ft

from app.design.buttons import QuietButton
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.session import use_session
from app.messages.inbox import Inbox, InboxKind
from app.messages.model import ThreadKind
from app.messages.several_screen import SEVERAL
from app.messages.template_sheet import TEMPLATES
from app.messages.use import use_messages
from app.people.list_screen import going


@screen
def InboxScreen() -> ft.Control:
    """The threads with one's young people, also those where one stands in."""
    session, messages = use_session(), use_messages()
    chosen = ft.use_route_params().get("thread")
    loaded, reload = use_load(messages.threads, live=frozenset({"messages", "team"}))
    several = QuietButton(
        session.t("Write to several"), going(session, SEVERAL), icon=ft.Icons.GROUPS_ROUNDED
    )
    templates = QuietButton(
        session.t("Templates"), going(session, TEMPLATES), icon=ft.Icons.ARTICLE_ROUNDED
    )
    kind = InboxKind(ThreadKind.KEY_WORKER, ways=[several, templates])
    return Inbox(session, kind, chosen, loaded, reload)
