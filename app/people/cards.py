"""What a person sees about themselves: cards that the screens of every role share."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import cast
from uuid import UUID

import flet as ft

from app.core.errors import Conflict
from app.core.i18n import Translator, languages, own_name
from app.design.buttons import Choice
from app.design.cards import Body, Card, Heading, PersonLine, Quiet, WhoReads
from app.design.guard import screen
from app.design.hooks import use_action, use_load
from app.design.session import use_session
from app.design.states import Loaded, show
from app.design.tokens import TIGHT
from app.people.actions import People
from app.people.model import (
    Home,
    Membership,
    Person,
    SignedInDevice,
    language_clashes,
    role_name,
)

# Hints after which the answer to "who am I here" may be another one.
HOME_KINDS = frozenset({"person", "organisation", "access"})


@dataclass(frozen=True, eq=False)
class Mine:
    """The one read that all screens share: who is signed in, and how to read it again."""

    loaded: Loaded[Home]
    home: Home
    reload: Callable[[], None]


MineContext = ft.create_context(cast(Mine, None))


def use_mine() -> Mine:
    """Who is signed in here. A hook; only inside the frame of the screens."""
    return ft.use_context(MineContext)


def use_people() -> People:
    """The verbs about people for this session. A hook."""
    session = use_session()
    return People(session.db, session.device_hash)


def PersonCard(t: Translator, home: Home) -> ft.Control:
    """Name, role and place of the signed-in person, and who else can see them."""
    if home.active is None:
        return Card(
            [
                PersonLine(home.person.name, []),
                Body(t("You do not belong to an organisation at the moment.")),
            ]
        )
    place = home.active.organisation
    return Card(
        [
            PersonLine(
                home.person.name, [role_name(t, home.active.role), f"{place.name} · {place.town}"]
            ),
            ft.Divider(),
            WhoReads(
                t(
                    "You, your team and the people who coordinate {place} can see this.",
                    place=place.name,
                )
            ),
        ]
    )


@screen
def PlacesCard() -> ft.Control:
    """Choose in which of several organisations or roles this device works."""
    t, mine, people = use_session().t, use_mine(), use_people()

    async def choose(membership: UUID) -> None:
        await people.choose_membership(membership)
        mine.reload()

    run, running = use_action(choose)
    active = mine.home.active.membership_id if mine.home.active else None

    def line(each: Membership) -> ft.Control:
        return Choice(
            f"{role_name(t, each.role)} · {each.organisation_name}",
            partial(run, each.id),
            chosen=each.id == active,
            disabled=running,
        )

    return Card(
        [
            Heading(t("Where you work now")),
            Quiet(t("This device shows one place at a time.")),
            ft.Column([line(each) for each in mine.home.memberships], spacing=TIGHT, tight=True),
        ]
    )


@dataclass(frozen=True)
class Clash:
    """Two wishes for one language: what is stored now, and what was chosen here."""

    stored: Person
    wanted: str


@screen
def LanguageCard() -> ft.Control:
    """Choose the language of all screens; when another device was faster, ask which one counts."""
    t, mine, people = use_session().t, use_mine(), use_people()
    clash, set_clash = ft.use_state(cast("Clash | None", None))

    async def choose(seen: Person, wanted: str) -> None:
        set_clash(await _store_language(people, seen, wanted))
        mine.reload()

    run, running = use_action(choose)
    if clash:
        answers = [clash.stored.language, clash.wanted]
        seen, chosen = clash.stored, None
        text = t(
            "{theirs} was chosen on another device, {yours} here. Which one do you want?",
            theirs=_language_name(answers[0]),
            yours=_language_name(answers[1]),
        )
    else:
        answers = list(languages())
        seen, chosen = mine.home.person, mine.home.person.language
        text = t("All screens use this language.")

    choices = [
        Choice(
            _language_name(code),
            partial(run, seen, code),
            chosen=code == chosen,
            disabled=running,
        )
        for code in answers
    ]
    return Card([Heading(t("Language")), Body(text), ft.Column(choices, spacing=TIGHT, tight=True)])


@screen
def TextSizeCard() -> ft.Control:
    """Choose how large all text is on this device."""
    session = use_session()
    t = session.t
    run, running = use_action(session.choose_text)
    sizes = {100: t("Normal"), 125: t("Large"), 150: t("Larger"), 200: t("Largest")}
    return Card(
        [
            Heading(t("Text size")),
            ft.Column(
                [
                    Choice(
                        name,
                        partial(run, percent),
                        chosen=percent == session.text_percent,
                        disabled=running,
                    )
                    for percent, name in sizes.items()
                ],
                spacing=TIGHT,
                tight=True,
            ),
        ]
    )


@screen
def DevicesCard() -> ft.Control:
    """Where this person is signed in, as far as each browser said what it is."""
    t, people = use_session().t, use_people()
    loaded, reload = use_load(people.my_devices, live="device")

    def lines(devices: list[SignedInDevice]) -> ft.Control:
        return ft.Column([_DeviceLine(t, each) for each in devices], tight=True)

    return Card([Heading(t("Where you are signed in")), show(t, loaded, reload, ready=lines)])


def _DeviceLine(t: Translator, device: SignedInDevice) -> ft.Control:
    label = device.label or t("A browser")
    if device.this:
        return ft.Column([Body(label), Quiet(t("This device"))], spacing=0, tight=True)
    seen = t("Last used {date}", date=t.date(device.last_seen_at))
    return ft.Column([Body(label), Quiet(seen)], spacing=0, tight=True, key=device.ref)


async def _store_language(people: People, seen: Person, wanted: str) -> Clash | None:
    """Store the wish; the answer is a clash when somebody must decide first."""
    try:
        await people.update_me(replace(seen, language=wanted))
    except Conflict:
        now = (await people.home()).person
        if language_clashes(seen, now, wanted):
            return Clash(now, wanted)
        await people.update_me(replace(now, language=wanted))
    return None


def _language_name(code: str) -> str:
    return own_name(code) or code
