"""What is done when nobody answers, written by who leads."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast
from uuid import UUID

import flet as ft

from app.core.errors import Invalid
from app.design.buttons import Choice, MainButton
from app.design.cards import Card, Heading, Quiet, WhoReads
from app.design.forms import Field
from app.design.guard import calling, screen
from app.design.hooks import use_action
from app.design.rows import Rows
from app.design.session import use_session
from app.protect.rota import MINUTES, AlertRules, Rota


@screen
def Rules(place: UUID, rules: AlertRules, reload: Callable[[], None]) -> ft.Control:
    """After how many minutes the next one is told, and what is done when nobody takes it."""
    session = use_session()
    t, rota = session.t, Rota(session.db)
    minutes, set_minutes = ft.use_state(rules.minutes)
    wrong, set_wrong = ft.use_state(cast("str | None", None))
    typed = ft.use_ref(rules.fallback)

    def keep(text: str) -> None:
        typed.current = text

    async def save() -> None:
        try:
            await rota.set_rules(
                place, replace(rules, minutes=minutes, fallback=typed.current or "")
            )
        except Invalid:
            set_wrong(t("Please write 10 to 300 letters."))
            return
        set_wrong(None)
        reload()

    run, running = use_action(save)
    return Card(
        [
            Heading(t("When nobody answers")),
            Quiet(t("The next one on the rota is told after:")),
            Rows(
                [
                    Choice(
                        t.n("{n} minute", "{n} minutes", each),
                        calling(set_minutes, each),
                        chosen=each == minutes,
                    )
                    for each in MINUTES
                ]
            ),
            WhoReads(t("Young people read this before they send anything.")),
            Field(
                t("What we do when nobody takes it"),
                keep,
                value=rules.fallback,
                hint=t("For example: the night desk of the town calls you."),
                wrong=wrong,
                lines=2,
            ),
            ft.Row([MainButton(t("Save"), run, running=running)], wrap=True),
        ]
    )
