"""The language of all screens, chosen under Me."""

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import flet as ft

from app.core.errors import Conflict
from app.core.i18n import Translator, languages
from app.design.buttons import Choice
from app.design.cards import Body
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.people.actions import People
from app.people.cards import use_mine, use_people
from app.people.model import Home, Person, language_clashes
from app.people.team_cards import language_name


def language_now(t: Translator, home: Home) -> str:
    """The chosen language, by its own name."""
    return language_name(home.person.language) or home.person.language


@dataclass(frozen=True)
class Clash:
    """Two wishes for one language: what is stored now, and what was chosen here."""

    stored: Person
    wanted: str


@screen
def LanguagePart() -> ft.Control:
    """Choose the language of all screens; when another device was faster, ask which one counts."""
    t, mine, people = use_session().t, use_mine(), use_people()
    clash, set_clash = ft.use_state(cast("Clash | None", None))

    async def choose(seen: Person, wanted: str) -> None:
        set_clash(await _store_language(people, seen, wanted))
        mine.reload()

    run, running = use_action(choose)
    if clash:
        answers = [clash.stored.language, clash.wanted]
        seen, chosen = clash.stored, None
        text = t(
            "{theirs} was chosen on another device, {yours} here. Which one do you want?",
            theirs=language_name(answers[0]),
            yours=language_name(answers[1]),
        )
    else:
        answers = list(languages())
        seen, chosen = mine.home.person, mine.home.person.language
        text = t("All screens use this language.")

    choices = [
        Choice(
            language_name(code) or code,
            partial(run, seen, code),
            chosen=code == chosen,
            disabled=running,
        )
        for code in answers
    ]
    return Stack([Body(text), Rows(choices)])


async def _store_language(people: People, seen: Person, wanted: str) -> Clash | None:
    """Store the wish; the answer is a clash when somebody must decide first."""
    try:
        await people.update_me(replace(seen, language=wanted))
    except Conflict:
        now = (await people.home()).person
        if language_clashes(seen, now, wanted):
            return Clash(now, wanted)
        await people.update_me(replace(now, language=wanted))
    return None
