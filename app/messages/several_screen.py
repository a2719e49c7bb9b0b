"""A key worker writes to several young people: chosen, looked at once more, then sent."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Card, Heading, Quiet
from app.design.forms import Field, Wrong
from app.design.guard import action, calling, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Row, Rows
from app.design.session import use_session
from app.design.states import Empty, show
from app.messages.cards import PATH
from app.messages.letter import Letter, letter_of, problem_words
from app.messages.letter_cards import Look, Outcome
from app.messages.several import Recipient, people_to_write_to, send_copies
from app.messages.templates import Template, Templates
from app.messages.use import use_messages
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
    t, letter = session.t, letter_of(ft.context.page, session.person_id)
    _, set_drawing = ft.use_state(0)
    wrong, set_wrong = ft.use_state("")
    picking, set_picking = ft.use_state(False)
    chosen = [each for each in people if each.thread_id in letter.chosen]

    def step(change: Callable[[], None], problem: str = "") -> None:
        set_wrong(problem)
        change()
        set_picking(False)
        set_drawing(lambda number: number + 1)

    def changing(change: Callable[[], None]) -> Handler:
        return calling(step, change)

    @action
    def ready() -> None:
        problem = problem_words(t, len(chosen), letter)
        step(letter.edit if problem else letter.look, problem)

    async def send() -> None:
        letter.copies = await send_copies(messages, letter.copies or letter.made_for(chosen))

    def pick(template: Template) -> None:
        step(partial(letter.use, template, t.language))

    run, running = use_action(send)
    if letter.copies and not running:
        return Outcome(t, letter.copies, run, changing(letter.begin_anew))
    if letter.looking:
        return Look(t, letter, chosen, run, changing(letter.edit), running=running)
    use = QuietButton(t("Use a template"), calling(set_picking, True))
    return Stack(
        [
            Quiet(t("Everybody gets it in their own chat. Nobody sees who else does.")),
            Field(t("Message"), letter.typed, value=letter.text, lines=3),
            *_Others(t, letter, chosen),
            *([keyed("templates", PickTemplate, pick)] if picking else [ft.Row([use], wrap=True)]),
            _Choices(t, people, letter, changing),
            *([Wrong(wrong)] if wrong else []),
            ft.Row([MainButton(t("Look once more"), ready)], wrap=True),
        ]
    )


def _Others(t: Translator, letter: Letter, chosen: Sequence[Recipient]) -> list[ft.Control]:
    """The text in each other language that somebody reads who was chosen."""
    codes = sorted({each.language for each in chosen} & set(letter.others))
    return [
        keyed(
            f"text {code}",
            Field,
            t("Text: {language}", language=t.tongue(code)),
            partial(letter.typed_in, code),
            value=letter.others[code],
            lines=3,
        )
        for code in codes
    ]


@screen
def PickTemplate(on_pick: Callable[[Template], None]) -> ft.Control:
    """All templates; one that is tapped is written for everybody in their language."""
    session, active = use_session(), use_mine().home.active
    t, place = session.t, active.organisation.id if active else None

    async def read() -> tuple[Template, ...]:
        return await Templates(session.db, session.seal).mine(place) if place else ()

    loaded, reload = use_load(read, deps=[place])
    return Card(
        [
            Heading(t("Templates")),
            Quiet(t("Everybody gets it in their language, where there is one.")),
            show(
                t,
                loaded,
                reload,
                ready=lambda found: Rows(
                    [
                        Row(ft.Icons.ARTICLE_ROUNDED, each.title, calling(on_pick, each))
                        for each in found
                        if each.texts
                    ]
                ),
                empty=lambda: Quiet(t("There is none yet.")),
            ),
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
            ft.Row([QuietButton(words, choose_all)], wrap=True),
            Rows(choices),
        ]
    )
