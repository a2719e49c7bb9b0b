"""Who can read what: the line above every box, and all of it for the young person."""

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Body, Card, Heading, IconLine, Quiet, WhoReads
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import show
from app.people.access import Fact, Reader, fact_name, facts_shown, read_by, reader_name, reader_of
from app.people.cards import use_people
from app.people.model import TeamMember
from app.people.role_words import part_name
from app.people.team_cards import TEAM_KINDS

# Who reads by their role or by an opening, beside those in the team.
_OUTSIDE = (
    Reader.COORDINATOR,
    Reader.ADMINISTRATOR,
    Reader.PROTECTOR,
    Reader.SAFEGUARDING_LEAD,
    Reader.TRAINER,
)


def ReadBy(t: Translator, fact: Fact) -> ft.Control:
    """The line above a box in which a young person says something of this kind."""
    return WhoReads(read_by(t, fact))


@screen
def ReadersPart() -> ft.Control:
    """Everybody around me, and in words what each of them can read; under Me."""
    t, people = use_session().t, use_people()
    loaded, reload = use_load(people.my_team, live=TEAM_KINDS)
    return show(t, loaded, reload, ready=lambda team: _Readers(t, team))


def _Readers(t: Translator, team: list[TeamMember]) -> ft.Control:
    mine = [_card(t, each.name, part_name(t, each.part), reader_of(each.part)) for each in team]
    outside = [_card(t, _upper(reader_name(t, each)), None, each) for each in _OUTSIDE]
    return Stack(
        [
            Quiet(t("Only people with a valid training and check read anything.")),
            *mine,
            Heading(t("Others here")),
            *outside,
            IconLine(
                ft.Icons.INFO_OUTLINE_ROUNDED, t("Your parents and teachers read nothing here.")
            ),
        ]
    )


def _card(t: Translator, name: str, meta: str | None, reader: Reader) -> ft.Control:
    facts = [fact_name(t, fact) for fact in facts_shown(reader)]
    lines = [IconLine(ft.Icons.VISIBILITY_ROUNDED, _upper(fact)) for fact in facts]
    nothing = IconLine(ft.Icons.VISIBILITY_OFF_ROUNDED, t("Nothing about you"))
    return Card([Heading(name, level=3), *([Body(meta)] if meta else []), *(lines or [nothing])])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
