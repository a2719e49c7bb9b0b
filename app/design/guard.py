"""What keeps one mistake from becoming everybody's: guarded screens, handlers and callbacks.

Each function here answers a way in which Flet behaves; tests/ui/test_flet_behaves.py shows each
of them on bare Flet and fails on the day a guard is no longer needed.
"""

import asyncio
import functools
import inspect
import sys
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import flet as ft
from flet.messaging.session import Session

from app.core.errors import AppError, Unexpected
from app.core.i18n import Translator
from app.core.logs import log_fault
from app.design.session import Lifetime
from app.design.sparing import spare_flet
from app.design.states import Problem, explain

P = ParamSpec("P")
C = TypeVar("C")

_HEAL_AFTER = 1.0
_OFFERED = ft.Duration(seconds=6)
_running: set[asyncio.Task[None]] = set()


def screen(draw: Callable[P, ft.Control]) -> Callable[P, ft.Control]:
    """Make a component of a room. A mistake while drawing shows a Problem in its place.

    Without it the first such mistake stops the session for good: Flet's update loop ends, nothing
    is drawn any more, and a reload brings the same dead session back.
    """

    @functools.wraps(draw)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ft.Control:
        try:
            return draw(*args, **kwargs)
        except Exception as error:
            return _instead(error)

    return ft.component(guarded)


def page_view(draw: Callable[P, ft.View]) -> Callable[P, ft.View]:
    """The same as `screen` for a component that draws a whole view."""

    @functools.wraps(draw)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ft.View:
        try:
            return draw(*args, **kwargs)
        except Exception as error:
            return ft.View(controls=[_instead(error)])

    return ft.component(guarded)


def keyed(key: str, component: Callable[P, C], *args: P.args, **kwargs: P.kwargs) -> C:
    """A component with a key: another key makes it begin anew, the same keeps its state.

    In lists the key is the id of the row.
    """
    return component(*args, key=key, **kwargs)  # type: ignore[arg-type]  # Flet adds `key` unsaid


def action(handler: Callable[P, Awaitable[None] | None]) -> Callable[P, Awaitable[None]]:
    """Make a handler of a tap or a typed text. A mistake becomes a short message to the reader.

    Without it Flet sends the whole traceback to the browser and clears the screen.
    """

    @functools.wraps(handler)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            outcome = handler(*args, **kwargs)
            if inspect.isawaitable(outcome):
                await outcome
        except AppError as error:
            tell(ft.context.page, error)
        except Exception as error:
            tell(ft.context.page, unexpected("handler_failed", error))

    return guarded


def calling(
    step: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> Callable[[], Awaitable[None]]:
    """A handler of a tap that calls `step` with these arguments, whatever else a tap brings."""

    @action
    def go() -> None:
        step(*args, **kwargs)

    return go


def in_page(page: ft.Page, callback: Callable[..., Awaitable[None] | None], *args: object) -> None:
    """Call `callback` inside the session of `page`, soon. The only door for hints and timers.

    May be called from any task or thread. Flet takes the *caller's* page for whatever a callback
    changes: called directly, it sends one person's screen to another. Here it runs on the
    session's own loop and in the context that the session began with. Nothing happens when the
    session has ended.
    """
    life = Lifetime.of(page)
    if life is None or life.ended or life.loop.is_closed():
        return

    async def run() -> None:
        if not life.ended:
            await action(callback)(*args)

    def start() -> None:
        task = asyncio.create_task(run())
        _running.add(task)
        task.add_done_callback(_running.discard)

    life.loop.call_soon_threadsafe(start, context=life.context.copy())


def heal(page: ft.Page) -> None:
    """Bring a session up to date when its browser is back: call it from `page.on_connect`.

    What changed while nobody was connected was neither drawn nor queued, and the update loop may
    have ended meanwhile. Must run in the page's own context.
    """
    page.session.start_updates_scheduler()
    if life := Lifetime.of(page):
        life.wake()


def keep_drawing(page: ft.Page) -> None:
    """Watch the update loop of a session and start it again when it ends by a mistake.

    Guarded screens do not end it; a fault in Flet's own comparing of trees still could.
    """
    task: asyncio.Task[None] | None = getattr(page.session, "_Session__updates_task", None)
    if task is not None:
        task.add_done_callback(functools.partial(_lost, page))


def guard_flet() -> None:
    """What is exchanged inside Flet, for all sessions. Once per process, at start."""
    hide_tracebacks()
    spare_flet()


def hide_tracebacks() -> None:
    """Keep Flet from sending Python tracebacks to browsers."""
    if getattr(Session.error, "quiet", False):
        return
    crash = Session.error

    def quiet_error(session: Session, message: str) -> None:
        error = unexpected("flet_failed", sys.exception() or RuntimeError())
        life = Lifetime.of(session.page)
        if life is None:
            # Nothing is on the screen yet: only Flet's own full-page message is left.
            crash(session, explain(Translator(), error).text)
        else:
            tell(session.page, error)

    # Flet has no setting for what is said about an error, so its method is exchanged.
    vars(quiet_error)["quiet"] = True
    Session.error = quiet_error  # type: ignore[method-assign,assignment]  # no other door in Flet


def tell(page: ft.Page, error: AppError) -> None:
    """Show an error as a short message at the edge of the screen; screen readers read it."""
    trouble = explain(_words(page), error)
    toast(page, f"{trouble.title}. {trouble.text}")


def toast(page: ft.Page, text: str) -> None:
    """Show a short message at the edge of the screen. `text` is already in the reader's words."""
    page.show_dialog(ft.SnackBar(content=ft.Text(text), behavior=ft.SnackBarBehavior.FLOATING))


def offer(page: ft.Page, text: str, word: str, on_taken: Callable[..., object]) -> None:
    """The same with a button named `word`; it goes by itself after a while."""
    page.show_dialog(
        ft.SnackBar(
            content=ft.Text(text),
            action=ft.SnackBarAction(word, on_click=on_taken),
            behavior=ft.SnackBarBehavior.FLOATING,
            duration=_OFFERED,
            persist=False,
        )
    )


def unexpected(event: str, error: BaseException) -> Unexpected:
    """Log a mistake of ours; the answer carries the number to tell people."""
    return Unexpected("unexpected", {"id": log_fault(event, error).id[:8]})


def _instead(error: Exception) -> ft.Control:
    page = ft.context.page
    life = Lifetime.of(page)
    shown = error if isinstance(error, AppError) else unexpected("screen_failed", error)

    def again() -> None:
        if life:
            life.restart()

    return Problem(_words(page), shown, again)


def _words(page: ft.Page) -> Translator:
    life = Lifetime.of(page)
    return life.t if life else Translator()


def _lost(page: ft.Page, task: asyncio.Task[None]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    unexpected("drawing_loop_lost", error)
    if (life := Lifetime.of(page)) and not life.ended:
        life.loop.call_later(_HEAL_AFTER, in_page, page, _revive, page)


def _revive(page: ft.Page) -> None:
    heal(page)
    keep_drawing(page)
