"""Writing a template: a title, and the text in each language it is read in."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast
from uuid import UUID

import flet as ft

from app.core.errors import AppError, Conflict, Invalid
from app.core.i18n import Translator, languages
from app.design import theme
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Card, Heading, IconLine, Quiet, WhoReads
from app.design.forms import Field, Wrong
from app.design.guard import calling, screen, toast
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.session import use_session
from app.messages.beside import Words
from app.messages.templates import LONGEST_TEMPLATE, LONGEST_TITLE, Template, Templates
from app.messages.words import plain
from app.people.coordinator_cards import TwoTaps
from app.people.model import Organisation


class Draft:
    """A template while it is written. `theirs` is what somebody else stored meanwhile."""

    def __init__(self, templates: Templates, place: UUID, template: Template) -> None:
        self.now = template
        self.theirs: Template | None = None
        self._templates = templates
        self._place = place

    def title(self, title: str) -> None:
        """Keep every letter."""
        self.now = replace(self.now, title=title)

    def write(self, code: str, text: str) -> None:
        """The text in one language."""
        self.now = replace(self.now, texts={**self.now.texts, code: text})

    async def save(self) -> bool:
        """Whether it is stored; else `theirs` is to be looked at first. Raises like `keep`."""
        try:
            await self._templates.keep(self._place, self.now)
        except Conflict:
            found = await self._templates.mine(self._place)
            self.theirs = next((each for each in found if each.id == self.now.id), None)
            self.now = replace(self.now, version=self.theirs.version if self.theirs else 0)
            return False
        return True

    async def remove(self) -> None:
        """Take it away."""
        await self._templates.remove(self.now)


@screen
def EditTemplate(place: Organisation, first: Template, done: Callable[[], None]) -> ft.Control:
    """What somebody else stored meanwhile is shown beside it; saving again then keeps this one."""
    session, page = use_session(), ft.context.page
    t, templates = session.t, Templates(session.db, session.seal)
    draft = cast(Draft, ft.use_ref(cast(Any, lambda: Draft(templates, place.id, first))).current)
    codes, set_codes = ft.use_state(tuple(first.texts) or (t.language,))
    wrong, set_wrong = ft.use_state("")

    async def save() -> None:
        set_wrong("")
        try:
            stored = await draft.save()
        except Invalid as error:
            set_wrong(_refused(t, error))
            return
        if stored:
            toast(page, t("Saved."))
            done()

    async def remove() -> None:
        await draft.remove()
        done()

    run, running = use_action(save)
    back = QuietButton(t("Templates"), calling(done), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack(
        [
            ft.Row([back], wrap=True),
            Heading(first.title or t("New template"), level=1),
            IconLine(ft.Icons.SHIELD_ROUNDED, t("No names, nothing about one person.")),
            WhoReads(_readers(t, place, first)),
            Field(t("Title"), draft.title, value=first.title),
            *(_Text(t, code, first, partial(draft.write, code)) for code in codes),
            _MoreLanguages(t, codes, set_codes),
            *([_Theirs(t, draft.theirs)] if draft.theirs else []),
            *([Wrong(wrong)] if wrong else []),
            ft.Row([MainButton(t("Save"), run, running=running)], wrap=True),
            *([_Remove(t, remove)] if first.version else []),
        ]
    )


def _readers(t: Translator, place: Organisation, template: Template) -> str:
    if template.shared:
        return t("All key workers of {place} read this.", place=place.name)
    return t("Only you read this, until you send it.")


def _Text(
    t: Translator, code: str, template: Template, on_typed: Callable[[str], None]
) -> ft.Control:
    label = t("Text: {language}", language=t.tongue(code))
    field: ft.Control = Field(label, on_typed, value=template.texts.get(code, ""), lines=3)
    return ft.Container(content=field, key=f"text {code}")


@screen
def _MoreLanguages(
    t: Translator, codes: tuple[str, ...], choose: Callable[[tuple[str, ...]], None]
) -> ft.Control:
    """The languages there is no text in yet, once they are asked for."""
    use_session()
    asked, set_asked = ft.use_state(False)

    def add(code: str) -> None:
        set_asked(False)
        choose((*codes, code))

    rest = [code for code in languages("door") if code not in codes]
    if not asked:
        more = QuietButton(
            t("Add a language"), calling(set_asked, True), icon=ft.Icons.TRANSLATE_ROUNDED
        )
        return ft.Row([more] if rest else [], wrap=True)
    return Card(
        [
            Heading(t("Add a language")),
            ft.Row([QuietButton(t.tongue(code), calling(add, code)) for code in rest], wrap=True),
        ]
    )


def _Theirs(t: Translator, theirs: Template) -> ft.Control:
    texts = [Words(t, plain(theirs.texts[code])) for code in sorted(theirs.texts)]
    card = Card(
        [
            IconLine(ft.Icons.SYNC_ROUNDED, t("Somebody changed it meanwhile:"), color=theme.WARN),
            Heading(theirs.title),
            *texts,
            Quiet(t("To keep yours, save again.")),
        ]
    )
    return ft.Semantics(live_region=True, container=True, content=card)


def _Remove(t: Translator, remove: Callable[[], Awaitable[None]]) -> ft.Control:
    return TwoTaps(
        t("Remove this template"),
        t("It goes for good. What was sent from it stays."),
        t("Remove it now"),
        remove,
    )


def _refused(t: Translator, error: AppError) -> str:
    if error.code == "too_many":
        return t("There are 100 already. Please remove one first.")
    if error.fields.get("problem") == "too_long":
        title, each = t.number(LONGEST_TITLE), t.number(LONGEST_TEMPLATE)
        return t("At most {title} letters for the title, {each} a text.", title=title, each=each)
    return t("Please write a title and at least one text.")
