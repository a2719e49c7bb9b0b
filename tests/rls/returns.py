"""Codes to get back in with, and what became of them, put straight into the tables."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

if TYPE_CHECKING:
    from tests.rls.world import World


def add_returns(connection: psycopg.Connection[Any], world: "World") -> None:
    """One that works, one that was objected to long ago, and a wrong try of an old way in."""
    world.returns["open"] = add_return(connection, world, "young_person", world.return_code)
    world.returns["objected"] = add_return(connection, world, "own", "-")
    connection.execute(
        "update private.returns set stopped_at = now(), objected_at = now() - interval '4 days'"
        " where id = %s",
        (world.returns["objected"],),
    )
    connection.execute(
        "insert into private.proof_tries (user_id, tries) values (%s, 1)",
        (world.users["former_member"],),
    )


def add_return(
    connection: psycopg.Connection[Any], world: "World", persona: str, code: str
) -> UUID:
    """A code of the key worker for this persona."""
    row = connection.execute(
        "insert into private.returns"
        " (digest, person_id, organisation_id, made_by, reason, expires_at) values"
        " (private.code_digest(%s), %s, %s, %s, 'other', now() + interval '48 hours') returning id",
        (code, world.people[persona], world.organisation, world.people["key_worker"]),
    ).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found
