"""A young person's own threads: the one with their key worker, and the one with a mentor."""

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import Choice, QuietButton
from app.design.cards import Heading
from app.design.guard import keyed, screen
from app.design.hooks import use_load
from app.design.layout import Filling, Stack
from app.design.session import AppSession, use_session
from app.design.states import Empty, show
from app.design.tokens import TIGHT
from app.messages.cards import MENTOR, path_of
from app.messages.model import ThreadKind, ThreadRow
from app.messages.thread import Thread
from app.messages.use import use_messages
from app.people.list_screen import going


@screen
def ChatScreen() -> ft.Control:
    """The thread with the key worker; above it the way to the mentor's, where there is one."""
    session, messages = use_session(), use_messages()
    t, chosen = session.t, ft.use_route_params().get("thread")
    kind = ThreadKind.MENTOR if chosen == MENTOR else ThreadKind.KEY_WORKER
    loaded, reload = use_load(messages.threads, live="team")

    def ready(rows: tuple[ThreadRow, ...]) -> ft.Control:
        mine = next((each for each in rows if each.kind is kind), rows[0])
        thread = keyed(str(mine.kind), Thread, mine.young_person, mine.kind, None)
        filled = ft.Container(content=thread, expand=True)
        return ft.Column([_Ways(session, rows, mine), filled], spacing=0, expand=True)

    body = show(t, loaded, reload, ready=ready, empty=lambda: _Nobody(t), level=1, fills=True)
    return ft.Container(content=body, expand=True)


def _Ways(session: AppSession, rows: tuple[ThreadRow, ...], now: ThreadRow) -> ft.Control:
    """With whom to talk, where there are several. Large letters have room for the others only."""
    large = session.look.large
    ways = [_way(session, each, now) for each in rows if not (large and each is now)]
    return ft.Container(
        content=ft.Row(ways, spacing=TIGHT, wrap=large),
        padding=ft.Padding.symmetric(horizontal=2 * TIGHT),
        visible=len(rows) > 1,
    )


def _way(session: AppSession, row: ThreadRow, now: ThreadRow) -> ft.Control:
    name, go = _name(session.t, row), going(session, path_of(row, own=True))
    if session.look.large:
        return QuietButton(name, go, icon=ft.Icons.SWAP_HORIZ_ROUNDED)
    return ft.Container(content=Choice(name, go, chosen=row is now), expand=True)


def _name(t: Translator, row: ThreadRow) -> str:
    if row.kind is ThreadKind.MENTOR:
        return t("{name} (mentor)", name=row.name) if row.name else t("Mentor")
    return row.name or t("Key worker")


def _Nobody(t: Translator) -> ft.Control:
    nobody = Empty(t("Nobody is here to write with yet. Help is at the top."))
    return Filling(Stack([Heading(t("Chat"), level=1), nobody]))
