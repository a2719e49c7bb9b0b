"""What a young person reads about openings of their own page."""

from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Body, Card, Heading, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import Empty, show
from app.people.opened import OpenedPage, pages_opened


@screen
def OpenedPart() -> ft.Control:
    """Each opening with who, when and why; under Me."""
    session = use_session()
    t = session.t
    loaded, reload = use_load(partial(pages_opened, session.db), live="person")
    return show(
        t,
        loaded,
        reload,
        ready=lambda found: Stack([_One(t, each) for each in found]),
        empty=lambda: Empty(t("Nobody opened your page to protect you.")),
    )


def _One(t: Translator, opened: OpenedPage) -> ft.Control:
    return Card(
        [
            Heading(
                t(
                    "{name} and {other} opened your page.",
                    name=opened.asked_by,
                    other=opened.agreed_by,
                )
            ),
            Quiet(
                t(
                    "{date}, from {start} to {end}, at {place}",
                    date=t.date(opened.at),
                    start=t.time(opened.at),
                    end=t.time(opened.until),
                    place=opened.place,
                )
            ),
            Heading(t("Why"), level=3),
            Body(opened.reason),
            Quiet(t("You may ask them about it, or your key worker.")),
        ]
    )
