"""How the demo's young people and their key workers stay in touch, and what was done so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.contact.actions import Contact
from app.contact.model import Agreement, LoggedKind, Place, Quiet, Way
from app.core.clock import utc_now
from app.core.db import Db
from app.demo.people import JONAS, SAMIRA


@dataclass(frozen=True)
class DemoLogged:
    """What a key worker did, by login, so many days ago; not `met`: they tried."""

    by: str
    kind: LoggedKind
    days_ago: int
    met: bool = True


@dataclass(frozen=True)
class DemoAgreement:
    """What the young person of this login agreed, and what was done since."""

    login: str
    agreement: Agreement
    logged: tuple[DemoLogged, ...] = ()


AGREEMENTS: Final = (
    DemoAgreement(
        "blue-heron-27",
        Agreement(
            ways=frozenset({Way.CHAT, Way.MEETING}),
            every_days=3,
            places=frozenset({Place.CAFE, Place.OUTSIDE}),
            quiet=Quiet("20:00", "08:00"),
            answer_days=1,
        ),
        (DemoLogged(SAMIRA, LoggedKind.MEETING, 9), DemoLogged(SAMIRA, LoggedKind.CALL, 2)),
    ),
    DemoAgreement(
        "calm-river-41",
        Agreement(
            ways=frozenset({Way.CHAT, Way.CALL}), every_days=14, quiet=Quiet("22:00", "09:00")
        ),
        (DemoLogged(SAMIRA, LoggedKind.VISIT, 6),),
    ),
    # Cares for a brother in the evenings; we owe her a contact.
    DemoAgreement(
        "quick-maple-63",
        Agreement(
            ways=frozenset({Way.CALL, Way.VIDEO}),
            places=frozenset({Place.ONLINE}),
            quiet=Quiet("18:00", "10:00"),
        ),
        (
            DemoLogged(JONAS, LoggedKind.CALL, 12),
            DemoLogged(JONAS, LoggedKind.CALL, 5, met=False),
        ),
    ),
)


async def stay_in_touch(organisation: UUID, own: Mapping[str, Db], ids: Mapping[str, str]) -> None:
    """The young person agrees, the key worker logs; `own` and `ids` are by login."""
    for each in AGREEMENTS:
        young = UUID(ids[each.login])
        await Contact(own[each.login], organisation, young).agree(each.agreement)
        for logged in each.logged:
            at = utc_now() - timedelta(days=logged.days_ago)
            contact = Contact(own[logged.by], organisation, young)
            await contact.log(logged.kind, at, met=logged.met)
