"""A list of people and one of them: side by side on a tablet, one at a time on a phone."""

from collections.abc import Callable

import flet as ft

from app.design.buttons import QuietButton
from app.design.cards import Quiet
from app.design.guard import action
from app.design.layout import Panes, Stack
from app.design.session import AppSession


def ListAndOne(
    session: AppSession, path: str, name: str, everybody: ft.Control, one: ft.Control | None
) -> ft.Control:
    """`everybody` stands at `path` and is called `name`; `one` is None when nobody was chosen."""
    if session.wide:
        return Panes(everybody, one or Quiet(session.t("Choose somebody from the list.")))
    if one is None:
        return everybody
    back = QuietButton(name, going(session, path), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack([ft.Row([back], wrap=True), one])


def going(session: AppSession, path: str) -> Callable[[], object]:
    """A handler that goes to another address of the app."""

    @action
    def go() -> None:
        session.navigate(path)

    return go
