"""What a thread offers where its two sides read different languages."""

from functools import partial
from typing import cast
from uuid import UUID

import flet as ft

from app.core.errors import AppError
from app.core.i18n import Translator
from app.design.buttons import QuietButton
from app.design.cards import IconLine
from app.design.guard import action, toast
from app.design.rows import Row
from app.design.session import AppSession
from app.design.tokens import TIGHT
from app.messages.asked import Asked
from app.messages.desk import Desk
from app.messages.model import Message
from app.messages.phrases import speaker
from app.messages.translating import Translations
from app.messages.words import refusal_words

_STORE = "messages.being_translated"


class Interpreting:
    """The lines of one open thread that are about languages, and their taps."""

    def __init__(self, page: ft.Page, session: AppSession, desk: Desk) -> None:
        self._page = page
        self._session = session
        self._desk = desk
        self._verbs = Translations(session.db, session.seal, session.translator, session.language)

    @property
    def on(self) -> bool:
        """Whether a machine translates here: there is one, and the organisation wants it."""
        provider, opened = self._session.translator, self._desk.opened
        return provider is not None and opened.translating == provider.place and opened.can_write

    def rows(self, t: Translator, message: Message) -> list[ft.Control]:
        """What can be done about the language of a message of somebody else."""
        if message.mine or message.taken_back or not message.readable:
            return []
        if message.translation:
            wrong = partial(self.say_wrong, message)
            gone = t("Nobody sees it any more.")
            return [Row(ft.Icons.FLAG_ROUNDED, t("Wrong translation"), wrong, meta=gone)]
        if not self.on:
            return []
        goes = t("The text goes to {place}.", place=self._desk.opened.translating)
        ask = partial(self.translate, message)
        return [Row(ft.Icons.TRANSLATE_ROUNDED, t("Translate"), ask, meta=goes)]

    def line(self, t: Translator) -> ft.Control | None:
        """That the other side reads another language, and what helps; None where it does not."""
        opened, zone = self._desk.opened, t.time_zone
        theirs = opened.their_language
        if not (theirs and opened.can_write and opened.name):
            return None
        if speaker(theirs, zone).language == speaker(self._session.language, zone).language:
            return None
        facts = {"name": opened.name, "language": t.tongue(theirs)}
        words = (
            t("{name} reads {language}. Tap a message to have it translated.", **facts)
            if self.on
            else t("{name} reads {language}. Nothing is translated here.", **facts)
        )
        book = QuietButton(
            t("Phrasebook"),
            partial(self._desk.ask, Asked("phrases")),
            icon=ft.Icons.MENU_BOOK_ROUNDED,
        )
        line = IconLine(ft.Icons.TRANSLATE_ROUNDED, words)
        column = ft.Column([line, ft.Row([book], wrap=True)], spacing=TIGHT, tight=True)
        return ft.Container(content=column, key="languages")

    @action
    async def translate(self, message: Message, event: object = None) -> None:
        """A machine translates a message, once at a time."""
        running = self._running()
        self._desk.ask_nothing()
        if message.id in running:
            return
        running.add(message.id)
        toast(self._page, self._desk.t("It is being translated."))
        try:
            await self._verbs.translate(message)
        except AppError as error:
            toast(self._page, _refusal(self._desk.t, error))
        finally:
            running.discard(message.id)
        self._desk.reload()

    @action
    async def say_wrong(self, message: Message, event: object = None) -> None:
        """The translation goes."""
        self._desk.ask_nothing()
        await self._verbs.say_wrong(message)
        self._desk.reload()

    def _running(self) -> set[UUID]:
        store = self._page.session.store
        if store.get(_STORE) is None:
            store.set(_STORE, set[UUID]())
        return cast(set[UUID], store.get(_STORE))


def _refusal(t: Translator, error: AppError) -> str:
    """Why there is no translation, and what to do."""
    match error.code:
        case "language_not_offered":
            return t("The machine does not know your language. The phrasebook may help.")
        case "translator_silent" | "translator_failed":
            return t("No translation right now. Please try again later.")
        case "too_many_translations":
            return t("Those were many translations. Please try again in an hour.")
        case "not_translating":
            return t("Nothing is translated here any more.")
    return refusal_words(t, error)
