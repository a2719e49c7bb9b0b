"""Calls about "I do not feel safe", and the rota that decides who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from tests.rls.threads import SEALED

if TYPE_CHECKING:
    from tests.rls.caller import Caller
    from tests.rls.world import World

SEND, TAKE, READ, LIST = "send_alert", "take_alert", "read_alert", "my_alerts"


def plan(caller: Caller, persona: str, starts: float, ends: float) -> None:
    """Duty from so many hours on until so many."""
    world, now = caller.world, datetime.now(UTC)
    caller.connection.execute(
        "insert into public.duties (site_id, organisation_id, person_id, starts_at, ends_at)"
        " values (%s, %s, %s, %s, %s)",
        (
            world.rows["site"],
            world.organisation,
            world.people[persona],
            now + timedelta(hours=starts),
            now + timedelta(hours=ends),
        ),
    )


def no_duties(caller: Caller) -> None:
    caller.connection.execute(
        "delete from public.duties where organisation_id = %s", (caller.world.organisation,)
    )


def send(
    caller: Caller,
    *,
    about: str | None = None,
    staff: bool = False,
    age: float = 0,
    alert: UUID | None = None,
    sealed: str | None = SEALED,
) -> UUID:
    """The id of what the young person sent, having pressed `age` seconds ago."""
    alert = alert or uuid4()
    pressed = datetime.now(UTC) - timedelta(seconds=age)
    named = caller.world.people[about] if about else None
    caller.call(
        "young_person",
        SEND,
        caller.world.organisation,
        alert,
        pressed,
        staff or about is not None,
        named,
        "call",
        sealed,
    )
    return alert


def pass_minutes(caller: Caller, minutes: float) -> dict[str, int]:
    """What the machine does when it is so much later."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    done: dict[str, int] = caller.call("machine_jobs", "machine_alerts", at)
    return done


def told(caller: Caller, alert: UUID) -> list[tuple[str, str]]:
    """(who, why) in the order of telling."""
    names = {person: name for name, person in caller.world.people.items()}
    rows = caller.rows(
        "select person_id, step from private.alert_tellings where alert_id = %s order by told_at",
        alert,
    )
    return [(names[person], step) for person, step in rows]


def heard(caller: Caller, alert: UUID) -> set[str]:
    """Who got a hint about it, in the end."""
    names = {person: name for name, person in caller.world.people.items()}
    return {
        names[person]
        for kind, ref, people in caller.hints()
        if (kind, ref) == ("alert", alert)
        for person in people
    }


def listed(caller: Caller, persona: str) -> dict[str, dict[str, Any]]:
    """The alerts this persona sees, by id."""
    found = caller.call(persona, LIST, caller.world.organisation)
    return {each["id"]: each for each in found["alerts"]}


def add_alerts(connection: psycopg.Connection[Any], world: World) -> None:
    """`alert` was told to the key worker, who has duty, `alert_taken` is in their hands, and
    `alert_about` is about the mentor. Sent so late that all can be taken back."""
    people, place = world.people, world.organisation
    about = {"place": place, "young": people["young_person"], "mentor": people["mentor"]}
    for name, values in {
        "alert": "false, null, null, null",
        "alert_taken": "false, null, %(worker)s, now()",
        "alert_about": "true, %(mentor)s, null, null",
    }.items():
        row = connection.execute(
            "insert into private.alerts (id, organisation_id, young_person_id, sent_at, reach,"
            " sealed, about_staff, about_person, taken_by, taken_at) values (gen_random_uuid(),"
            f" %(place)s, %(young)s, now() + interval '2 hours', 'call', %(sealed)s, {values})"
            " returning id",
            {**about, "worker": people["key_worker"], "sealed": SEALED},
        ).fetchone()
        assert row is not None
        world.rows[name] = row[0]
    for name in ("alert", "alert_taken"):
        connection.execute(
            "insert into private.alert_tellings values (%s, %s, 'duty', now())",
            (world.rows[name], people["key_worker"]),
        )
    connection.execute(
        "insert into private.alert_rules (organisation_id, minutes, fallback)"
        " values (%s, 10, 'The night desk of the town comes to you.')",
        (place,),
    )
