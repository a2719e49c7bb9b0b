"""A key worker writes to several young people: chosen, looked at once more, then sent."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, PersonLine, Quiet, WhoReads
from app.design.forms import Field, Wrong
from app.design.guard import action, calling, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import Empty, show
from app.messages.cards import PATH
from app.messages.letter import Letter, letter_of, problem_words
from app.messages.model import tidy_text
from app.messages.several import Copy, Recipient, people_to_write_to, send_copies
from app.messages.use import use_messages
from app.messages.words import plain, refusal_words
from app.people.cards import use_mine
from app.people.list_screen import going

SEVERAL: Final = "/several"
Handler = Callable[..., object]


@screen
def SeveralScreen() -> ft.Control:
    """Everybody one is key worker of or stands in for, and what they shall all get."""
    session, active = use_session(), use_mine().home.active
    t, place = session.t, active.organisation.id if active else None

    async def read() -> tuple[Recipient, ...]:
        return await people_to_write_to(session.db, place) if place else ()

    loaded, reload = use_load(read, live="team", deps=[place])
    back = QuietButton(t("All chats"), going(session, PATH), icon=ft.Icons.ARROW_BACK_ROUNDED)
    return Stack(
        [
            ft.Row([back], wrap=True),
            Heading(t("Write to several people"), level=1),
            show(
                t,
                loaded,
                reload,
                ready=lambda people: keyed("letter", Writing, people),
                empty=lambda: Empty(t("Nobody is here to write with yet.")),
            ),
        ]
    )


@screen
def Writing(people: tuple[Recipient, ...]) -> ft.Control:
    """The letter in one of its three states."""
    session, messages = use_session(), use_messages()
    t, letter = session.t, letter_of(ft.context.page)
    _, set_drawing = ft.use_state(0)
    wrong, set_wrong = ft.use_state("")
    given = ft.use_ref(letter.text)
    chosen = [each for each in people if each.thread_id in letter.chosen]

    def step(change: Callable[[], None], problem: str = "") -> None:
        set_wrong(problem)
        change()
        given.current = letter.text
        set_drawing(lambda number: number + 1)

    def changing(change: Callable[[], None]) -> Handler:
        return calling(step, change)

    @action
    def ready() -> None:
        problem = problem_words(t, len(chosen), letter.text)
        step(letter.edit if problem else letter.look, problem)

    async def send() -> None:
        letter.copies = await send_copies(messages, letter.copies or letter.made_for(chosen))

    run, running = use_action(send)
    if letter.copies and not running:
        return _Outcome(t, letter.copies, run, changing(letter.begin_anew))
    if letter.looking:
        return _Look(t, letter, chosen, run, changing(letter.edit), running=running)
    return Stack(
        [
            Quiet(t("Everybody gets it in their own chat. Nobody sees who else does.")),
            _Choices(t, people, letter, changing),
            Field(t("Message"), letter.typed, value=given.current or "", lines=3),
            *([Wrong(wrong)] if wrong else []),
            ft.Row([MainButton(t("Look once more"), ready)], wrap=True),
        ]
    )


def _Choices(
    t: Translator,
    people: Sequence[Recipient],
    letter: Letter,
    changing: Callable[[Callable[[], None]], Handler],
) -> ft.Control:
    everybody = all(each.thread_id in letter.chosen for each in people)
    words = t("Choose nobody") if everybody else t("Choose everybody")
    choose_all = changing(partial(letter.choose_all, people))
    choices = [
        Choice(
            f"{each.name}\n{t('It is quiet time for them now.')}" if each.quiet else each.name,
            changing(partial(letter.choose, each.thread_id)),
            chosen=each.thread_id in letter.chosen,
            several=True,
        )
        for each in people
    ]
    return Card(
        [
            Heading(t("Who shall get it?")),
            Rows(choices),
            ft.Row([QuietButton(words, choose_all)], wrap=True),
        ]
    )


def _Look(
    t: Translator,
    letter: Letter,
    chosen: Sequence[Recipient],
    send: Handler,
    back: Handler,
    *,
    running: bool,
) -> ft.Control:
    """Who will get which words, before they go."""
    quiet = t("It is quiet time for them now.")
    names = [PersonLine(each.name, [quiet] if each.quiet else []) for each in chosen]
    words = t.n("Send to {n} person", "Send to {n} people", len(chosen))
    return Stack(
        [
            Card([Heading(t("Your message")), Body(plain(tidy_text(letter.text)))]),
            Card([Heading(t("These people get it")), *names]),
            WhoReads(t("Each of them reads it, and who else reads their chat.")),
            ft.Row(
                [
                    MainButton(words, send, icon=ft.Icons.SEND_ROUNDED, running=running),
                    QuietButton(t("Change it"), back),
                ],
                wrap=True,
            ),
        ]
    )


def _Outcome(t: Translator, copies: Sequence[Copy], again: Handler, anew: Handler) -> ft.Control:
    """Who got it, and who did not and why."""
    sent = [each.to.name for each in copies if each.sent]
    left = [each for each in copies if not each.sent]
    parts: list[ft.Control] = []
    if left:
        words = t.n("{n} person did not get it.", "{n} people did not get it.", len(left))
        lines = [
            PersonLine(each.to.name, [refusal_words(t, each.error)] if each.error else [])
            for each in left
        ]
        button = MainButton(t("Try again"), again, icon=ft.Icons.REFRESH_ROUNDED)
        parts.append(
            Card(
                [
                    IconLine(ft.Icons.ERROR_ROUNDED, words, color=theme.DANGER),
                    *lines,
                    ft.Row([button], wrap=True),
                ]
            )
        )
    if sent:
        words = t.n("{n} person has it now.", "{n} people have it now.", len(sent))
        line = IconLine(ft.Icons.DONE_ALL_ROUNDED, words, color=theme.OK)
        parts.append(Card([line, Body(t.listed(sent))]))
    another = QuietButton(t("Write another message"), anew, icon=ft.Icons.EDIT_ROUNDED)
    return ft.Semantics(
        live_region=True, container=True, content=Stack([*parts, ft.Row([another], wrap=True)])
    )
