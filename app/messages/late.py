"""What was kept back stands under the newer messages: send it, change it, or throw it away."""

from collections.abc import Callable
from functools import partial
from typing import Protocol
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import IconLine
from app.design.guard import action, keyed, screen
from app.design.session import use_session
from app.design.tokens import TIGHT
from app.messages.bubbles import OwnText
from app.messages.kept_back import Late
from app.messages.model import KeptBack, OpenThread
from app.messages.place import Place
from app.messages.unsent import Outgoing


class Writer(Protocol):
    """What is needed of a thread's desk; `Desk` has it."""

    opened: OpenThread
    place: Place
    outgoing: Outgoing
    redraw: Callable[[], None]

    def into_box(self, text: str) -> None: ...


class KeptHere:
    """What of a thread is still kept back, and what its author does with it."""

    def __init__(self, late: Late, writer: Writer) -> None:
        self._late = late
        self._writer = writer
        # Decided here; what was loaded before may still have it.
        self._done: set[UUID] = set()

    def rows(self) -> list[KeptBack]:
        """Those that wait for a word, the oldest first."""
        return [each for each in self._writer.opened.kept_back if each.client_id not in self._done]

    @action
    def send(self, kept: KeptBack, event: object = None) -> None:
        self._done.add(kept.client_id)
        self._writer.outgoing.send(kept.text, client_id=kept.client_id)
        self._writer.redraw()

    @action
    async def change(self, kept: KeptBack, event: object = None) -> None:
        """Into the box; it is sent from there like any other text."""
        await self._drop(kept)
        self._writer.into_box(kept.text)

    @action
    async def throw_away(self, kept: KeptBack, event: object = None) -> None:
        await self._drop(kept)
        self._writer.redraw()

    async def _drop(self, kept: KeptBack) -> None:
        await self._late.drop(self._writer.opened.thread_id, kept.client_id)
        self._done.add(kept.client_id)


def overtakes(writer: Writer, now: OpenThread) -> bool:
    """Whether what stands in the box is the beginning of something that came in by another way."""
    known = {each.client_id for each in writer.place.history.messages}
    known |= {each.client_id for each in writer.outgoing.waiting}
    known |= {each.client_id for each in writer.opened.kept_back}
    came = [each.text for each in now.messages if each.mine and each.client_id not in known]
    came += [each.text for each in now.kept_back if each.client_id not in known]
    begun = writer.outgoing.text.strip()
    return bool(begun) and any(each.startswith(begun) for each in came)


def drawn_kept_back(here: KeptHere) -> list[ft.Control]:
    """The bubbles, the newest first."""
    return [keyed(f"kept {each.client_id}", KeptBubble, each, here) for each in here.rows()[::-1]]


@screen
def KeptBubble(kept: KeptBack, here: KeptHere) -> ft.Control:
    """A text that nobody else has seen, with what can be done about it."""
    session = use_session()
    t = session.t
    below: list[ft.Control] = [
        IconLine(ft.Icons.CLOUD_OFF_ROUNDED, t("Not sent yet")),
        ft.Text(t("You wrote this without connection."), theme_style=theme.BODY, color=theme.INK),
        _Ways(t, kept, here),
    ]
    return OwnText(t, session.look, kept.text, below)


def _Ways(t: Translator, kept: KeptBack, here: KeptHere) -> ft.Control:
    return ft.Row(
        [
            QuietButton(t("Send it"), partial(here.send, kept), icon=ft.Icons.SEND_ROUNDED),
            QuietButton(t("Change"), partial(here.change, kept), icon=ft.Icons.EDIT_ROUNDED),
            QuietButton(
                t("Throw away"), partial(here.throw_away, kept), icon=ft.Icons.DELETE_ROUNDED
            ),
        ],
        wrap=True,
        spacing=TIGHT,
        run_spacing=TIGHT,
    )
