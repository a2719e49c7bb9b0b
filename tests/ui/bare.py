"""The least around a screen: a session without people and data, and hints by hand."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import flet as ft
from supabase import AsyncClient

from app.core.db import Db
from app.core.hints import Fanout, Message
from app.core.i18n import Translator
from app.core.seal import Seal
from app.design.guard import heal, keep_drawing, screen
from app.design.hooks import use_load
from app.design.session import AppSession, Lifetime, SessionContext, use_session
from app.design.states import Empty, show
from tests.fixtures.people import KEYS

Fetch = Callable[[], Awaitable[list[str]]]


class Bell:
    """Rings for a person as the database would, past the network."""

    def __init__(self) -> None:
        self.fanout = Fanout()

    def ring(self, person_id: UUID, kind: str) -> None:
        self.fanout.hear(Message(None, kind, None, (person_id,)))

    @property
    def listeners(self) -> int:
        return len(self.fanout)


async def _no_client() -> AsyncClient:
    raise AssertionError("these screens read no database")


def opening(
    component: Callable[[], ft.Control], bell: Bell, person: UUID
) -> Callable[[ft.Page], None]:
    """A root as the app has it, around one component."""

    def begin(page: ft.Page) -> None:
        life = Lifetime(page, Translator())
        start = AppSession(
            db=Db(_no_client),
            seal=Seal(KEYS),
            t=life.t,
            person_id=person,
            device_hash="0" * 64,
            live=bell.fanout,
            navigate=page.navigate,
        )

        @screen
        def Root() -> ft.Control:
            again, set_again = ft.use_state(0)
            life.wake = lambda: set_again(lambda n: n + 1)
            session = AppSession(**{**vars(start), "again": again})
            return SessionContext(session, component)

        page.on_connect = lambda: heal(page)
        page.on_close = life.end
        page.render(Root)

    return begin


def listing(fetch: Fetch, deps: Sequence[object] = ()) -> Callable[[], ft.Control]:
    """A screen with a list, as every room writes it."""

    @screen
    def Listing() -> ft.Control:
        loaded, reload = use_load(fetch, live="letters", deps=deps)
        t = use_session().t
        drawn = show(
            t,
            loaded,
            reload,
            ready=lambda items: ft.Column([ft.Text(item) for item in items]),
            empty=lambda: Empty("no letters"),
        )
        return ft.Column([drawn, ft.Button("again", on_click=reload)])

    return Listing


class Letters:
    """A source that answers when told to, and counts."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self.answers = list(answers)
        self.calls = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self) -> list[str]:
        self.calls += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            await self.gate.wait()
        finally:
            self.at_once -= 1
        if isinstance(answer, Exception):
            raise answer
        return answer


def root_of(component: Callable[[], ft.Control]) -> Callable[[ft.Page], None]:
    """What `open_app` does around any root, without people and data."""

    def begin(page: ft.Page) -> None:
        life = Lifetime(page, Translator())
        page.on_connect = lambda: heal(page)
        page.on_close = life.end
        page.render(component)
        keep_drawing(page)

    return begin
