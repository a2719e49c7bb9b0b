"""What a person sees about themselves, and the read that screens of every role share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Body, Card, PersonLine, Quiet, WhoReads
from app.design.session import use_session
from app.design.states import Loaded
from app.people.access import Fact, read_by, staff_read_by
from app.people.actions import People
from app.people.model import Active, Home, Role
from app.people.role_words import role_name

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


def title_of(t: Translator, active: Active) -> str:
    """What people call somebody in this place: its own word for a key worker, if it has one."""
    own = active.organisation.key_worker_title if active.role is Role.KEY_WORKER else None
    return own or role_name(t, active.role)


def PersonCard(t: Translator, home: Home) -> ft.Control:
    """Name, role and place of the signed-in person, and who else can see them."""
    if home.active is None:
        return Card(
            [
                PersonLine(home.person.name, []),
                Body(t("You do not belong to an organisation at the moment.")),
                Quiet(t("Ask the people who work there. Help is at the top.")),
            ]
        )
    place = home.active.organisation
    return Card(
        [
            PersonLine(
                home.person.name, [title_of(t, home.active), f"{place.name} · {place.town}"]
            ),
            ft.Divider(),
            WhoReads(_readers(t, home)),
        ]
    )


def _readers(t: Translator, home: Home) -> str:
    return read_by(t, Fact.NAME) if home.role is Role.YOUNG_PERSON else staff_read_by(t)
