"""The pieces of "I do not feel safe": the numbers, who is there, what can be chosen."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from app.core.i18n import Translator, in_own_direction
from app.design import theme
from app.design.buttons import Choice, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Pressing, Quiet, WhoReads, edge
from app.design.guard import calling, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Row, Rows
from app.design.session import use_session
from app.design.tokens import CARD_RADIUS, ROOM, SNUG
from app.people.cards import use_mine
from app.people.everyone import UNSAFE
from app.people.list_screen import going
from app.people.model import Home
from app.protect.alert_model import Followed, Reach, UnsafePage
from app.protect.alert_words import followed_words, reach_words, then_words, there_words
from app.protect.alerts import Unsafe
from app.safety.model import Number, help_book
from app.safety.words import DOMAIN, line_of

# A word that says nothing to who looks into the browser.
FOLLOW = "handrail.note"
_YOUNG = ("talk", "harm")


def _numbers(home: Home) -> list[Number]:
    """112, and the numbers for young people of the country."""
    country = home.active.organisation.country if home.active else None
    book = help_book()
    young = [n for n in book.of(country) if n.who == "young" and n.what in _YOUNG]
    return [*book.everywhere(), *young]


@screen
def NumbersCard() -> ft.Control:
    """112 and the numbers for young people here; a tap calls them, also without our server."""
    session, home = use_session(), use_mine().home
    words = Translator(session.t.language, domain=DOMAIN)
    return Rows([_CallLine(words, each) for each in _numbers(home)])


@screen
def NumbersBeside() -> ft.Control:
    """The same in one line, for beside a button that stands far below."""
    home = use_mine().home
    buttons: list[ft.Control] = [
        ft.OutlinedButton(
            content=f"\u2066{each.number}\u2069",
            icon=ft.Icons.CALL_ROUNDED,
            url=ft.Url(f"tel:{each.dial}", target=ft.UrlTarget.SELF),
        )
        for each in _numbers(home)
    ]
    return ft.Row(buttons, wrap=True, spacing=SNUG, run_spacing=SNUG)


def _CallLine(t: Translator, number: Number) -> ft.Control:
    """A number that a tap calls, also while the server cannot be reached."""
    line = line_of(t, number)
    facts = [line.what, *line.facts[-1:]] if not number.always else [line.what]
    called: list[ft.Control] = [
        # Digits keep their order in a right-to-left line.
        ft.Text(f"\u2066{line.number}\u2069", theme_style=theme.LARGE, color=theme.INK),
        *(ft.Text(each, theme_style=theme.BODY, color=theme.MUTED) for each in facts),
    ]
    content = ft.Row(
        [
            ft.Icon(ft.Icons.CALL_ROUNDED, color=theme.PRIMARY),
            ft.Column(called, spacing=0, tight=True, expand=True),
        ],
        spacing=SNUG,
    )
    box = ft.Container(
        content=content,
        padding=ROOM,
        bgcolor=theme.SURFACE,
        border=edge(),
        border_radius=CARD_RADIUS,
        ink=True,
        url=ft.Url(f"tel:{line.dial}", target=ft.UrlTarget.SELF),
    )
    return ft.MergeSemantics(content=ft.Semantics(button=True, content=box))


def WhoCard(t: Translator, page: UnsafePage) -> ft.Control:
    """Who sees it and when somebody is there, before anything is sent."""
    also = [WhoReads(t("Can read it too: {people}.", people=t.listed(page.also)))]
    then = [IconLine(ft.Icons.FORWARD_ROUNDED, then_words(t, page))]
    end = in_own_direction(page.fallback or "")
    last = [IconLine(ft.Icons.FLAG_ROUNDED, end)] if page.fallback else []
    return Card(
        [
            Heading(t("Who will see it")),
            IconLine(
                ft.Icons.PEOPLE_ROUNDED, there_words(t, page.there, page.next_at), color=theme.INK
            ),
            *(also if page.also else []),
            *then,
            *last,
        ]
    )


def AboutStaff(
    t: Translator,
    page: UnsafePage | None,
    chosen: bool,
    about: UUID | None,
    choose: Callable[..., None],
) -> ft.Control:
    """Whether it is about somebody who works here, and if they want to say it, whom."""
    switch = Choice(
        t("It is about someone who works with me"),
        calling(choose, about_staff=not chosen, about=None),
        chosen=chosen,
        several=True,
    )
    if not chosen or page is None:
        return switch
    nobody = Choice(
        t("I do not want to say who"), calling(choose, about=None), chosen=about is None
    )
    named = [
        Choice(each.name, calling(choose, about=each.id), chosen=each.id == about)
        for each in page.staff
    ]
    return Stack(
        [
            switch,
            Quiet(t("Then nobody in your team sees it.")),
            Heading(t("Who is it about?"), level=3),
            Quiet(t("Who you choose never sees this.")),
            Rows([nobody, *named]),
        ]
    )


def HowToReach(t: Translator, reach: Reach | None, choose: Callable[..., None]) -> ft.Control:
    """How we may reach them; nothing is chosen for them."""
    return Stack(
        [
            Heading(t("How may we reach you?")),
            Rows(
                [
                    Choice(reach_words(t, each), calling(choose, reach=each), chosen=each is reach)
                    for each in Reach
                ]
            ),
        ]
    )


@screen
def UnsafeRow() -> ft.Control:
    """The way there, on the first screen."""
    session = use_session()
    row = Row(
        ft.Icons.HEALTH_AND_SAFETY_ROUNDED,
        session.t("I do not feel safe"),
        going(session, UNSAFE),
    )
    return ft.Container(content=row, padding=ft.Padding.only(bottom=ROOM))


@screen
def FollowCard() -> ft.Control:
    """What became of what was sent, only on a phone where somebody wanted to see it."""
    session = use_session()
    t, memory, unsafe = session.t, session.memory, Unsafe(session.db, session.seal)
    hidden, set_hidden = ft.use_state(False)

    async def read() -> Followed | None:
        kept = await memory.get(FOLLOW)
        return await unsafe.follow(UUID(kept)) if kept else None

    async def forget() -> None:
        await memory.set(FOLLOW, "")
        set_hidden(True)

    loaded, _ = use_load(read, live="alert")
    run, running = use_action(forget)
    if hidden or loaded.data is None:
        return ft.Container(visible=False)
    return Pressing(
        [
            Body(followed_words(t, loaded.data)),
            ft.Row([QuietButton(t("Do not show this any more"), run, running=running)], wrap=True),
        ]
    )
