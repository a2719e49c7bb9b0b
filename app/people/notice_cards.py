"""What we must tell a person, as cards on their first screen."""

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import Body, Card, Heading, IconLine
from app.design.guard import keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.session import use_session
from app.design.states import show
from app.people.notices import Notice, NoticeKind, Notices, Told


@screen
def NoticesCard() -> ft.Control:
    """Everything this person has not seen yet, the newest first; nothing where there is none."""
    session = use_session()
    t, notices = session.t, Notices(session.db)
    loaded, reload = use_load(notices.told, live="person")
    if loaded.state == "loading":
        # Mostly there is nothing to tell: a sign of waiting would only flash by.
        return ft.Container(visible=False)
    return show(t, loaded, reload, ready=lambda told: _Told(t, told))


def _Told(t: Translator, told: Told) -> ft.Control:
    cards = [keyed(str(each.id), OneNotice, each) for each in told.unseen]
    return Stack(cards) if cards else ft.Container(visible=False)


@screen
def OneNotice(notice: Notice) -> ft.Control:
    """One thing to know, and the button that takes it away."""
    session = use_session()
    t, notices = session.t, Notices(session.db)

    async def see() -> None:
        await notices.see(notice.id)

    run, running = use_action(see)
    title, text = notice_words(t, notice)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=Card(
            [
                IconLine(
                    ft.Icons.NOTIFICATIONS_ROUNDED,
                    f"{t.date(notice.at)}, {t.time(notice.at)}",
                    color=theme.PRIMARY,
                ),
                Heading(title),
                *([Body(text)] if text else []),
                ft.Row([QuietButton(t("OK"), run, running=running)], wrap=True),
            ]
        ),
    )


def notice_words(t: Translator, notice: Notice) -> tuple[str, str]:
    """A title and a sentence; the sentence may be empty."""
    name = notice.made_by or t("Somebody")
    match notice.kind:
        case NoticeKind.RETURN_CODE_MADE:
            return (
                t("{name} made a code for you to get back in.", name=name),
                reason_words(t, notice.reason),
            )
        case NoticeKind.RETURN_CODE_USED:
            return t("Somebody came in with the code of {name}.", name=name), ""
        case NoticeKind.RETURN_CODE_OBJECTED:
            about = notice.about or t("Somebody")
            return (
                t("{name} says: I did not ask for this code.", name=name),
                t("{name} made the code. It is stopped. Please talk to both.", name=about),
            )
        case NoticeKind.PAGE_OPENED:
            return (
                t("{name} opened your page to protect you.", name=name),
                t("{name} agreed to it.", name=notice.about) if notice.about else "",
            )
        case NoticeKind.CONTACT_ADDED:
            return (
                t("{name} added somebody to your list of people.", name=name),
                t("You find the list under Me. You can change it."),
            )


def reason_words(t: Translator, reason: str | None) -> str:
    """Why a code to get back in was made, as the one who made it chose it."""
    match reason:
        case "new_phone":
            return t("The reason: you have a new phone.")
        case "forgot_way_in":
            return t("The reason: you forgot how you sign in.")
        case "phone_lost":
            return t("The reason: your phone is lost or stolen.")
    return t("The reason: something else.")
