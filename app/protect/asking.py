"""Asking somebody to agree to an opening."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

import flet as ft

from app.core.errors import Conflict, Invalid
from app.core.i18n import Translator
from app.design.buttons import Choice, MainButton
from app.design.cards import Heading, Quiet, WhoReads
from app.design.forms import Field, Wrong
from app.design.guard import calling, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.protect.actions import Openings
from app.protect.model import DELAYS, Choices, Named, reason_problem

_MOST_NAMES = 6


@dataclass(frozen=True)
class Asked:
    """What was chosen so far; texts are kept beside, since the browser holds them."""

    young_person: UUID | None = None
    colleague: UUID | None = None
    delay: int | None = None
    wrong: str | None = None


@dataclass
class Typed:
    """What stands in the boxes."""

    reason: str = ""
    delay_reason: str = ""


@screen
def AskForOpening(place: UUID, path: str) -> ft.Control:
    """Whose page, why, who shall agree, and when the young person is told."""
    session = use_session()
    t, openings = session.t, Openings(session.db)
    loaded, reload = use_load(lambda: openings.choices(place), deps=[place])
    asked, set_asked = ft.use_state(Asked())
    typed = cast(Typed, ft.use_ref(cast(Any, Typed)).current)

    async def ask() -> None:
        wrong = _missing(t, asked, typed)
        if wrong or asked.young_person is None or asked.colleague is None:
            set_asked(replace(asked, wrong=wrong))
            return
        try:
            opening = await openings.ask(
                place,
                asked.young_person,
                asked.colleague,
                typed.reason,
                delay_hours=asked.delay,
                delay_reason=typed.delay_reason if asked.delay else None,
            )
        except (Conflict, Invalid) as error:
            set_asked(replace(asked, wrong=_refusal(t, error)))
            return
        session.navigate(f"{path}/{opening}")

    run, running = use_action(ask)
    return Stack(
        [
            Heading(t("Open a page to protect somebody"), level=1),
            show(
                t,
                loaded,
                reload,
                ready=lambda choices: _Form(t, choices, asked, set_asked, typed),
            ),
            *([Wrong(asked.wrong)] if asked.wrong else []),
            ft.Row([MainButton(t("Ask"), run, running=running)], wrap=True),
        ]
    )


def _Form(
    t: Translator,
    choices: Choices,
    asked: Asked,
    set_asked: Callable[[Asked], None],
    typed: Typed,
) -> ft.Control:
    def keep_reason(text: str) -> None:
        typed.reason = text

    def choose(**change: Any) -> None:
        set_asked(replace(asked, wrong=None, **change))

    colleagues = [
        Choice(each.name, calling(choose, colleague=each.id), chosen=each.id == asked.colleague)
        for each in choices.colleagues
    ]
    nobody = Quiet(t("There is nobody else who may agree. Ask for a second coordinator."))
    return Stack(
        [
            Whom(choices, asked.young_person, choose),
            Heading(t("Why must somebody look now?")),
            WhoReads(t("Who agrees, safeguarding leads and the young person can read this.")),
            Field(
                t("The reason"),
                keep_reason,
                hint=t("20 to 1000 letters. Write what you would say to them."),
                lines=4,
            ),
            Heading(t("Who shall agree?")),
            Rows(colleagues) if colleagues else nobody,
            _When(t, asked, choose, typed),
        ]
    )


@screen
def Whom(choices: Choices, chosen: UUID | None, choose: Callable[..., None]) -> ft.Control:
    """One young person, found by their name."""
    t = use_session().t
    wanted, set_wanted = ft.use_state("")
    found = choices.found(wanted, _MOST_NAMES)
    known = next((each for each in choices.young_people if each.id == chosen), None)
    shown: tuple[Named, ...] = (known,) if known else found

    cards = [
        Choice(
            each.name,
            calling(choose, young_person=None if each.id == chosen else each.id),
            chosen=each.id == chosen,
        )
        for each in shown
    ]
    search = Field(t("Part of the name"), set_wanted)
    return Stack(
        [
            Heading(t("Whose page?")),
            *([] if known else [search]),
            Rows(cards) if cards else Quiet(t("Nobody here has that name.")),
        ]
    )


def _When(t: Translator, asked: Asked, choose: Callable[..., None], typed: Typed) -> ft.Control:
    def keep(text: str) -> None:
        typed.delay_reason = text

    at_once = Choice(t("At once"), calling(choose, delay=None), chosen=asked.delay is None)
    later = [
        Choice(
            t.n("{n} hour later", "{n} hours later", hours),
            calling(choose, delay=hours),
            chosen=asked.delay == hours,
        )
        for hours in DELAYS
    ]
    box = Field(
        t("Why they are told later"),
        keep,
        hint=t("Only if knowing it now would harm them."),
        lines=3,
    )
    return Stack(
        [
            Heading(t("When is the young person told?")),
            Rows([at_once, *later]),
            *([box] if asked.delay else []),
        ]
    )


def _missing(t: Translator, asked: Asked, typed: Typed) -> str | None:
    if asked.young_person is None:
        return t("Please choose whose page it is.")
    if reason_problem(typed.reason):
        return t("Please write the reason, in 20 to 1000 letters.")
    if asked.colleague is None:
        return t("Please choose who shall agree.")
    if asked.delay and reason_problem(typed.delay_reason):
        return t("Please write why they are told later, in 20 to 1000 letters.")
    return None


def _refusal(t: Translator, error: Conflict | Invalid) -> str:
    if error.code == "already_there":
        return t("You have already asked for this page. Look in the list.")
    if error.code == "person_not_fitting":
        return t("That person cannot agree any more. Please choose another one.")
    return t("Please write the reason in another way.")
