"""Who else is there for a young person: a guardian, trusted adults. None of them signs in here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.core.db import Db
from app.people.model import LifeArea

TOPICS: Final = ("coming_here", "where_i_live", "dates", *(area.value for area in LifeArea))
PAPERS: Final = ("plan", "referral", "data", "trips", "money")
MOST_CONTACTS: Final = 20
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{2,29}")


class ContactKind(StrEnum):
    """What somebody is for the young person."""

    GUARDIAN = "guardian"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody on the list. `id` is None and `version` 0 before they are stored.

    `may_know` and `never_told` are out of TOPICS and have nothing in common, `must_sign` is out of
    PAPERS. `added_by` is the name of who put them there, `own_words` whether the young person did.
    """

    kind: ContactKind = ContactKind.TRUSTED
    name: str = ""
    phone: str | None = None
    may_know: frozenset[str] = frozenset()
    must_sign: frozenset[str] = frozenset()
    never_told: frozenset[str] = frozenset()
    id: UUID | None = None
    version: int = 0
    added_by: str | None = None
    own_words: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """The birth year, if it was given, and everybody on the list, guardians first."""

    birth_year: int | None
    contacts: tuple[Contact, ...]


def is_phone(text: str) -> bool:
    """Whether this can be called, or is empty; the database decides, this says it sooner."""
    return not text.strip() or _PHONE.fullmatch(text.strip()) is not None


def dialled(phone: str) -> str:
    """A number as `tel:` wants it."""
    return "".join(sign for sign in phone if sign in "+0123456789")


class ContactsOf:
    """The verbs about one young person in one organisation. Every method may raise `AppError`."""

    def __init__(self, db: Db, organisation: UUID, young_person: UUID) -> None:
        self._db = db
        self._organisation = str(organisation)
        self._of = {"organisation": str(organisation), "young_person": str(young_person)}

    async def read(self) -> Around:
        """The whole list. Another reader than the young person is logged."""
        row = await self._db.rpc("open_contacts", **self._of)
        return Around(row["birth_year"], tuple(_contact(each) for each in row["contacts"]))

    async def keep(self, contact: Contact) -> None:
        """Add a new one, or change one over the version that was seen; only the young person may
        change one, and they are told when somebody else adds one.

        Raises `Invalid` with `name_not_valid`, `contact_not_valid` or `too_many`, and
        `Conflict("changed_meanwhile")`.
        """
        row = {
            "kind": contact.kind,
            "name": contact.name,
            "phone": contact.phone,
            "may_know": sorted(contact.may_know),
            "must_sign": sorted(contact.must_sign),
            "never_told": sorted(contact.never_told),
        }
        if contact.id is None:
            await self._db.rpc("add_contact", **self._of, contact=row)
        else:
            await self._db.rpc(
                "change_contact", contact=str(contact.id), row=row, version=contact.version
            )

    async def remove(self, contact: Contact) -> None:
        """Take one off the list, by the young person alone."""
        await self._db.rpc("remove_contact", contact=str(contact.id), version=contact.version)

    async def set_birth_year(self, year: int | None) -> None:
        """The signed-in young person's own; None takes it back.

        Raises `Invalid("year_not_valid")`.
        """
        await self._db.rpc("set_birth_year", organisation=self._organisation, year=year)


def _contact(row: Mapping[str, Any]) -> Contact:
    return Contact(
        kind=ContactKind(row["kind"]),
        name=row["name"],
        phone=row["phone"],
        may_know=frozenset(row["may_know"]),
        must_sign=frozenset(row["must_sign"]),
        never_told=frozenset(row["never_told"]),
        id=UUID(row["id"]),
        version=row["version"],
        added_by=row["added_by"],
        own_words=row["own_words"],
    )
