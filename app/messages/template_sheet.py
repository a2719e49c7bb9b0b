"""Choosing one of the messages that are often written, for the box of a thread."""

from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Heading, Quiet
from app.design.guard import action
from app.design.rows import BottomSheet, Row, Rows
from app.design.session import AppSession
from app.messages.asked import Asked
from app.messages.desk import Desk
from app.messages.model import OpenThread, ThreadKind
from app.messages.templates import Offer, Template, Templates
from app.messages.words import short
from app.people.list_screen import going

TEMPLATES = "/templates"


def template_rows(session: AppSession, desk: Desk) -> list[ft.Control]:
    """The way to them, for who writes in this thread as key worker or stand-in."""
    if not _may_use(desk.opened):
        return []
    t = session.t
    return [Row(ft.Icons.ARTICLE_ROUNDED, t("Templates"), partial(_ask, session, desk))]


def TemplateSheet(session: AppSession, desk: Desk, offer: Offer) -> ft.BottomSheet:
    """All of them; a tap puts the words into the box, in the language of who reads them."""
    t = session.t
    lines = [_Line(t, desk, each, offer.language) for each in offer.templates if each.texts]
    told = t("A tap puts it into the box. You can change it there.")
    return BottomSheet(
        [
            Heading(t("Templates")),
            Quiet(told if lines else t("There is none yet.")),
            Rows(
                [
                    *lines,
                    Row(
                        ft.Icons.EDIT_ROUNDED,
                        t("Write and change templates"),
                        going(session, TEMPLATES),
                    ),
                    Row(ft.Icons.CLOSE_ROUNDED, t("Close"), desk.close),
                ]
            ),
        ],
        desk.close,
    )


def _Line(t: Translator, desk: Desk, template: Template, language: str) -> ft.Control:
    text, found = template.text_in(language, t.language)
    meta = short(text)
    if found != language:
        there, here = t.tongue(language), t.tongue(found)
        meta = f"{t('Not in {theirs} yet, only in {other}.', theirs=there, other=here)}\n{meta}"
    return Row(
        ft.Icons.ARTICLE_ROUNDED, template.title, partial(desk.put_into_box, text), meta=meta
    )


def _may_use(opened: OpenThread) -> bool:
    return opened.kind is ThreadKind.KEY_WORKER and opened.can_write and not opened.own


@action
async def _ask(session: AppSession, desk: Desk, event: object = None) -> None:
    offer = await Templates(session.db, session.seal).offer(desk.opened.thread_id)
    await desk.ask(Asked("templates", offer=offer))
