"""A mentor's inbox."""

import flet as ft

from app.design.guard import screen
from app.design.hooks import use_load
from app.design.session import use_session
from app.messages.inbox import Inbox, InboxKind
from app.messages.model import ThreadKind
from app.messages.use import use_messages


@screen
def MentorInboxScreen() -> ft.Control:
    """The threads with the young people one is a mentor of; a coordinator can read them too."""
    session, messages = use_session(), use_messages()
    chosen = ft.use_route_params().get("thread")
    loaded, reload = use_load(messages.threads, live=frozenset({"messages", "team"}))
    return Inbox(session, InboxKind(ThreadKind.MENTOR), chosen, loaded, reload)
