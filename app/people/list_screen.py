"""A list of people and one of them: side by side on a tablet, one at a time on a phone."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from app.design.buttons import QuietButton
from app.design.guard import action, calling
from app.design.layout import Panes, Stack
from app.design.session import AppSession
from app.design.states import Empty
from app.people.model import Page

T = TypeVar("T")


def ListAndOne(
    session: AppSession, path: str, name: str, everybody: ft.Control, one: ft.Control | None
) -> ft.Control:
    """`everybody` stands at `path` and is called `name`; `one` is None when nobody was chosen."""
    if session.wide:
        nobody = Empty(session.t("Choose somebody from the list."), icon=ft.Icons.TOUCH_APP_ROUNDED)
        return Panes(everybody, one or nobody, broad=session.broad)
    if one is None:
        return everybody
    back = QuietButton(name, going(session, path), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack([ft.Row([back], wrap=True), one])


def list_level(session: AppSession, chosen: str | None) -> int:
    """The level of the list's own heading: where one person stands beside it, theirs is the first
    on the screen."""
    return 2 if session.wide and chosen else 1


def going(session: AppSession, path: str) -> Callable[[], object]:
    """A handler that goes to another address of the app."""
    return calling(session.navigate, path)


async def first_pages(read: Callable[[T | None], Awaitable[Page[T]]], count: int) -> Page[T]:
    """The first `count` pages of a list as one; `read` takes the row before the page, or None."""
    rows: list[T] = []
    page: Page[T] = Page((), more=True)
    for _ in range(count):
        page = await read(rows[-1] if rows else None)
        rows += page.rows
        if not page.more:
            break
    return Page(tuple(rows), page.more)


def More(
    session: AppSession, page: Page[T], pages: MutableRef[int], reload: Callable[[], None]
) -> list[ft.Control]:
    """The way to the rows that are not shown yet, if there are any."""

    @action
    def show_more() -> None:
        pages.current = (pages.current or 1) + 1
        reload()

    button = QuietButton(session.t("Show more"), show_more, icon=ft.Icons.EXPAND_MORE_ROUNDED)
    return [ft.Row([button], wrap=True)] if page.more else []
