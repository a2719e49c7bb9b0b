"""What the demo's young people say about themselves, where the organisation is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.core.db import Db

RUTH, MIRIAM = "ruth@hafenlicht.example", "miriam@hafenlicht.example"


@dataclass(frozen=True)
class DemoWishes:
    """What helps somebody, by login; `travels` are the fields that go along with a referral."""

    login: str
    wishes: Mapping[str, tuple[str, ...]]
    travels: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoContact:
    """Somebody on the list of a young person, put there by themselves."""

    login: str
    kind: str
    name: str
    phone: str | None = None
    may_know: tuple[str, ...] = ()
    must_sign: tuple[str, ...] = ()
    never_told: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoSite:
    """A place with a name."""

    name: str
    address: str
    step_free: bool | None


WISHES: Final = (
    DemoWishes(
        "blue-heron-27",
        {"languages": ("ti", "en"), "worker": ("woman",), "reads": ("listening", "easy_words")},
    ),
    DemoWishes(
        "quick-maple-63",
        {
            "caring": ("sibling",),
            "caring_times": ("mornings", "evenings"),
            "times": ("afternoons",),
            "travel": ("by_phone",),
        },
    ),
    DemoWishes(
        "bright-otter-58",
        {"access": ("wheelchair",), "travel": ("step_free",), "times": ("mornings", "afternoons")},
        travels=("access", "travel"),
    ),
)
CONTACTS: Final = (
    DemoContact(
        "blue-heron-27",
        "guardian",
        "Almaz Tekle",
        "+49 30 23125 147",
        may_know=("dates", "learning"),
        must_sign=("data", "plan"),
        never_told=("relationships",),
    ),
    DemoContact("quick-maple-63", "trusted", "Oma Irmgard", may_know=("dates", "family_care")),
)
BIRTH_YEARS: Final = {"blue-heron-27": 17, "quick-maple-63": 18}
SITES: Final = (
    DemoSite("Haus am Kai", "Kaistraße 4", True),
    DemoSite("Alte Mühle", "Mühlenweg 11", None),
)


async def tell_about(
    organisation: str, own: Mapping[str, Db], ids: Mapping[str, str], founder: Db
) -> None:
    """Everybody says it with their own sign-in; `own` and `ids` are by login."""
    for wish in WISHES:
        await own[wish.login].rpc(
            "set_needs",
            organisation=organisation,
            young_person=ids[wish.login],
            wishes={field: list(chosen) for field, chosen in wish.wishes.items()},
            travels=list(wish.travels),
            version=0,
        )
    for contact in CONTACTS:
        await own[contact.login].rpc(
            "add_contact",
            organisation=organisation,
            young_person=ids[contact.login],
            contact=_row(contact),
        )
    this_year = datetime.now(UTC).year
    for login, age in BIRTH_YEARS.items():
        await own[login].rpc("set_birth_year", organisation=organisation, year=this_year - age)
    for site in SITES:
        await _open_site(organisation, site, founder)
    await own[RUTH].rpc(
        "ask_opening",
        organisation=organisation,
        young_person=ids["quick-maple-63"],
        of=ids[MIRIAM],
        reason="Her brother's school called: nobody has seen either of them since Friday.",
        delay_hours=None,
        delay_reason=None,
    )


async def _open_site(organisation: str, site: DemoSite, founder: Db) -> None:
    await founder.rpc(
        "add_site",
        organisation=organisation,
        name=site.name,
        town="Nordhafen",
        address=site.address,
        step_free=site.step_free,
    )


def _row(contact: DemoContact) -> dict[str, Any]:
    return {
        "kind": contact.kind,
        "name": contact.name,
        "phone": contact.phone,
        "may_know": list(contact.may_know),
        "must_sign": list(contact.must_sign),
        "never_told": list(contact.never_told),
    }
