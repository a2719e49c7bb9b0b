"""What people of an organisation call a key worker, written under Me by who runs it."""

from typing import cast

import flet as ft

from app.core.errors import Conflict, Invalid
from app.design.buttons import MainButton
from app.design.cards import Body, Quiet, WhoReads
from app.design.forms import Field
from app.design.guard import keyed, screen, toast
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.session import use_session
from app.people.cards import use_mine
from app.people.model import Home, Organisation, Role
from app.people.staff_cards import StaffCards


def may_name(home: Home) -> bool:
    """Whether this device works in a role that may choose the word."""
    return home.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


def title_now(home: Home) -> str:
    """The chosen word, if there is one."""
    return (home.active.organisation.key_worker_title if home.active else None) or ""


@screen
def TitlePart() -> ft.Control:
    """The word, which everybody of the organisation reads."""
    active = use_mine().home.active
    if active is None:
        return ft.Container()
    place = active.organisation
    return keyed(str(place.id), EditTitle, place)


@screen
def EditTitle(place: Organisation) -> ft.Control:
    """Type another word, or none for the usual one."""
    session, mine = use_session(), use_mine()
    t, cards = session.t, StaffCards(session.db)
    first = ft.use_ref(place.key_worker_title or "").current or ""
    typed = ft.use_ref(first)
    wrong, set_wrong = ft.use_state(cast("str | None", None))

    def keep(text: str) -> None:
        typed.current = text

    async def save() -> None:
        set_wrong(None)
        try:
            await cards.set_title(place.id, typed.current or "", place.version)
        except Invalid:
            set_wrong(t("Please write it in another way, in at most 80 letters."))
        except Conflict:
            set_wrong(t("Something changed meanwhile. Please look again, then save."))
        else:
            toast(ft.context.page, t("Saved."))
        mine.reload()

    run, running = use_action(save)
    return Stack(
        [
            Body(t("What do people here call a key worker?")),
            Quiet(t("Now: {word}", word=place.key_worker_title or t("Key worker"))),
            WhoReads(t("Everybody in {place} reads this word.", place=place.name)),
            Field(
                t("Your word"),
                keep,
                value=first,
                hint=t("For example coach. Empty: the usual word."),
                on_submit=run,
                wrong=wrong,
            ),
            ft.Row([MainButton(t("Save"), run, running=running)], wrap=True),
        ]
    )
