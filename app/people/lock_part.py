"""After how many minutes this device locks, chosen under Me."""

from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import Choice, PageButton
from app.design.cards import Body, Quiet
from app.design.guard import screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import use_session
from app.design.states import show
from app.people.cards import use_people
from app.people.locking import Locking
from app.people.model import SignedInDevice

MINUTES = (1, 2, 5, 10, 30)
_CHOOSE_WAY = "/lock-choice"


@screen
def LockPart() -> ft.Control:
    """Choose when this device locks by itself; on a shared one, read why there is no choice."""
    session, people = use_session(), use_people()
    t, locking = session.t, Locking(session.db, session.device_hash)

    async def read() -> SignedInDevice:
        return next(each for each in await people.my_devices() if each.this)

    loaded, reload = use_load(read, live="device")

    async def choose(minutes: int) -> None:
        await locking.set_lock(minutes)
        reload()

    run, running = use_action(choose)

    def choices(device: SignedInDevice) -> ft.Control:
        if device.shared:
            return Body(t("This is a shared device. It locks after 1 minute."))
        return Rows(
            [
                Choice(
                    minutes_words(t, minutes),
                    partial(run, minutes),
                    chosen=minutes == device.lock_minutes,
                    disabled=running,
                )
                for minutes in MINUTES
            ]
        )

    return Stack(
        [
            Quiet(t("A locked device shows nothing until you open it again.")),
            show(t, loaded, reload, ready=choices),
            PageButton(t("Choose how you open it"), _CHOOSE_WAY, icon=ft.Icons.PIN_ROUNDED),
        ]
    )


def minutes_words(t: Translator, minutes: int) -> str:
    """How long a device may lie before it locks."""
    return t.n("After {n} minute", "After {n} minutes", minutes)
