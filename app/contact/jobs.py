"""Nobody waits longer than agreed without somebody being told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from app.contact.model import Agreement, Office, hand_on_at
from app.core.clock import Clock, SystemClock
from app.core.jobs import Job
from app.core.machine import MachineClient
from app.people.rows import office_hours

HAND_ON_SECONDS: Final = 300.0


def contact_jobs(machine: MachineClient, clock: Clock | None = None) -> list[Job]:
    """The jobs of this room, done as the machine account `jobs`."""
    now = (clock or SystemClock()).now

    async def hand_on() -> None:
        for row in await machine.db.rpc("machine_waiting"):
            if due(row) <= now():
                await machine.db.rpc(
                    "machine_hand_on", thread=row["thread"], waiting_since=row["waiting_since"]
                )

    return [Job("hand_on", HAND_ON_SECONDS, hand_on)]


def due(row: Mapping[str, Any]) -> datetime:
    """When somebody else is told, for a row of `machine_waiting`."""
    back_on = row["back_on"]
    return hand_on_at(
        datetime.fromisoformat(row["waiting_since"]),
        Agreement(answer_days=row["answer_days"]),
        Office(office_hours(row["office_hours"]), row["time_zone"]),
        frozenset(date.fromisoformat(day) for day in row["closed_days"]),
        date.fromisoformat(back_on) if back_on else None,
    )
