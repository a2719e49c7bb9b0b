"""Inviting a colleague by mail, and writing again."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

import flet as ft

from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.core.i18n import Translator, languages
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, Quiet, WhoReads
from app.design.forms import Field
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.session import use_session
from app.people.cards import use_mine
from app.people.coordinator_cards import Choices, use_staff
from app.people.model import Role
from app.people.names import name_problem, tidy_name
from app.people.role_words import role_name
from app.people.staff import invited_address
from app.people.staff_model import NewStaff, Sent, StaffMember, given_by
from app.people.team_cards import CodeCard

Reload = Callable[[], None]


@screen
def InviteStaff(place: UUID, reload: Reload) -> ft.Control:
    """Name, address, role and language of somebody new; the answer says what was sent."""
    session, staff, home = use_session(), use_staff(), use_mine().home
    t, post = session.t, session.post
    name, email = ft.use_ref(""), ft.use_ref("")
    role, set_role = ft.use_state(cast("Role | None", None))
    language, set_language = ft.use_state(home.person.language)
    wrong, set_wrong = ft.use_state(cast("tuple[str, str] | None", None))
    sent, set_sent = ft.use_state(cast("tuple[str, Sent] | None", None))

    def keep_name(text: str) -> None:
        name.current = text

    def keep_email(text: str) -> None:
        email.current = text

    async def invite() -> None:
        typed = tidy_name(name.current or "")
        if name_problem(typed):
            set_wrong(("name", t("Please write a name, in at most 80 letters.")))
            return
        if role is None or post is None:
            set_wrong(("role", t("Please choose a role.")))
            return
        try:
            new = NewStaff(typed, (email.current or "").strip(), role, language)
            set_sent((typed, await staff.invite(place, new, post, session.origin)))
        except (Conflict, Invalid, NotAllowed) as error:
            set_wrong(_refusal(t, error))
            return
        reload()

    run, running = use_action(invite)
    if post is None:
        return Stack(
            [
                Heading(t("Invite a colleague"), level=1),
                Body(t("No mails can be sent from here. Ask who runs this installation.")),
            ]
        )
    if sent:
        return Result(t, sent[0], sent[1], session.origin)
    field, words = wrong or ("", "")
    roles = [(each, role_name(t, each)) for each in given_by(home.role)]
    spoken = [(code, each.name) for code, each in languages().items()]
    return Stack(
        [
            Heading(t("Invite a colleague"), level=1),
            WhoReads(t("Coordinators and administrators see name, address and roles.")),
            Field(t("Name"), keep_name, wrong=words if field == "name" else None),
            Field(t("E-mail address"), keep_email, wrong=words if field == "email" else None),
            Heading(t("Role")),
            Choices(roles, lambda each: each is role, set_role),
            Heading(t("Language")),
            Choices(spoken, lambda each: each == language, set_language),
            *([Body(words)] if field == "role" else []),
            ft.Row([MainButton(t("Send the invitation"), run, running=running)], wrap=True),
        ]
    )


@screen
def InviteAgain(person: StaffMember, reload: Reload) -> ft.Control:
    """Where we wrote to and when; another mail makes the one before useless."""
    session, staff = use_session(), use_staff()
    t, post = session.t, session.post
    email = ft.use_ref("")
    wrong, set_wrong = ft.use_state(cast("str | None", None))
    sent, set_sent = ft.use_state(cast("Sent | None", None))

    def keep(text: str) -> None:
        email.current = text

    async def again() -> None:
        if post is None:
            return
        address = (email.current or "").strip() or None
        try:
            set_sent(await staff.invite_again(person.id, post, session.origin, address))
        except Invalid as error:
            set_wrong(_refusal(t, error)[1])
            return
        reload()

    run, running = use_action(again)
    if sent:
        return Result(t, person.name, sent, session.origin)
    known = person.invitation
    told = [t("We wrote to {email}.", email=known.email), t.date(known.made_at)] if known else []
    return Card(
        [
            Heading(t("Not here yet")),
            *([Quiet(" ".join(told))] if told else []),
            Field(
                t("Another address, if the first one was wrong"), keep, on_submit=run, wrong=wrong
            ),
            ft.Row([QuietButton(t("Write again"), run, running=running)], wrap=True),
            Quiet(t("A new invitation replaces the one before.")),
        ]
    )


def Result(t: Translator, name: str, sent: Sent, origin: str) -> ft.Control:
    """What happens next: a mail is on its way, or there is something to hand over."""
    if sent.mailed:
        return Card(
            [
                Heading(t("The invitation is on its way"), level=1),
                Body(t("We wrote to {email}.", email=sent.email)),
                Quiet(t("The link works once, for one day. You can write again.")),
            ]
        )
    return Stack(
        [
            Body(t("This address has a sign-in already, so no mail was sent.")),
            Body(t("Hand this over: they sign in and say yes.")),
            CodeCard(t, name, sent.code, invited_address(origin, sent.code)),
        ]
    )


def _refusal(t: Translator, error: AppError) -> tuple[str, str]:
    match error.code:
        case "email_not_valid" | "not_valid":
            return "email", t("Please look at the address again.")
        case "already_invited":
            return "email", t("This address is invited already. You find it in the list.")
        case "name_not_valid":
            return "name", t("Please write the name in another way.")
        case "too_many_tries":
            return "email", t("Too many mails for now. Please try again in an hour.")
    raise error
