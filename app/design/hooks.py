"""Loading and doing, for screens: `use_load` for what is shown, `use_action` for what is done."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar, cast

import flet as ft

from app.core.clock import scattered, utc_now
from app.core.errors import AppError, NotAllowed, NotFound, Unreachable
from app.core.hints import Hint
from app.design.guard import action, in_page, unexpected
from app.design.session import AppSession, Lifetime, use_session
from app.design.states import Loaded

P = ParamSpec("P")
T = TypeVar("T")

Fetch = Callable[[], Awaitable[T]]
_RETRIES = (5.0, 15.0, 60.0)


def use_load(
    fetch: Fetch[T], *, live: str | frozenset[str] | None = None, deps: Sequence[object] = ()
) -> tuple[Loaded[T], Callable[[], None]]:
    """Load something for this screen and keep it up to date; also returns `reload`.

    `fetch` runs when the screen appears, when `deps` change, when a hint of one of the `live`
    kinds arrives, and when the browser comes back. There is at most one fetch under way and one
    waiting, however many hints arrive. An answer that is late (other `deps`, screen gone) is
    dropped. When a fetch fails, what was loaded stays, marked stale; only what this person may not
    see any more goes at once. An unreachable backend is asked again after 5, 15 and then every
    60 seconds.
    """
    session = use_session()
    page = ft.context.page
    known, set_known = ft.use_state(cast("tuple[object, Loaded[T]]", (None, Loaded())))
    loader = cast("_Loader[T]", ft.use_ref(cast(Any, lambda: _Loader(page))).current)
    kinds = frozenset({live}) if isinstance(live, str) else live or frozenset()
    wanted = tuple(deps)
    loader.fetch, loader.publish = fetch, set_known
    ft.use_effect(
        lambda: loader.begin(session, kinds, wanted),
        [*wanted, kinds, session.again],
        cleanup=loader.end,
    )
    loaded_for, loaded = known
    return (loaded if loaded_for == wanted else Loaded()), loader.reload


def use_action(
    handler: Callable[P, Awaitable[None]],
) -> tuple[Callable[P, Awaitable[None]], bool]:
    """A guarded handler that runs once at a time, and whether it is running now.

    Taps while it runs are dropped, even from a browser that ignores that the button is off.
    """
    running, set_running = ft.use_state(False)
    busy = ft.use_ref(False)

    @action
    @functools.wraps(handler)
    async def run(*args: P.args, **kwargs: P.kwargs) -> None:
        if busy.current:
            return
        busy.current = True
        set_running(True)
        try:
            await handler(*args, **kwargs)
        finally:
            busy.current = False
            set_running(False)

    return run, running


class _Loader(Generic[T]):
    """The moving part behind one `use_load`: who fetches, for what, and what comes next."""

    fetch: Fetch[T]
    publish: Callable[[Callable[[tuple[object, Loaded[T]]], tuple[object, Loaded[T]]]], None]

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._task: asyncio.Task[None] | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._wanted: tuple[object, ...] = ()
        self._queued = False
        self._failures = 0
        self._read_at: datetime | None = None
        self._stop_listening = _nothing
        self._forget_ending = _nothing

    def begin(self, session: AppSession, kinds: frozenset[str], wanted: tuple[object, ...]) -> None:
        self.end()
        self._wanted = wanted
        if life := Lifetime.of(self._page):
            self._forget_ending = life.at_end(self.end)
        if kinds:
            self._stop_listening = session.live.listen(session.person_id, kinds, self._hinted)
        self.reload()

    def end(self) -> None:
        self._stop_listening()
        self._forget_ending()
        self._stop_listening = self._forget_ending = _nothing
        self._queued = False
        if self._retry:
            self._retry.cancel()
        if self._task:
            self._task.cancel()
            self._task = None

    def reload(self) -> None:
        if self._task and not self._task.done():
            self._queued = True
        else:
            self._task = asyncio.create_task(self._run())

    def _hinted(self, hint: Hint) -> None:
        in_page(self._page, self._refresh)

    def _refresh(self) -> None:
        # A browser that is away asks again when it comes back; until then nobody looks.
        if self._page.session.connection is not None:
            self.reload()

    async def _run(self) -> None:
        if self._retry:
            self._retry.cancel()
        self._queued = True
        while self._queued:
            self._queued = False
            await self._once()

    async def _once(self) -> None:
        wanted = self._wanted
        try:
            data = await self.fetch()
        except AppError as error:
            self._failed(wanted, error)
        except Exception as error:
            self._failed(wanted, unexpected("load_failed", error))
        else:
            self._failures = 0
            self._read_at = utc_now()
            self.publish(lambda _: (wanted, Loaded("ready", data, at=self._read_at)))

    def _failed(self, wanted: tuple[object, ...], error: AppError) -> None:
        def worse(known: tuple[object, Loaded[T]]) -> tuple[object, Loaded[T]]:
            before = known[1] if known[0] == wanted else Loaded[T]()
            if before.data is None or isinstance(error, NotAllowed | NotFound):
                return wanted, Loaded("problem", error=error)
            return wanted, replace(before, state="stale", error=error, at=self._read_at)

        self.publish(worse)
        if isinstance(error, Unreachable):
            # Spread: a whole town of phones must not come back in the same moment.
            spread = scattered(0.8, 1.2)
            delay = _RETRIES[min(self._failures, len(_RETRIES) - 1)] * spread
            self._failures += 1
            loop = asyncio.get_running_loop()
            self._retry = loop.call_later(delay, in_page, self._page, self._refresh)


def _nothing() -> None:
    pass
