"""Who is signed in, and how long that lasts: what one Flet session owns.

Nothing about a person lives at module level: one process serves many people. Screens ask
`use_session()`; code that is called from outside a screen (a hint, a timer) finds its way back
through the `Lifetime` of the page it belongs to.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, cast
from uuid import UUID

import flet as ft

from app.core.db import Db
from app.core.hints import Callback
from app.core.i18n import SOURCE, Translator
from app.core.seal import Seal
from app.core.translation import TranslationProvider
from app.design.look import Look
from app.design.memory import Memory, Nowhere
from app.design.tokens import BROAD_FROM, TABLET_FROM

_KEY = "lifetime"


async def _nobody_listens(look: Look) -> None:
    """Before the root stands, there is nowhere to keep a choice."""


class Live(Protocol):
    """Where hints come from; the process has one, every session listens on it."""

    def listen(
        self, person_id: UUID, kinds: frozenset[str], callback: Callback
    ) -> Callable[[], None]:
        """Call `callback` for hints of these kinds to this person, until the answer is called.

        It is called from outside any session, so it must go through `guard.in_page`.
        """
        ...


class Post(Protocol):
    """Who has colleagues written to; it holds the secret key, and nothing else of that shows."""

    async def invite(self, email: str, link: str) -> None:
        """Raises `Conflict` when the address has a sign-in already."""
        ...

    async def withdraw(self, user_id: UUID) -> None:
        """Remove a sign-in that belongs to nobody."""
        ...


@dataclass(frozen=True, eq=False)
class AppSession:
    """What every screen of one signed-in device may use.

    `seal` is for the words people write. `origin` is the app's public address
    (`https://handrail.example`). `post` writes to colleagues; None where no secret key was given.
    `width` is about that of the window in logical pixels, 0 while unknown; `wide` from a tablet's
    on, `broad` for one that is held sideways. `look` is how the device wants its screens;
    `choose_look` keeps another one there, and `memory` other little things. `again` counts
    re-attachments of the browser: loads depend on it, because what changed while the phone was away
    was not shown. `language` is the one that this person chose; `t` speaks another one where the
    screens have none in it. `translator` is a machine that may be asked, None where there is none.
    """

    db: Db
    seal: Seal
    t: Translator
    person_id: UUID
    device_hash: str
    live: Live
    navigate: Callable[[str], None]
    origin: str = ""
    post: Post | None = None
    memory: Memory = field(default_factory=lambda: Memory(Nowhere()))
    look: Look = field(default_factory=Look)
    choose_look: Callable[[Look], Awaitable[None]] = _nobody_listens
    width: int = 0
    again: int = 0
    language: str = SOURCE
    translator: TranslationProvider | None = None

    @property
    def wide(self) -> bool:
        return self.width >= TABLET_FROM

    @property
    def broad(self) -> bool:
        return self.width >= BROAD_FROM


SessionContext = ft.create_context(cast(AppSession, None))


def use_session() -> AppSession:
    """The session of the person who sees this screen. A hook: call it unconditionally."""
    return ft.use_context(SessionContext)


def look_now() -> Look:
    """The look of whose screen is being drawn. For pieces: a screen that draws them must ask
    `use_session()`, and is drawn anew when the look changes."""
    try:
        life = Lifetime.of(ft.context.page)
    except RuntimeError:
        # Drawn outside of any page.
        life = None
    return life.look if life else Look()


def here(path: str) -> str:
    """The whole address of a path of this site. For pieces, like `look_now`: Flet looks for a
    picture at a bare path among its own files."""
    life = Lifetime.of(ft.context.page)
    return f"{life.origin if life else ''}{path}"


class Lifetime:
    """What begins and ends with one Flet session, connected or not.

    `t` are the reader's words for messages that no screen draws, `look` is what `look_now` answers,
    `origin` where pictures are fetched, `seen` whether somebody can see the page now.
    The root of the screens sets the three calls that reach it from outside: `wake` redraws
    everything and loads again, `restart` also forgets the state of all screens, `resize` tells the
    width in logical pixels.
    """

    def __init__(self, page: ft.Page, t: Translator) -> None:
        self.loop = asyncio.get_running_loop()
        self.context = contextvars.copy_context()
        self.t = t
        self.look = Look()
        self.origin = ""
        self.seen = True
        self.wake: Callable[[], None] = _nothing
        self.restart: Callable[[], None] = _nothing
        self.resize: Callable[[float], None] = lambda width: None
        self.ended = False
        self._endings: dict[object, Callable[[], None]] = {}
        page.session.store.set(_KEY, self)

    @staticmethod
    def of(page: ft.Page) -> "Lifetime | None":
        """The lifetime of this page's session; None before `open` was called for it."""
        return cast("Lifetime | None", page.session.store.get(_KEY))

    def at_end(self, ending: Callable[[], None]) -> Callable[[], None]:
        """Have `ending` called when the session ends; call the answer to forget it again.

        Flet does not unmount screens of a session that expires, so whoever takes something that
        outlives a screen (a listener) registers its return here.
        """
        token = object()
        self._endings[token] = ending
        return lambda: self._endings.pop(token, None) and None

    def end(self) -> None:
        """Give everything back. Later calls do nothing."""
        self.ended = True
        while self._endings:
            self._endings.popitem()[1]()


def _nothing() -> None:
    pass
