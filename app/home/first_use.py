"""What the quick exit cannot hide, said once on each device to whoever may need it."""

from typing import cast

import flet as ft

from app.design.buttons import MainButton
from app.design.cards import Body, Heading, IconLine, Pressing
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.session import use_session
from app.design.theme import INK

_READ = "handrail.exit_read"


@screen
def ExitCard() -> ft.Control:
    """Stands on the first screen until it was read."""
    session = use_session()
    t, memory = session.t, session.memory
    # Nobody who has read it shall see it flash by: None until the browser has answered.
    read, set_read = ft.use_state(cast("bool | None", None))

    async def ask() -> None:
        set_read(await memory.get(_READ) is True)

    async def done() -> None:
        set_read(True)
        await memory.set(_READ, True)

    ft.use_effect(ask, [])
    run, running = use_action(done)
    if read is not False:
        return ft.Container(visible=False)
    return Pressing(
        [
            Heading(t("What Quick exit cannot hide")),
            Body(t("Quick exit is at the top. It leaves at once.")),
            IconLine(
                ft.Icons.FILTER_NONE_ROUNDED,
                t("Your phone's list of open apps may show a picture."),
                color=INK,
            ),
            IconLine(
                ft.Icons.HISTORY_ROUNDED,
                t("The browser's history keeps pages you opened before."),
                color=INK,
            ),
            IconLine(
                ft.Icons.VISIBILITY_ROUNDED,
                t("A spy program on the phone sees everything."),
                color=INK,
            ),
            Body(t("Are you worried? Use a phone that nobody else touches.")),
            ft.Row([MainButton(t("OK"), run, running=running)], wrap=True),
        ]
    )
