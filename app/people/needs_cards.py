"""What helps a young person, for those who may read it."""

from collections.abc import Sequence
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Body, Card, Heading, IconLine, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.session import use_session
from app.design.states import show
from app.people.needs import Need, Needs, NeedsOf
from app.people.needs_words import choice_words, need_title


@screen
def NeedsCard(organisation: UUID, young_person: UUID) -> ft.Control:
    """All that was said; reading it is a row of the access log."""
    session = use_session()
    needs = NeedsOf(session.db, organisation, young_person)
    loaded, reload = use_load(needs.read, live="needs", deps=[organisation, young_person])
    return show(session.t, loaded, reload, ready=lambda found: Said(session.t, found))


def Said(t: Translator, needs: Needs) -> ft.Control:
    """The fields that were answered, and who wrote last."""
    return Card([Heading(t("What helps")), *(_lines(t, needs) or [Quiet(t("Nothing yet."))])])


def _lines(t: Translator, needs: Needs) -> Sequence[ft.Control]:
    said: list[ft.Control] = []
    for need in Need:
        if chosen := needs.of(need):
            words = t.listed([choice_words(t, need, each) for each in chosen])
            said += [Quiet(need_title(t, need)), Body(words)]
            if need in needs.travels:
                line = t("May be told when somebody else is asked to help.")
                said.append(IconLine(ft.Icons.FORWARD_ROUNDED, line))
    if said and needs.written_by and needs.written_at:
        date = t.date(needs.written_at)
        said.append(
            Quiet(t("{name} wrote here last, on {date}.", name=needs.written_by, date=date))
        )
    return said
