"""How long an organisation keeps messages: coordinators see it, administrators change it."""

from collections.abc import Awaitable, Callable
from typing import Final, cast
from uuid import UUID

import flet as ft

from app.core.errors import Conflict
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, Quiet, WhoReads
from app.design.guard import calling, keyed, screen, toast
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.messages.coordinating import Kept, keep_for, kept
from app.people.cards import use_mine
from app.people.model import Role

KEPT: Final = "/kept"
_DAYS: Final = (90, 180, 365, 730, 1095, 1825)


@screen
def KeptScreen() -> ft.Control:
    """What counts now; and for an administrator, what could count."""
    session, home = use_session(), use_mine().home
    t, place = session.t, home.active.organisation.id if home.active else None
    may_change = home.role is Role.ADMINISTRATOR

    async def read() -> Kept | None:
        return await kept(session.db, place) if place else None

    loaded, reload = use_load(read, live="organisation", deps=[place])

    def ready(now: Kept) -> ft.Control:
        if may_change and place:
            return keyed(str(now.version), ChooseDays, place, now, reload)
        line = IconLine(ft.Icons.SCHEDULE_ROUNDED, _days(t, now.days), color=theme.INK)
        return Card([line, Quiet(t("An administrator can change this."))])

    return Stack(
        [
            Heading(t("How long messages are kept"), level=1),
            Body(t("It counts from the day a message was sent.")),
            WhoReads(t("Everybody can read this in their chat.")),
            show(t, loaded, reload, ready=lambda now: ready(now) if now else ft.Container()),
        ]
    )


@screen
def ChooseDays(place: UUID, now: Kept, reload: Callable[[], None]) -> ft.Control:
    """Another time; asked once more when messages would go that are there today."""
    session, page = use_session(), ft.context.page
    t = session.t
    wanted, set_wanted = ft.use_state(cast("int | None", None))

    async def store() -> None:
        if wanted is None:
            return
        try:
            await keep_for(session.db, place, wanted, now)
        except Conflict:
            toast(page, t("Something changed meanwhile. Please look again, then save."))
        else:
            toast(page, t("Saved."))
        set_wanted(None)
        reload()

    run, running = use_action(store)
    shown = now.days if wanted is None else wanted
    choices = [
        Choice(_days(t, days), calling(set_wanted, days), chosen=days == shown)
        for days in sorted({*_DAYS, now.days})
    ]
    asked = [] if shown == now.days else [_Sure(t, shown, now, run, set_wanted, running=running)]
    return Stack([Rows(choices), *asked])


def _Sure(
    t: Translator,
    wanted: int,
    now: Kept,
    save: Callable[[], Awaitable[None]],
    choose: Callable[[int | None], None],
    *,
    running: bool,
) -> ft.Control:
    words = (
        t("What is older is forgotten soon. Nobody can bring it back.")
        if wanted < now.days
        else t("Nothing is lost. Messages stay longer.")
    )
    icon = ft.Icons.WARNING_ROUNDED if wanted < now.days else ft.Icons.INFO_ROUNDED
    color = theme.WARN if wanted < now.days else theme.INK
    card = Card(
        [
            Heading(_days(t, wanted)),
            IconLine(icon, words, color=color),
            ft.Row(
                [
                    MainButton(t("Save"), save, running=running),
                    QuietButton(t("No, leave it"), calling(choose, None)),
                ],
                wrap=True,
            ),
        ]
    )
    return ft.Semantics(live_region=True, container=True, content=card)


def _days(t: Translator, days: int) -> str:
    years, rest = divmod(days, 365)
    if not rest:
        return t.n("{n} year", "{n} years", years)
    return t.n("{n} day", "{n} days", days)
