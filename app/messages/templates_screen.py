"""The messages that are often written: a key worker's own, and those of the organisation."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Heading, Quiet
from app.design.guard import calling, keyed, screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Row, Rows
from app.design.session import use_session
from app.design.states import Empty, show
from app.messages.cards import PATH
from app.messages.template_form import EditTemplate
from app.messages.templates import Template, Templates
from app.people.cards import use_mine
from app.people.list_screen import going
from app.people.model import Organisation, Role

Open = Callable[[Template], Callable[..., object]]


@screen
def TemplatesScreen() -> ft.Control:
    """For key workers and coordinators, who write those of the organisation."""
    session, home = use_session(), use_mine().home
    t, place = session.t, home.active.organisation if home.active else None
    editing, set_editing = ft.use_state(cast("Template | None", None))
    shared = home.role is Role.COORDINATOR

    async def read() -> tuple[Template, ...]:
        return await Templates(session.db, session.seal).mine(place.id) if place else ()

    loaded, reload = use_load(read, deps=[place.id if place else None])

    def opening(template: Template | None) -> Callable[..., object]:
        return calling(set_editing, template)

    def done() -> None:
        set_editing(None)
        reload()

    if editing and place:
        return keyed(str(editing.id), EditTemplate, place, editing, done)
    rows = show(
        t,
        loaded,
        reload,
        ready=lambda found: Rows([_Line(t, each, place, opening, shared) for each in found]),
        empty=lambda: Empty(t("There is none yet.")),
    )
    before = (t("Home"), "/") if shared else (t("Chat"), PATH)
    back = QuietButton(before[0], going(session, before[1]), icon=ft.Icons.ARROW_BACK_ROUNDED)
    new = MainButton(t("New template"), opening(Template(shared)), icon=ft.Icons.ADD_ROUNDED)
    return Stack(
        [
            ft.Row([back], wrap=True),
            Heading(t("Templates"), level=1),
            Quiet(t("Texts that are often sent. Everybody gets them in their language.")),
            ft.Row([new], wrap=True),
            rows,
        ]
    )


def _Line(
    t: Translator, template: Template, place: Organisation | None, opening: Open, shared: bool
) -> ft.Control:
    """Who may not change one begins their own with its words."""
    name = place.name if place else ""
    whose = t("Of {place}", place=name) if template.shared else t("Your own")
    languages = t.listed([t.tongue(code) for code in sorted(template.texts)])
    opened = template
    if template.shared and not shared:
        opened = replace(Template(shared=False), title=template.title, texts=template.texts)
    return Row(
        ft.Icons.ARTICLE_ROUNDED,
        template.title or t("This cannot be read right now."),
        opening(opened),
        meta=f"{whose} · {languages}" if languages else whose,
    )
