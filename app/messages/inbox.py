"""The threads of somebody who works here: a list, and the thread that was chosen from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design.cards import Heading
from app.design.guard import keyed
from app.design.layout import Filling, Panes, Scrolling, Stack
from app.design.rows import Rows
from app.design.session import AppSession
from app.design.states import Empty, Loaded, Problem, show
from app.messages.cards import PATH, about_thread
from app.messages.model import ThreadKind, ThreadRow
from app.messages.thread import Thread
from app.messages.words import by_waiting
from app.people.list_screen import going, list_level
from app.people.team_cards import PersonRow


@dataclass(frozen=True)
class InboxKind:
    """Which threads are listed, where, and under which `title` ("" for the usual one). `ways` lead
    from the list to what is about several threads."""

    threads: ThreadKind
    path: str = PATH
    title: str = ""
    ways: Sequence[ft.Control] = ()


def Inbox(
    session: AppSession,
    kind: InboxKind,
    chosen: str | None,
    loaded: Loaded[tuple[ThreadRow, ...]],
    reload: Callable[[], None],
) -> ft.Control:
    """Side by side on a tablet, one at a time on a phone; who waits longest stands first."""
    t = session.t
    back = None if session.wide else going(session, kind.path)
    one = _one(t, kind.threads, chosen, reload, back) if chosen else None
    everybody = Stack(
        [
            Heading(kind.title or t("Chat"), level=list_level(session, chosen)),
            *([ft.Row(list(kind.ways), wrap=True)] if kind.ways else []),
            show(
                t,
                loaded,
                reload,
                ready=lambda rows: _Rows(session, rows, chosen, kind.path),
                empty=lambda: Empty(t("Nobody is here to write with yet.")),
            ),
        ]
    )
    if session.wide:
        nobody = Empty(t("Choose a chat from the list."), icon=ft.Icons.TOUCH_APP_ROUNDED)
        return Panes(everybody, one or nobody, broad=session.broad, fills=one is not None)
    return one or Scrolling(everybody)


def _Rows(
    session: AppSession, rows: Sequence[ThreadRow], chosen: str | None, path: str
) -> ft.Control:
    return Rows(
        [
            PersonRow(
                each.name,
                about_thread(session.t, each),
                going(session, f"{path}/{each.young_person}"),
                chosen=str(each.young_person) == chosen,
            )
            for each in by_waiting(rows)
        ]
    )


def _one(
    t: Translator,
    kind: ThreadKind,
    chosen: str,
    reload: Callable[[], None],
    back: Callable[..., object] | None,
) -> ft.Control:
    try:
        young_person = UUID(chosen)
    except ValueError:
        return Filling(Problem(t, NotFound("not_found"), reload, level=1))
    return keyed(chosen, Thread, young_person, kind, back)
