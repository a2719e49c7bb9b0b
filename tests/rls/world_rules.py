"""Rows of the world about what is told, opened and kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from tests.rls.alerts import add_alerts
from tests.rls.threads import add_threads

if TYPE_CHECKING:
    from tests.rls.world import World

REASON = "Nobody has heard of them since Friday night."


def add_rules(connection: psycopg.Connection[Any], world: World) -> None:
    """Openings, needs, contacts, agreements, facts about the law, consents, sites, duties, threads
    and alerts.

    `world.rows` names them: `asked` and `running` are openings that the safeguarding lead asked the
    coordinator for, about the young person and about `waiting`; `made` is a visit by the key
    worker.
    """
    people, place = world.people, world.organisation
    about = {
        "place": place,
        "young": people["young_person"],
        "worker": people["key_worker"],
        "waiting": people["waiting"],
        "lead": people["safeguarding_lead"],
        "coordinator": people["coordinator"],
        "reason": REASON,
    }
    opening = (
        "insert into private.openings (organisation_id, young_person_id, asked_by, asked_of, reason"
    )
    for name, query in {
        "asked": opening + ") values (%(place)s, %(young)s, %(lead)s, %(coordinator)s, %(reason)s)",
        "running": opening
        + ", agreed_by, agreed_at, ends_at) values (%(place)s, %(waiting)s, %(lead)s,"
        " %(coordinator)s, %(reason)s, %(coordinator)s, now(), now() + interval '60 minutes')",
        "contact": "insert into private.contacts (organisation_id, young_person_id, kind, name,"
        " may_know, must_sign, never_told, added_by)"
        " values (%(place)s, %(young)s, 'trusted', 'Aunt', '{}', '{}', '{}', %(young)s)",
        "made": "insert into private.contacts_made (organisation_id, young_person_id, kind, met,"
        " at, made_by) values (%(place)s, %(young)s, 'visit', true, now() - interval '5 days',"
        " %(worker)s)",
        "fact": "insert into public.justice_facts (organisation_id, young_person_id, kind, words,"
        " written_by) values (%(place)s, %(young)s, 'court_date', 'In May.', %(young)s)",
    }.items():
        world.rows[name] = _id(connection, query + " returning id", about)
    connection.execute(
        "insert into private.needs (organisation_id, young_person_id, wishes, travels, written_by)"
        " values (%(place)s, %(young)s, '{\"worker\": [\"woman\"]}', '{}', %(young)s)",
        about,
    )
    connection.execute(
        "insert into private.agreements (organisation_id, young_person_id, ways, every_days,"
        " places, answer_days, written_by)"
        " values (%(place)s, %(young)s, '{chat}', 7, '{office}', 2, %(young)s)",
        about,
    )
    connection.execute(
        "insert into private.birth_years values (%(place)s, %(young)s, 2008)",
        about,
    )
    connection.execute(
        "insert into public.consents (organisation_id, young_person_id, purpose, given)"
        " values (%(place)s, %(young)s, 'contact', true)",
        about,
    )
    _add_sites(connection, world)
    add_threads(connection, world)
    add_alerts(connection, world)


def _add_sites(connection: psycopg.Connection[Any], world: World) -> None:
    people = world.people
    for name, place, person in (
        ("site", world.organisation, people["key_worker"]),
        ("site_there", world.other_organisation, people["other_key_worker"]),
    ):
        about = {"place": place, "person": person}
        world.rows[name] = _id(
            connection,
            "insert into public.sites (organisation_id, name, town, address)"
            " values (%(place)s, 'Pier', 'Seeburg', 'Pier 1') returning id",
            about,
        )
        connection.execute(
            "insert into public.closed_days (organisation_id, day)"
            " values (%(place)s, '2031-01-01')",
            about,
        )
        world.rows[name.replace("site", "duty")] = _id(
            connection,
            "insert into public.duties (site_id, organisation_id, person_id, starts_at, ends_at)"
            " values (%(site)s, %(place)s, %(person)s, now(), now() + interval '8 hours')"
            " returning id",
            {**about, "site": world.rows[name]},
        )


def _id(connection: psycopg.Connection[Any], query: str, values: dict[str, Any]) -> UUID:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found
