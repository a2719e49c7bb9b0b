"""For coordinators and safeguarding leads: asking for an opening, agreeing to one, and reading."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from app.core.clock import utc_now
from app.core.errors import NotFound
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet, WhoReads
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Row, Rows
from app.design.session import AppSession, use_session
from app.design.states import Empty, Loaded, Problem, show, waiting
from app.people.cards import use_mine
from app.people.list_screen import ListAndOne, going, list_level
from app.protect.actions import Openings
from app.protect.asking import AskForOpening
from app.protect.model import Opening, OpeningState
from app.protect.reading import ReadPage
from app.protect.words import state_words, told_words

Reload = Callable[[], None]
PATH = "/protect"
_NEW = "new"


@screen
def ProtectScreen() -> ft.Control:
    """What was asked for and what runs, the latest first; and one of them, or a new one."""
    session, active = use_session(), use_mine().home.active
    openings = Openings(session.db)
    chosen = ft.use_route_params().get("opening")
    place = active.organisation.id if active else None

    async def read() -> list[Opening]:
        return await openings.mine(place) if place else []

    loaded, reload = use_load(read, live="opening", deps=[place])
    one = _chosen(session, place, chosen, loaded, reload) if chosen else None
    everything = _List(session, chosen, loaded, reload)
    return ListAndOne(session, PATH, session.t("Protect somebody"), everything, one)


def _List(
    session: AppSession, chosen: str | None, loaded: Loaded[list[Opening]], reload: Reload
) -> ft.Control:
    t, now = session.t, utc_now()

    def rows(found: list[Opening]) -> ft.Control:
        return Rows(
            [
                Row(
                    _icon(each),
                    each.name,
                    going(session, f"{PATH}/{each.id}"),
                    meta=state_words(t, each, now),
                    chosen=str(each.id) == chosen,
                )
                for each in found
            ]
        )

    add = MainButton(
        t("Open a page"), going(session, f"{PATH}/{_NEW}"), icon=ft.Icons.SHIELD_ROUNDED
    )
    return Stack(
        [
            Heading(t("Protect somebody"), level=list_level(session, chosen)),
            Quiet(t("In danger only. Two of you, one hour, and it is written down.")),
            ft.Row([add], wrap=True),
            show(t, loaded, reload, ready=rows, empty=lambda: Empty(t("Nothing was opened."))),
        ]
    )


def _icon(opening: Opening) -> ft.IconData:
    match opening.state:
        case OpeningState.ASKED:
            return ft.Icons.HOURGLASS_EMPTY_ROUNDED
        case OpeningState.RUNNING:
            return ft.Icons.LOCK_OPEN_ROUNDED
    return ft.Icons.LOCK_ROUNDED


def _chosen(
    session: AppSession,
    place: UUID | None,
    chosen: str,
    loaded: Loaded[list[Opening]],
    reload: Reload,
) -> ft.Control:
    if chosen == _NEW and place:
        return keyed(_NEW, AskForOpening, place, PATH)
    if loaded.data is None:
        return waiting(session.t, loaded, reload, level=1)
    opening = next((each for each in loaded.data if str(each.id) == chosen), None)
    if opening is None:
        return Problem(session.t, NotFound("not_found"), reload, level=1)
    return keyed(chosen, OneOpening, opening, reload)


@screen
def OneOpening(opening: Opening, reload: Reload) -> ft.Control:
    """Who asked, why, and what one may do about it now."""
    session, active = use_session(), use_mine().home.active
    t, openings = session.t, Openings(session.db)

    async def agree() -> None:
        await openings.agree(opening.id)
        reload()

    async def close() -> None:
        await openings.close(opening.id)
        reload()

    run_agree, agreeing = use_action(agree)
    run_close, closing = use_action(close)
    buttons: list[ft.Control] = []
    if opening.state is OpeningState.ASKED and opening.may_agree:
        buttons.append(MainButton(t("I agree, open it"), run_agree, running=agreeing))
    if closes := _way_out(session, opening):
        buttons.append(QuietButton(closes, run_close, running=closing))
    card = Card(
        [
            Heading(opening.name, level=1),
            IconLine(_icon(opening), state_words(t, opening, utc_now())),
            *_facts(session, opening),
            WhoReads(t("You two, safeguarding leads and {name} can read this.", name=opening.name)),
            *([ft.Row(buttons, wrap=True)] if buttons else []),
        ]
    )
    runs = opening.state is OpeningState.RUNNING and opening.mine and active is not None
    if not runs or active is None:
        return card
    page = keyed(f"page {opening.id}", ReadPage, opening, active.organisation.id)
    return Stack([card, page])


def _way_out(session: AppSession, opening: Opening) -> str | None:
    t = session.t
    if opening.state is OpeningState.RUNNING and opening.mine:
        return t("Close it now")
    if opening.state is OpeningState.ASKED:
        return t("Take it back") if opening.by_me else t("I do not agree")
    return None


def _facts(session: AppSession, opening: Opening) -> list[ft.Control]:
    t = session.t
    asked = t(
        "{name} asked on {date} at {time}.",
        name=opening.asked_by,
        date=t.date(opening.asked_at),
        time=t.time(opening.asked_at),
    )
    agreed = [t("{name} agreed to it.", name=opening.agreed_by)] if opening.agreed_by else []
    delay = (
        [Heading(t("Why they are told later"), level=3), Body(opening.delay_reason)]
        if opening.delay_reason
        else []
    )
    return [
        *(Quiet(line) for line in [asked, *agreed, told_words(t, opening)]),
        Heading(t("Why"), level=3),
        Body(opening.reason),
        *delay,
    ]
