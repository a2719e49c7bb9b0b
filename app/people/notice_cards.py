"""What we must tell a person, as cards on their first screen."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from uuid import UUID

import flet as ft

from app.core.errors import Conflict, NotAllowed
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import Body, Card, Heading, IconLine
from app.design.guard import screen
from app.design.hooks import use_action, use_load
from app.design.session import use_session
from app.design.states import show
from app.design.tokens import WIDE
from app.people.cards import use_mine
from app.people.list_screen import going
from app.people.notice_words import notice_words
from app.people.notices import Notice, NoticeKind, Notices, Told
from app.people.return_cards import WaitCard
from app.people.returns import Returns
from app.people.slots import use_notice_ways

Handler = Callable[..., object]
_CODES = frozenset({NoticeKind.RETURN_CODE_MADE, NoticeKind.RETURN_CODE_USED})


class _Taps(NamedTuple):
    """What can be done with a notice, and whether something is being done; `why` leads to who
    opened the page, `ways` to the buttons that lead elsewhere."""

    see: Handler
    why: Handler
    ways: Callable[[Notice], list[ft.Control]]
    object_to: Handler
    allow: Handler
    running: bool


class _Said(NamedTuple):
    """What came of a tap: `about` a notice that is still there, or about none."""

    text: str = ""
    about: UUID | None = None


@screen
def NoticesCard() -> ft.Control:
    """Everything this person has not seen yet, the newest first; nothing where there is none.

    All taps are handled here and not in the cards: a card is often gone before its tap is done.
    """
    session = use_session()
    t, notices, returns = session.t, Notices(session.db), Returns(session.db)
    known, role = use_notice_ways(), use_mine().home.role
    said, set_said = ft.use_state(_Said())
    loaded, reload = use_load(notices.told, live="person")

    async def see(notice: Notice | None) -> None:
        set_said(_Said())
        if notice:
            await notices.see(notice.id)

    async def object_to(notice: Notice) -> None:
        try:
            if notice.ref:
                await returns.object_to(notice.ref)
        except Conflict:
            words = t("It is too late here. Sign that device out under Me.")
            set_said(_Said(words, notice.id))
            return
        set_said(_Said(t("The code is stopped. Your coordinators know.")))

    async def allow(notice: Notice) -> None:
        try:
            if notice.ref:
                await returns.allow(notice.ref)
        except NotAllowed as error:
            if error.code != "not_yourself":
                raise
            words = t("You made this code. Another coordinator decides.")
            set_said(_Said(words, notice.id))
            return
        set_said(_Said(t("The key worker can make a new code now.")))

    why = going(session, "/me/opened")
    run_see, seeing = use_action(see)
    run_object, objecting = use_action(object_to)
    run_allow, allowing = use_action(allow)

    def ways(notice: Notice) -> list[ft.Control]:
        return [
            QuietButton(way.label(t), going(session, way.path(notice)))
            for way in known
            if way.kind is notice.kind and role in way.roles
        ]

    taps = _Taps(run_see, why, ways, run_object, run_allow, seeing or objecting or allowing)
    if loaded.state == "loading":
        # Mostly there is nothing to tell: a sign of waiting would only flash by.
        return ft.Container(visible=False)
    return show(t, loaded, reload, ready=lambda told: _all(t, told, said, taps))


def _all(t: Translator, told: Told, said: _Said, taps: _Taps) -> ft.Control:
    done = [_done(t, said.text, taps)] if said.text and said.about is None else []
    wait = [WaitCard(t, told.waits_until)] if told.waits_until else []
    cards = [*done, *wait, *(_one(t, each, said, taps) for each in told.unseen)]
    return ft.Container(
        content=ft.Column(
            cards,
            spacing=WIDE,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        # The cards after them bring no space above.
        padding=ft.Padding.only(bottom=WIDE),
        visible=bool(cards),
    )


def _one(t: Translator, notice: Notice, said: _Said, taps: _Taps) -> ft.Control:
    """One thing to know, and what can be done about it."""
    title, text = notice_words(t, notice)
    when = f"{t.date(notice.at)}, {t.time(notice.at)}"
    wrong = [said.text] if said.about == notice.id else []
    buttons = [QuietButton(t("OK"), partial(taps.see, notice), running=taps.running)]
    if notice.kind in _CODES:
        object_to = partial(taps.object_to, notice)
        icon = ft.Icons.BLOCK_ROUNDED
        button = QuietButton(t("This was not me"), object_to, icon=icon, running=taps.running)
        buttons.insert(0, button)
    elif notice.kind is NoticeKind.RETURN_CODE_OBJECTED:
        allow = partial(taps.allow, notice)
        buttons.insert(0, QuietButton(t("Allow a new code"), allow, running=taps.running))
    elif notice.kind is NoticeKind.PAGE_OPENED:
        buttons.insert(0, QuietButton(t("Read why"), taps.why))
    buttons = [*taps.ways(notice), *buttons]
    return _told(
        [
            IconLine(ft.Icons.NOTIFICATIONS_ROUNDED, when, color=theme.PRIMARY),
            Heading(title),
            *([Body(text)] if text else []),
            *(IconLine(ft.Icons.INFO_ROUNDED, words) for words in wrong),
            ft.Row(list(buttons), wrap=True),
        ]
    )


def _done(t: Translator, text: str, taps: _Taps) -> ft.Control:
    """What came of a tap on a notice that is gone by now."""
    return _told(
        [
            IconLine(ft.Icons.CHECK_CIRCLE_ROUNDED, text, color=theme.OK),
            ft.Row([QuietButton(t("OK"), partial(taps.see, None))], wrap=True),
        ]
    )


def _told(children: list[ft.Control]) -> ft.Control:
    """Read aloud when it appears."""
    return ft.Semantics(live_region=True, container=True, content=Card(children))
