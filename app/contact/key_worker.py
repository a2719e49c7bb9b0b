"""How we stay in touch, on the page of a young person: what was agreed, owed and done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import cast
from uuid import UUID

import flet as ft

from app.contact.actions import Contact
from app.contact.cards import AgreedLines, ChangeLines, Handler, MadeLines
from app.contact.editing import use_editing
from app.contact.model import InTouch, LoggedKind, is_quiet, owed_since
from app.contact.words import kind_words, last_words
from app.core.clock import utc_now
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet
from app.design.guard import calling, screen
from app.design.hooks import use_action, use_load
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.people.model import YoungPerson


@dataclass(frozen=True)
class Logging:
    """What is said about a contact before its kind is tapped."""

    yesterday: bool = False
    tried: bool = False


@screen
def InTouchOnPage(person: YoungPerson) -> ft.Control:
    """For key worker and stand-in. A contact is logged in two taps, and can be taken back."""
    session = use_session()
    t, contact = session.t, Contact(session.db, person.organisation_id, person.id)
    loaded, reload = use_load(
        contact.read, live="agreement", deps=[person.organisation_id, person.id]
    )
    editing = use_editing(contact, loaded, reload)
    logging, set_logging = ft.use_state(cast("Logging | None", None))

    async def log(kind: LoggedKind) -> None:
        said = logging or Logging()
        at = utc_now() - timedelta(days=said.yesterday)
        await contact.log(kind, at, met=not said.tried)
        set_logging(None)
        reload()

    async def take_back(made: UUID) -> None:
        await contact.take_back(made)
        reload()

    run_log, running = use_action(log)
    run_back, taking_back = use_action(take_back)

    def ready(touch: InTouch) -> ft.Control:
        if editing.form:
            return editing.form()
        change = editing.begin(touch.agreement)
        return Card(
            [
                Heading(t("Staying in touch")),
                *_Now(t, touch),
                *MadeLines(t, touch.made),
                *_Undo(t, touch, run_back, running=taking_back),
                *(
                    _LogForm(t, logging, run_log, set_logging, running=running)
                    if logging
                    else [_Ways(t, calling(set_logging, Logging()), change, touch)]
                ),
                *ChangeLines(t, touch, young=False),
            ]
        )

    return show(t, loaded, reload, ready=ready)


def _Now(t: Translator, touch: InTouch) -> list[ft.Control]:
    """What was agreed, and how we keep to it."""
    now, agreed = utc_now(), touch.agreement.version > 0
    lines: list[ft.Control] = [
        *(
            AgreedLines(t, touch.agreement, touch.time_zone)
            if agreed
            else [Quiet(t("Nothing is agreed yet."))]
        ),
        Body(last_words(t, touch, now)),
    ]
    if owed_since(touch, now):
        words = t("We owe a contact.")
        lines.append(IconLine(ft.Icons.NOTIFICATIONS_ROUNDED, words, color=theme.WARN))
    if agreed and is_quiet(touch.agreement.quiet, now, touch.time_zone):
        words = t("It is quiet time for them now.")
        lines.append(IconLine(ft.Icons.BEDTIME_ROUNDED, words, color=theme.WARN))
    return lines


def _Undo(t: Translator, touch: InTouch, take_back: Handler, *, running: bool) -> list[ft.Control]:
    last = next((each for each in touch.made if each.may_take_back), None)
    if last is None:
        return []
    words, icon = t("Take back: {what}", what=kind_words(t, last.kind)), ft.Icons.UNDO_ROUNDED
    button = QuietButton(words, partial(take_back, last.id), icon=icon, running=running)
    return [ft.Row([button], wrap=True)]


def _Ways(t: Translator, log: Handler, change: Handler, touch: InTouch) -> ft.Control:
    words = t("Change what is agreed") if touch.agreement.version else t("Agree how")
    return ft.Row(
        [
            MainButton(t("Log a contact"), log, icon=ft.Icons.ADD_ROUNDED),
            QuietButton(words, change, icon=ft.Icons.EDIT_ROUNDED),
        ],
        wrap=True,
    )


def _LogForm(
    t: Translator,
    logging: Logging,
    log: Handler,
    set_logging: Callable[[Logging | None], None],
    *,
    running: bool,
) -> list[ft.Control]:
    kinds = [
        QuietButton(kind_words(t, kind), partial(log, kind), running=running) for kind in LoggedKind
    ]
    return [
        Quiet(t("They see this too.")),
        Rows(
            [
                Choice(
                    t("It was yesterday"),
                    calling(set_logging, replace(logging, yesterday=not logging.yesterday)),
                    chosen=logging.yesterday,
                    several=True,
                ),
                Choice(
                    t("I tried, and we did not speak"),
                    calling(set_logging, replace(logging, tried=not logging.tried)),
                    chosen=logging.tried,
                    several=True,
                ),
            ]
        ),
        ft.Row([*kinds, QuietButton(t("Back"), calling(set_logging, None))], wrap=True),
    ]
