"""What we must tell a person, as cards on their first screen."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from app.core.errors import Conflict, NotAllowed
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import Body, Card, Heading, IconLine
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.session import use_session
from app.design.states import show
from app.design.tokens import SNUG
from app.people.list_screen import going
from app.people.notice_words import notice_words
from app.people.notices import Notice, NoticeKind, Notices, Told
from app.people.return_cards import WaitCard, with_gap
from app.people.returns import Returns

Say = Callable[[str], None]
_CODES = frozenset({NoticeKind.RETURN_CODE_MADE, NoticeKind.RETURN_CODE_USED})


@screen
def NoticesCard() -> ft.Control:
    """Everything this person has not seen yet, the newest first; nothing where there is none."""
    session = use_session()
    t, notices = session.t, Notices(session.db)
    done, set_done = ft.use_state("")
    loaded, reload = use_load(notices.told, live="person")

    async def read() -> None:
        set_done("")

    thanks, _ = use_action(read)

    def draw(told: Told) -> ft.Control:
        waits, unseen = told.waits_until, told.unseen
        if not (done or waits or unseen):
            return ft.Container(visible=False)
        # Always the same places: where cards move up while a button in them is still at work,
        # Flet sends the end of that work to the wrong card.
        return ft.Column(
            [
                keyed("done", Done, done, thanks, last=not (waits or unseen)),
                keyed("wait", WaitCard, waits, last=not unseen),
                *(
                    keyed(str(each.id), OneNotice, each, set_done, last=each is unseen[-1])
                    for each in unseen
                ),
            ],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    if loaded.state == "loading":
        # Mostly there is nothing to tell: a sign of waiting would only flash by.
        return ft.Container(visible=False)
    return show(t, loaded, reload, ready=draw)


@screen
def OneNotice(notice: Notice, say: Say, *, last: bool) -> ft.Control:
    """One thing to know, and what can be done about it; `say` outlives the card."""
    t = use_session().t
    title, text = notice_words(t, notice)
    ref = notice.ref
    return _Told(
        [
            IconLine(
                ft.Icons.NOTIFICATIONS_ROUNDED,
                f"{t.date(notice.at)}, {t.time(notice.at)}",
                color=theme.PRIMARY,
            ),
            Heading(title),
            *([Body(text)] if text else []),
            *([keyed("object", ObjectButton, ref, say)] if ref and notice.kind in _CODES else []),
            *(
                [keyed("allow", AllowButton, ref, say)]
                if ref and notice.kind is NoticeKind.RETURN_CODE_OBJECTED
                else []
            ),
            *([WhyButton()] if notice.kind is NoticeKind.PAGE_OPENED else []),
            keyed("seen", SeenButton, notice.id),
        ],
        last=last,
    )


@screen
def WhyButton() -> ft.Control:
    """Leads to who opened the page, and why."""
    session = use_session()
    button = QuietButton(session.t("Read why"), going(session, "/me/opened"))
    return ft.Row([button], wrap=True)


@screen
def SeenButton(notice: UUID) -> ft.Control:
    """Takes a notice away, on every device."""
    session = use_session()
    notices = Notices(session.db)

    async def see() -> None:
        await notices.see(notice)

    run, running = use_action(see)
    return ft.Row([QuietButton(session.t("OK"), run, running=running)], wrap=True)


@screen
def ObjectButton(returned: UUID, say: Say) -> ft.Control:
    """For a young person who did not ask for a code to get back in."""
    session = use_session()
    t, returns = session.t, Returns(session.db)
    wrong, set_wrong = ft.use_state("")

    async def object_to() -> None:
        try:
            await returns.object_to(returned)
        except Conflict:
            set_wrong(t("It is too late here. Sign that device out under Me."))
            return
        say(t("The code is stopped. Your coordinators know."))

    run, running = use_action(object_to)
    button = QuietButton(t("This was not me"), run, icon=ft.Icons.BLOCK_ROUNDED, running=running)
    return _Doing(button, wrong)


@screen
def AllowButton(returned: UUID, say: Say) -> ft.Control:
    """For a coordinator who has talked with both."""
    session = use_session()
    t, returns = session.t, Returns(session.db)
    wrong, set_wrong = ft.use_state("")

    async def allow() -> None:
        try:
            await returns.allow(returned)
        except NotAllowed as error:
            if error.code != "not_yourself":
                raise
            set_wrong(t("You made this code. Another coordinator decides."))
            return
        say(t("The key worker can make a new code now."))

    run, running = use_action(allow)
    return _Doing(QuietButton(t("Allow a new code"), run, running=running), wrong)


def _Doing(button: ft.Control, wrong: str) -> ft.Control:
    said = ft.Semantics(live_region=True, content=IconLine(ft.Icons.INFO_ROUNDED, wrong))
    return ft.Column(
        [ft.Row([button], wrap=True), *([said] if wrong else [])], spacing=SNUG, tight=True
    )


@screen
def Done(text: str, thanks: Callable[..., object], *, last: bool) -> ft.Control:
    """What came of a tap on a notice that may be gone by now; nothing without `text`."""
    t = use_session().t
    if not text:
        return ft.Container(visible=False)
    return _Told(
        [
            IconLine(ft.Icons.CHECK_CIRCLE_ROUNDED, text, color=theme.OK),
            ft.Row([QuietButton(t("OK"), thanks)], wrap=True),
        ],
        last=last,
    )


def _Told(children: list[ft.Control], *, last: bool) -> ft.Control:
    """Read aloud when it appears."""
    return with_gap(ft.Semantics(live_region=True, container=True, content=Card(children)), last)
