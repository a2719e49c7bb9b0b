"""For young people: "I do not feel safe"."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

import flet as ft

from app.core.clock import utc_now
from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet
from app.design.forms import Field, Wrong
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.pulse import use_meanwhile, use_pulse
from app.design.session import use_session
from app.design.states import show
from app.design.theme import INK
from app.people.cards import use_mine
from app.protect.alert_model import LONGEST_TEXT, MISTAKE_SECONDS, Reach, Sent, UnsafePage, Wish
from app.protect.alerts import Unsafe
from app.protect.unsafe_cards import (
    FOLLOW,
    AboutStaff,
    FollowCard,
    HowToReach,
    NumbersBeside,
    NumbersCard,
    WhoCard,
)

_LOOKS_EVERY = 60.0


@dataclass(frozen=True)
class Asked:
    """What was chosen so far; `trouble` says why nothing was sent."""

    about_staff: bool = False
    about: UUID | None = None
    reach: Reach | None = None
    trouble: str | None = None


@screen
def UnsafeScreen() -> ft.Control:
    """The numbers first, whatever else can be loaded; then what can be sent, or was."""
    session, active, pulse = use_session(), use_mine().home.active, use_pulse()
    t, unsafe = session.t, Unsafe(session.db, session.seal)
    asked, set_asked = ft.use_state(Asked())
    sent, set_sent = ft.use_state(cast("Sent | None", None))
    typed = ft.use_ref("")
    # The same for every press: what got there without our hearing of it is not sent twice.
    alert = cast(UUID, ft.use_ref(cast(Any, uuid4)).current)
    place = active.organisation.id if active else None

    async def read() -> UnsafePage:
        if place is None:
            raise NotAllowed("not_allowed")
        return await unsafe.page(place, about_staff=asked.about_staff, about=asked.about)

    loaded, reload = use_load(read, live="duty", deps=[place, asked.about_staff, asked.about])
    use_meanwhile(partial(_each_minute, reload))
    held = ft.use_ref(cast("UnsafePage | None", None))
    # What was typed stays while another choice is looked up.
    page = held.current = loaded.data or held.current
    now = sent or (page.sent if page else None)

    async def send() -> None:
        # First of all: what is answered from here on says nothing about when this was pressed.
        trouble = _missing(t, asked, typed.current or "") if pulse.fresh else _stale(t)
        if trouble or page is None or place is None or asked.reach is None:
            set_asked(replace(asked, trouble=trouble))
            return
        wish = Wish(asked.about_staff, asked.about, asked.reach, typed.current or "")
        try:
            set_sent(await unsafe.send(place, alert, page, wish))
        except AppError as error:
            set_asked(replace(asked, trouble=_refusal(t, error)))
            reload()

    def keep(text: str) -> None:
        typed.current = text

    run, running = use_action(send)
    button = MainButton(t("Send it now"), run, icon=ft.Icons.SEND_ROUNDED, running=running)

    who = show(t, loaded, reload, ready=lambda page: _Who(t, page))
    if page is None:
        rest = who
    elif now:
        rest = keyed(str(now.id), SentCard, now, page)
    elif not page.rota:
        rest = _NoRota(t)
    else:
        known = loaded.data is not None and page.somebody
        rest = _Asking(t, page, asked, set_asked, keep, who, button if known else None)
    return Stack(
        [
            Heading(t("I do not feel safe"), level=1),
            NumbersCard(),
            keyed("follow", FollowCard),
            rest,
        ]
    )


async def _each_minute(reload: Callable[[], None]) -> None:
    """Duties begin and end without anybody saying so."""
    while True:
        await asyncio.sleep(_LOOKS_EVERY)
        reload()


def _Who(t: Translator, page: UnsafePage) -> ft.Control:
    if page.somebody:
        return WhoCard(t, page)
    return Quiet(t("Nobody is left who could read it. Please call a number above."))


def _NoRota(t: Translator) -> ft.Control:
    return Card(
        [
            Heading(t("Nothing can be sent from here")),
            Body(t("Nobody here has planned who answers.")),
            Body(t("Please call a number above. Somebody listens.")),
        ]
    )


def _Asking(
    t: Translator,
    page: UnsafePage,
    asked: Asked,
    set_asked: Callable[[Asked], None],
    keep: Callable[[str], None],
    who: ft.Control,
    button: ft.Control | None,
) -> ft.Control:
    """What is asked before it is sent, and the button that sends it."""

    def choose(**change: Any) -> None:
        set_asked(replace(asked, trouble=None, **change))

    return Stack(
        [
            who,
            AboutStaff(t, page, asked.about_staff, asked.about, choose),
            HowToReach(t, asked.reach, choose),
            Field(
                t("What we should know"),
                keep,
                hint=t("You can leave it empty. For example where you are, or your number."),
                lines=3,
            ),
            *([Wrong(asked.trouble)] if asked.trouble else []),
            NumbersBeside(),
            *([ft.Row([button], wrap=True)] if button else []),
        ]
    )


def _stale(t: Translator) -> str:
    return t("Not sent: no connection for a moment. Press again, or call.")


def _missing(t: Translator, asked: Asked, text: str) -> str | None:
    if asked.reach is None:
        return t("Please choose how we may reach you.")
    if len(text.strip()) > LONGEST_TEXT:
        return t("Please write less: at most {n} letters.", n=LONGEST_TEXT)
    return None


def _refusal(t: Translator, error: AppError) -> str:
    match error:
        case Conflict(code="too_late"):
            return t("Not sent: it took too long. Press again, or call.")
        case Conflict(code="too_often"):
            return t("Not sent: you sent several already. Please call a number above.")
        case Conflict() | Invalid():
            return t("Not sent: nobody could read it. Please call a number above.")
    return t("Not sent: no connection. Please call a number above.")


@screen
def SentCard(sent: Sent, page: UnsafePage) -> ft.Control:
    """That it was sent; for half a minute the way to take it back."""
    session = use_session()
    t, unsafe = session.t, Unsafe(session.db, session.seal)
    old, set_old = ft.use_state(False)
    back, set_back = ft.use_state(False)
    kept, set_kept = ft.use_state(False)

    async def grow_old() -> None:
        age = (utc_now() - sent.at).total_seconds()
        await asyncio.sleep(min(max(MISTAKE_SECONDS - age, 0), MISTAKE_SECONDS))
        set_old(True)

    async def take_back() -> None:
        await unsafe.take_back(sent.id)
        await session.memory.set(FOLLOW, "")
        set_back(True)

    async def follow() -> None:
        await session.memory.set(FOLLOW, str(sent.id))
        set_kept(True)

    use_meanwhile(grow_old)
    run_back, going_back = use_action(take_back)
    run_follow, following = use_action(follow)
    if back:
        return Card([IconLine(ft.Icons.UNDO_ROUNDED, t("Taken back. We know it was a mistake."))])
    shown = t("Your first screen shows what happens.")
    hidden = t("When you leave this screen, nothing of it shows.")
    mistake = QuietButton(t("By mistake: take it back"), run_back, running=going_back)
    wish = QuietButton(t("Show me here what happens"), run_follow, running=following)
    return Card(
        [
            Heading(t("It was sent")),
            IconLine(ft.Icons.CHECK_ROUNDED, _told(t, page), color=INK),
            Quiet(shown if kept else hidden),
            *([] if kept else [ft.Row([wish], wrap=True)]),
            *([] if old else [ft.Row([mistake], wrap=True)]),
        ]
    )


def _told(t: Translator, page: UnsafePage) -> str:
    if page.there:
        return t("Told now: {people}.", people=t.listed(page.there))
    return t("The next person on the rota was told.")
