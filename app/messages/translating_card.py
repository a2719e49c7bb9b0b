"""Where an organisation decides whether messages may be translated by a machine."""

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine
from app.design.guard import screen
from app.design.hooks import use_action, use_load
from app.design.session import use_session
from app.design.states import show
from app.messages.translating import Translations
from app.people.cards import use_mine


@screen
def TranslatingCard() -> ft.Control:
    """For an administrator; nothing where no translator is set up."""
    session, active = use_session(), use_mine().home.active
    t, provider = session.t, session.translator
    verbs = Translations(session.db, session.seal, provider, session.language)

    async def read() -> bool:
        if provider is None or active is None:
            return False
        # An agreement to another host is none to this one.
        return await verbs.agreed(active.organisation.id) == provider.place

    async def switch() -> None:
        if provider and active:
            await verbs.agree(active.organisation.id, None if loaded.data else provider.place)
            reload()

    loaded, reload = use_load(read)
    run, running = use_action(switch)
    if provider is None or active is None:
        return ft.Container(visible=False)
    place = provider.place
    return Card(
        [
            Heading(t("Translation by a machine")),
            show(t, loaded, reload, ready=lambda on: _State(t, place, on=on)),
            ft.Row(
                [
                    QuietButton(t("Switch off"), run, running=running)
                    if loaded.data
                    else MainButton(t("Switch on"), run, running=running)
                ],
                wrap=True,
            ),
        ]
    )


def _State(t: Translator, place: str, *, on: bool) -> ft.Control:
    lines: list[ft.Control] = [
        IconLine(ft.Icons.CHECK_CIRCLE_ROUNDED, t("On: each thread says so."))
        if on
        else IconLine(ft.Icons.CANCEL_ROUNDED, t("Off: no text leaves for a translator.")),
        Body(t("A message leaves for {place} when somebody taps Translate.", place=place)),
        Body(t("Do this only with a contract that protects the words.")),
    ]
    return ft.Column(lines, tight=True)
