"""The card that staff write about themselves under Me, as the people they work with see it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import flet as ft

from app.core.errors import Conflict, Invalid
from app.core.i18n import Translator
from app.design.buttons import MainButton, PageButton, QuietButton
from app.design.cards import Card, Heading, IconLine, PersonLine, Quiet, WhoReads
from app.design.forms import Field
from app.design.guard import keyed, screen, toast
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import show
from app.people.access import staff_read_by
from app.people.card_draft import Draft, Unreadable
from app.people.cards import title_of, use_mine
from app.people.model import Home, Role
from app.people.staff_cards import StaffCard, StaffCards
from app.people.team_cards import call_lines, hours_lines

WEEK = range(1, 8)
PHOTO_PAGE = "/me/photo"


def has_card(home: Home) -> bool:
    """Whether somebody is staff, and so has a card."""
    return any(each.role is not Role.YOUNG_PERSON for each in home.memberships)


@screen
def CardPart() -> ft.Control:
    """One's own card, read and then written."""
    session, mine = use_session(), use_mine()
    person = mine.home.person.id
    loaded, reload = use_load(
        partial(StaffCards(session.db).mine, person), live="person", deps=[person]
    )
    return show(
        session.t,
        loaded,
        reload,
        # Another version is another card: the fields begin anew with what it says.
        ready=lambda card: keyed(str(card.version), EditCard, card, reload),
    )


@screen
def EditCard(kept: StaffCard, reload: Callable[[], None]) -> ft.Control:
    """The fields of a card, and what others see of it. Where another device was faster, both are
    shown, and the reader decides."""
    session, home = use_session(), use_mine().home
    t, cards = session.t, StaffCards(session.db)
    draft, set_draft = ft.use_state(Draft.of(kept))
    wrong, set_wrong = ft.use_state("")
    other, set_other = ft.use_state(cast("StaffCard | None", None))

    async def save() -> None:
        set_wrong("")
        try:
            await cards.save(draft.card((other or kept).version))
        except Unreadable as error:
            set_wrong(error.field)
        except Invalid as error:
            set_wrong(str(error.fields.get("field", "")) or "day 1")
        except Conflict:
            set_other(await cards.mine(home.person.id))
        else:
            toast(ft.context.page, t("Saved."))
            reload()

    run, running = use_action(save)
    start = Draft.of(kept)

    def mend(field: str, text: str) -> str | None:
        return text if wrong == field else None

    days = [
        Field(
            t.weekday(day),
            partial(_type_hours, set_draft, day),
            value=start.hours[day - 1],
            wrong=mend(f"day {day}", t("Please write it like 9–17.")),
        )
        for day in WEEK
    ]
    return Stack(
        [
            WhoReads(staff_read_by(t)),
            _PhotoLine(t, home, kept),
            Field(
                t("Pronouns"),
                lambda text: set_draft(lambda now: replace(now, pronouns=text)),
                value=start.pronouns,
                hint=t("For example she/her. You can leave it empty."),
                wrong=mend("pronouns", t("Please write it in at most 40 letters.")),
            ),
            Stack([Heading(t("When you are there")), Quiet(t("For example 9–17.")), *days]),
            Field(
                t("Away until"),
                lambda text: set_draft(lambda now: replace(now, back_on=text)),
                value=start.back_on,
                hint=t("The day you are back, like 24.12.2026."),
                wrong=mend("back_on", t("Please write a day to come, like 24.12.2026.")),
            ),
            Field(
                t("A word for those who wait"),
                lambda text: set_draft(lambda now: replace(now, away_words=text)),
                value=start.away_words,
                hint=t("Only while you are away. You can leave it empty."),
                wrong=mend("away_words", t("Please write it in at most 80 letters.")),
            ),
            Field(
                t("Phone at work"),
                lambda text: set_draft(lambda now: replace(now, phone=text)),
                value=start.phone,
                hint=t("Your young people can call it. You can leave it empty."),
                wrong=mend("phone", t("Please write a phone number.")),
            ),
            *([_TheirCard(t, home, other, reload)] if other else []),
            ft.Row([MainButton(t("Save"), run, running=running)], wrap=True),
            _Preview(t, home, draft, kept.photo),
        ]
    )


def _PhotoLine(t: Translator, home: Home, kept: StaffCard) -> ft.Control:
    words = t("Change my photo") if kept.photo else t("Add my photo")
    return Stack(
        [
            PersonLine(home.person.name, [], photo=kept.photo, large=True),
            ft.Row([PageButton(words, PHOTO_PAGE, icon=ft.Icons.PHOTO_CAMERA_ROUNDED)], wrap=True),
        ]
    )


Change = Callable[[Callable[[Draft], Draft]], None]


def _type_hours(set_draft: Change, day: int, text: str) -> None:
    set_draft(lambda now: now.with_hours(day, text))


def _TheirCard(t: Translator, home: Home, other: StaffCard, take: Callable[[], None]) -> ft.Control:
    """What was saved elsewhere meanwhile; saving again replaces it."""
    return Card(
        [
            IconLine(
                ft.Icons.DEVICES_ROUNDED, t("You saved another card meanwhile. Which one counts?")
            ),
            *_seen(t, home, other),
            ft.Row([QuietButton(t("Take this one"), take)], wrap=True),
            Quiet(t("To keep what you typed, save again.")),
        ]
    )


def _Preview(t: Translator, home: Home, draft: Draft, photo: str | None) -> ft.Control:
    try:
        shown = _seen(t, home, replace(draft.card(0), photo=photo))
    except Unreadable:
        shown = [Quiet(t("Something above cannot be read yet."))]
    return Card([Heading(t("So people see you")), *shown])


def _seen(t: Translator, home: Home, card: StaffCard) -> list[ft.Control]:
    called = title_of(t, home.active) if home.active else ""
    meta = [" · ".join(filter(None, (called, card.pronouns)))]
    if card.back_on:
        meta.append(t("Back on {date}", date=t.date(card.back_on)))
        meta += [card.away_words] if card.away_words else []
    return [
        PersonLine(home.person.name, meta, photo=card.photo, large=True),
        *hours_lines(t, card.office_hours, home.person.time_zone),
        *call_lines(card.phone),
    ]
