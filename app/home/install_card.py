"""That the app can stand on the home screen: said once on a phone, to whoever came back."""

from typing import cast

import flet as ft

from app.core.clock import utc_now
from app.design.buttons import PageButton, QuietButton
from app.design.cards import Body, Card, Heading
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.session import use_session
from app.design.tokens import SNUG, WIDE

# The page that shows how writes here too, and the browser keeps it as text.
_KEPT = "handrail.install"
_READ = "read"
_PHONES = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


@screen
def InstallCard() -> ft.Control:
    """Stands at the end of the first screen from the second day on, until somebody answered it."""
    session, page = use_session(), ft.context.page
    t, memory = session.t, session.memory
    possible = page.platform in _PHONES and not page.pwa
    # None until the browser has answered.
    since, set_since = ft.use_state(cast("str | None", None))
    today = utc_now().date().isoformat()

    async def ask() -> None:
        if not possible:
            return
        kept = await memory.get(_KEPT)
        if kept is None:
            await memory.set(_KEPT, today)
        set_since(str(kept or today))

    async def done() -> None:
        set_since(_READ)
        await memory.set(_KEPT, _READ)

    # Again when somebody comes back from the page that shows how.
    ft.use_effect(ask, [session.again])
    run, running = use_action(done)
    if since in (None, _READ, today):
        return ft.Container(visible=False)
    choices = [
        PageButton(t("Show me how"), f"/install?lang={t.language}"),
        QuietButton(t("Not now"), run, running=running),
    ]
    card = Card(
        [
            Heading(t("Handrail on your home screen")),
            Body(t("Then it opens with one tap. You choose its name and picture.")),
            ft.Row(choices, wrap=True, spacing=SNUG, run_spacing=SNUG),
        ]
    )
    return ft.Container(content=card, padding=ft.Padding.only(top=WIDE))
