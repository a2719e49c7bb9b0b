"""What helps me, as the young person and their key worker say it: every tap is kept at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast
from uuid import UUID

import flet as ft

from app.core.errors import AppError, Conflict
from app.core.i18n import Translator, languages, own_name
from app.design import theme
from app.design.buttons import Choice, QuietButton
from app.design.cards import Card, Heading, IconLine, Quiet
from app.design.guard import action, keyed, screen
from app.design.hooks import use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import Loaded, show
from app.people.access import Fact
from app.people.access_cards import ReadBy
from app.people.cards import use_mine
from app.people.needs import CHOICES, Need, Needs, NeedsOf
from app.people.needs_words import choice_words, need_title

# Languages that young people here speak often, and that no catalogue need have.
_SPOKEN = ("ti", "am", "so", "ps", "ckb", "fa_AF", "fa", "tr", "uk", "ru", "fr", "es", "pl", "ro")
# Longer lists show their first choices, and the rest when asked.
_AT_FIRST = 8


@screen
def HelpsPart() -> ft.Control:
    """For the young person, under Me."""
    session, active = use_session(), use_mine().home.active
    if active is None:
        return ft.Container(visible=False)
    return EditNeeds(active.organisation.id, session.person_id)


Change = Callable[[Needs], Needs]
Wish = Callable[[Change], Callable[..., object]]


@dataclass(frozen=True)
class Edited:
    """What was wished here since it was read: now and before, and whether somebody was faster."""

    now: Needs
    before: Needs | None = None
    saving: bool = False
    faster: bool = False


@dataclass
class Writing:
    """The last wish, and the next one to write: taps need not wait for each other."""

    last: Needs | None = None
    wanted: Needs | None = None
    version: int = 0
    busy: bool = False


@screen
def EditNeeds(organisation: UUID, young_person: UUID) -> ft.Control:
    """Every field with its choices; a tap stores it, and one step can be undone."""
    session = use_session()
    t, needs = session.t, NeedsOf(session.db, organisation, young_person)
    loaded, reload = use_load(needs.read, live="needs", deps=[organisation, young_person])
    edited, set_edited = ft.use_state(cast("Edited | None", None))
    writing = cast(Writing, ft.use_ref(cast(Any, Writing)).current)
    now, own = _latest(loaded, edited) or Needs(), young_person == session.person_id
    if not writing.busy:
        writing.last, writing.version = now, now.version

    async def store() -> None:
        writing.busy = True
        try:
            kept = await _write_all(needs, writing)
            set_edited(lambda seen: Edited(replace(kept, own_words=own), seen and seen.before))
        except Conflict:
            set_edited(Edited(await needs.read(), faster=True))
        except AppError:
            set_edited(None)
            reload()
            raise
        finally:
            writing.busy = False

    def wish(change: Change, *, undoable: bool = True) -> Callable[..., object]:
        @action
        async def go() -> None:
            before = writing.last or now
            # From the last wish, not from what stood on the screen that was tapped.
            writing.last = writing.wanted = change(before)
            set_edited(Edited(writing.last, before if undoable else None, saving=True))
            if not writing.busy:
                await store()

        return go

    def fields(_: Needs) -> ft.Control:
        undo = edited.before if edited and not edited.saving else None
        return Stack(
            [
                _Note(t, now, edited),
                *(keyed(need.value, OneNeed, need, now, wish, own) for need in Need),
                *([_Undo(t, wish(lambda _: undo, undoable=False))] if undo else []),
            ]
        )

    return Stack([ReadBy(t, Fact.NEEDS), show(t, loaded, reload, ready=fields)])


async def _write_all(needs: NeedsOf, writing: Writing) -> Needs:
    """Write what is wished until nothing more is, each over the version before."""
    kept = Needs()
    while writing.wanted is not None:
        kept, writing.wanted = replace(writing.wanted, version=writing.version), None
        writing.version = await needs.write(kept)
        kept = replace(kept, version=writing.version)
    return kept


def _Undo(t: Translator, on_click: Callable[..., object]) -> ft.Control:
    return ft.Row([QuietButton(t("Undo"), on_click, icon=ft.Icons.UNDO_ROUNDED)], wrap=True)


def _latest(loaded: Loaded[Needs], edited: Edited | None) -> Needs | None:
    """What counts: what is wished here, unless something newer was read."""
    if loaded.data is None or edited is None:
        return loaded.data
    newer = loaded.data.version > edited.now.version and not edited.saving
    return loaded.data if newer else edited.now


def _Note(t: Translator, now: Needs, edited: Edited | None) -> ft.Control:
    lines = [Quiet(t("Nothing here must be answered. Each tap is kept at once."))]
    if now.written_by and not now.own_words and now.written_at:
        date = t.date(now.written_at)
        lines.append(Quiet(t("{name} wrote here last, on {date}.", name=now.written_by, date=date)))
    if edited and edited.faster:
        words = t("Somebody else wrote here meanwhile. Please look again.")
        lines.append(IconLine(ft.Icons.SYNC_ROUNDED, words, color=theme.WARN))
    return Rows(lines)


@screen
def OneNeed(need: Need, now: Needs, wish: Wish, own: bool) -> ft.Control:
    """One field: its choices, and whether it goes along with a referral."""
    t = use_session().t
    # As it stood at first: nothing moves away under a finger.
    first = ft.use_memo(lambda: _offered(need, now), [need])
    more, set_more = ft.use_state(False)
    offered = dict.fromkeys([*first, *now.of(need)])

    @action
    def show_more() -> None:
        set_more(True)

    cards = [
        Choice(
            choice_words(t, need, choice),
            wish(partial(Needs.toggled, need=need, choice=choice)),
            chosen=choice in now.of(need),
            several=need is not Need.WORKER,
        )
        for number, choice in enumerate(offered)
        if more or number < _AT_FIRST or choice in now.of(need)
    ]
    if len(cards) < len(offered):
        button = QuietButton(t("Show more"), show_more, icon=ft.Icons.EXPAND_MORE_ROUNDED)
        cards.append(ft.Row([button], wrap=True))
    yes = need in now.travels
    travels = Choice(
        t("Tell it to others too when they are asked to help me"),
        wish(partial(Needs.going_along, need=need, yes=not yes)),
        chosen=yes,
        several=True,
    )
    asked = [ft.Divider(), travels] if own and now.of(need) else []
    return Card([Heading(need_title(t, need)), Rows(cards), *asked])


def _offered(need: Need, now: Needs) -> tuple[str, ...]:
    if need is not Need.LANGUAGES:
        return CHOICES[need]
    codes = dict.fromkeys([*now.of(need), *languages(), *_SPOKEN])
    return tuple(code for code in codes if own_name(code))
