"""Planning who has duty, and what happens when nobody takes an alert."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.db import Db
from app.protect.model import Named

MINUTES: Final = (5, 10, 20, 30)
USUAL_MINUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody's duty at a site."""

    id: UUID
    name: str
    site: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class AlertRules:
    """After how many minutes the next one is told, and what is done when nobody takes it.

    `version` is 0 where nobody has written any.
    """

    minutes: int = USUAL_MINUTES
    fallback: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class RotaPage:
    """The duties of four weeks, where and for whom one can be planned, and the rules."""

    duties: tuple[Duty, ...]
    sites: tuple[Named, ...]
    people: tuple[Named, ...]
    rules: AlertRules


class Rota:
    """For coordinators and safeguarding leads. Every method may raise `AppError`."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def page(self, organisation: UUID) -> RotaPage:
        """Everything the screen needs."""
        row = await self._db.rpc("duty_page", organisation=str(organisation))
        rules = row["rules"]
        return RotaPage(
            duties=tuple(
                Duty(
                    UUID(each["id"]),
                    each["name"],
                    each["site"],
                    datetime.fromisoformat(each["starts_at"]),
                    datetime.fromisoformat(each["ends_at"]),
                )
                for each in row["duties"]
            ),
            sites=tuple(Named(UUID(each["id"]), each["name"]) for each in row["sites"]),
            people=tuple(Named(UUID(each["id"]), each["name"]) for each in row["people"]),
            rules=AlertRules(rules["minutes"], rules["fallback"], rules["version"])
            if rules
            else AlertRules(),
        )

    async def plan(self, site: UUID, person: UUID, starts: datetime, ends: datetime) -> UUID:
        """At most a day long. Raises `Conflict("already_there")` when they have duty then,
        `Invalid` with `times_not_valid` or `person_not_fitting`."""
        return UUID(
            await self._db.rpc(
                "plan_duty",
                site=str(site),
                person=str(person),
                starts=starts.isoformat(),
                ends=ends.isoformat(),
            )
        )

    async def cancel(self, duty: UUID) -> None:
        """Take a duty away."""
        await self._db.rpc("cancel_duty", duty=str(duty))

    async def set_rules(self, organisation: UUID, rules: AlertRules) -> int:
        """Keep them over the version they name; `Conflict("changed_meanwhile")` over another."""
        version: int = await self._db.rpc(
            "set_alert_rules",
            organisation=str(organisation),
            minutes=rules.minutes,
            fallback=rules.fallback,
            version=rules.version,
        )
        return version
