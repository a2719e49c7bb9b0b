"""Switching the pocket card on for this device, and keeping it up to date."""

from collections.abc import Callable

import flet as ft

from app.core.errors import Invalid
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Heading, Quiet
from app.design.forms import Field
from app.design.guard import screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import show
from app.messages.pocket import Pocket, make, pocket_of, throw_away
from app.people.cards import use_mine, use_people
from app.people.contacts import is_phone
from app.people.everyone import PATH as ME
from app.people.list_screen import going


@screen
def PocketKeeper() -> ft.Control:
    """Shows nothing: on the first screen it makes a card anew that is older than a day."""
    session, active = use_session(), use_mine().home.active

    async def refresh() -> None:
        pocket = await pocket_of(session)
        if pocket and active and not pocket.fresh:
            await make(session, active.organisation.id, pocket.dial)

    use_load(refresh, deps=[session.again])
    return ft.Container(visible=False)


@screen
def PocketScreen() -> ft.Control:
    """What the card is, who can read it, and the switch; not on a shared device."""
    session, people = use_session(), use_people()
    t = session.t

    async def read() -> tuple[bool, Pocket | None]:
        here = next(each for each in await people.my_devices() if each.this)
        return here.shared, await pocket_of(session)

    loaded, reload = use_load(read)
    back = QuietButton(t("Me"), going(session, ME), icon=ft.Icons.ARROW_BACK_ROUNDED)

    def ready(found: tuple[bool, Pocket | None]) -> ft.Control:
        shared, pocket = found
        if shared:
            return Body(t("This is a shared device. It keeps no card."))
        return Switch(pocket, reload)

    return Stack(
        [
            ft.Row([back], wrap=True),
            Heading(t("Card for times without network"), level=1),
            Body(t("It shows who helps you, and what you agreed.")),
            Body(t("You can write a message there. It goes off later.")),
            show(t, loaded, reload, ready=ready),
        ]
    )


@screen
def Switch(pocket: Pocket | None, reload: Callable[[], None]) -> ft.Control:
    """On or off, and the number to call."""
    session, active = use_session(), use_mine().home.active
    t = session.t
    dial = ft.use_ref(pocket.dial if pocket else "")
    wrong, set_wrong = ft.use_state("")

    async def keep() -> None:
        number = (dial.current or "").strip()
        if number and not is_phone(number):
            set_wrong(t("Please write a phone number."))
            return
        set_wrong("")
        if active is None:
            raise Invalid("not_valid")
        await make(session, active.organisation.id, number)
        reload()

    async def off() -> None:
        await throw_away(session)
        reload()

    run_keep, keeping = use_action(keep)
    run_off, _ = use_action(off)

    def typed(text: str) -> None:
        dial.current = text

    return Stack(
        [
            Quiet(t("Whoever holds this phone can read it, also when it is locked.")),
            Choice(
                t("Keep the card on this device"),
                run_off if pocket else run_keep,
                chosen=pocket is not None,
                several=True,
                disabled=keeping,
            ),
            Field(
                t("Another phone number, if you like"),
                typed,
                value=pocket.dial if pocket else "",
                wrong=wrong or None,
            ),
            *(
                [ft.Row([MainButton(t("Save"), run_keep, running=keeping)], wrap=True)]
                if pocket
                else []
            ),
        ]
    )
