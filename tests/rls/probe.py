"""Tries every cell of the table grid for real, and says what the database let through."""

import json
import re
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege

from tests.rls.probe_rules import rules_rows
from tests.rls.world import OLD_PHOTO, World

Key = tuple[str, str]

# Not every "insufficient privilege" comes from the door: a function inside may have raised it too.
SHUT = re.compile(r"permission denied for (table|view|schema) |violates row-level security policy")


@dataclass(frozen=True)
class Target:
    """Rows of one kind: where they are, a column to write, and a row of that kind to insert."""

    where: str
    column: str
    insert: str
    values: Mapping[str, object]


def targets(world: World, persona: str) -> dict[Key, Target]:
    """The rows each cell speaks of, for this persona; without those the persona cannot have."""
    people, other = world.people, world.other_organisation
    rows: dict[Key, Target] = {
        ("public.countries", "any"): _target("code = 'DE'", "code", "(code) values ('XX')"),
        ("public.organisations", "own"): _organisation(world.organisation),
        ("public.organisations", "other"): _organisation(other),
        ("public.people", "own"): _person(people["own"]),
        ("public.people", "other"): _person(people["other_young_person"]),
        ("public.memberships", "own"): _membership(world, "own", world.organisation),
        ("public.memberships", "elsewhere"): _membership(world, "elsewhere", other),
        ("public.memberships", "other"): _membership(world, "other_young_person", other),
        ("public.memberships", "staff"): _membership(world, "trainer", world.organisation),
        ("public.team_members", "team"): _part(world, "professional"),
        ("public.team_members", "mentor"): _part(world, "mentor"),
        ("public.team_members", "ended"): _part(world, "former_teammate"),
        ("public.team_members", "other"): _part(world, "own"),
        ("public.people", "staff"): _person(people["trainer"]),
        ("public.people", "team"): _person(people["young_person"]),
        ("public.memberships", "team"): _membership(world, "young_person", world.organisation),
        ("public.staff_cards", "team"): _card(world, "key_worker"),
        ("public.staff_cards", "staff"): _card(world, "trainer"),
        ("public.staff_cards", "other"): _card(world, "other_key_worker"),
        ("storage.objects", "team"): _photo(world.photos["key_worker"]),
        ("storage.objects", "staff"): _photo(world.photos["trainer"]),
        ("storage.objects", "other"): _photo(world.photos["other_key_worker"]),
        ("private.devices", "any"): _device(world, "own"),
        ("private.bindings", "any"): _binding(world, "own"),
        ("private.sign_ins", "any"): _sign_in(world, "own"),
        ("realtime.messages", "hint"): _message("hints:3"),
        ("realtime.messages", "any"): _message("somebody"),
        **_private(world),
        **{key: Target(*row) for key, row in rules_rows(world).items()},
    }
    if persona in people:
        rows["public.people", "self"] = _person(people[persona])
        rows["public.memberships", "self"] = _membership(world, persona, world.organisation)
        rows["public.staff_cards", "self"] = _card(world, persona)
        rows["storage.objects", "self"] = _photo(f"{people[persona]}/{OLD_PHOTO}")
        rows["private.devices", "self"] = _device(world, persona)
        rows["private.bindings", "self"] = _binding(world, persona)
        rows["private.sign_ins", "self"] = _sign_in(world, persona)
    if persona != "former_member":
        rows["public.people", "ended"] = _person(people["ended"])
        rows["public.memberships", "ended"] = _membership(world, "ended", world.organisation)
    return rows


def observe(
    connection: psycopg.Connection[Any],
    world: World,
    persona: str,
    tables: Container[str] | None = None,
) -> dict[Key, str]:
    """`S`, `I`, `U`, `D` for what got through, `-` for nothing, for every row of `targets`.

    With `tables`, only for rows of these.

    Only "no right to it", "no row" and "refused by a policy" count as shut: any other error means
    that the statement had come past the access rules.
    """
    seen = {}
    with acting_as(connection, world, persona):
        connection.execute("savepoint untouched")
        for key, target in targets(world, persona).items():
            if tables is not None and key[0] not in tables:
                continue
            letters = [
                letter
                for letter, statement in _statements(key[0], target)
                if _gets_through(connection, statement, target.values)
            ]
            seen[key] = "".join(letters) or "-"
        connection.execute("rollback to savepoint untouched")
    return seen


@contextmanager
def acting_as(connection: psycopg.Connection[Any], world: World, persona: str) -> Iterator[None]:
    """Role and claims as a request of this persona has them, until the block ends.

    Needs an open transaction; what the block did is undone.
    """
    claims = world.claims(persona)
    with connection.transaction(force_rollback=True):
        connection.execute(
            "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
            (claims["role"], json.dumps(claims)),
        )
        yield


def _statements(table: str, target: Target) -> Iterator[tuple[str, str]]:
    yield "S", f"select from {table} where {target.where}"
    yield "I", f"insert into {table} {target.insert}"
    yield "U", f"update {table} set {target.column} = {target.column} where {target.where}"
    yield "D", f"delete from {table} where {target.where}"


def _gets_through(
    connection: psycopg.Connection[Any], statement: str, values: Mapping[str, object]
) -> bool:
    # One message for all three, since there are thousands of them.
    batch = (
        "rollback to savepoint untouched;"
        " select set_config('realtime.topic', %(topic)s, true),"
        f" set_config('storage.allow_delete_query', 'true', true); {statement}"
    )
    cursor = psycopg.ClientCursor(connection)
    try:
        cursor.execute(batch.encode(), {"topic": "", **values})
    except InsufficientPrivilege as error:
        return SHUT.search(str(error)) is None
    except psycopg.Error:
        return True
    while cursor.nextset():
        pass
    return cursor.rowcount > 0


def _target(where: str, column: str, insert: str, **values: object) -> Target:
    return Target(where, column, insert, values)


def _organisation(organisation: object) -> Target:
    return _target(
        "id = %(id)s",
        "name",
        "(name, town, country, time_zone) values ('New', 'Seeburg', 'DE', 'Europe/Berlin')",
        id=organisation,
    )


def _person(person: object) -> Target:
    return _target(
        "id = %(id)s",
        "name",
        "(name, language, time_zone) values ('New', 'en', 'Europe/Berlin')",
        id=person,
    )


def _membership(world: World, name: str, organisation: object) -> Target:
    return _target(
        "id = %(id)s",
        "role",
        "(organisation_id, person_id, role) values (%(organisation)s, %(person)s, 'trainer')",
        id=world.memberships[name],
        organisation=organisation,
        person=world.people["waiting"],
    )


def _part(world: World, name: str) -> Target:
    return _target(
        "id = %(id)s",
        "part",
        "(organisation_id, young_person_id, person_id, part)"
        " values (%(organisation)s, %(young_person)s, %(person)s, 'mentor')",
        id=world.parts[name],
        organisation=world.organisation,
        young_person=world.people["waiting"],
        person=world.people["mentor"],
    )


def _card(world: World, name: str) -> Target:
    return _target(
        "person_id = %(id)s",
        "pronouns",
        "(person_id) values (%(new)s)",
        id=world.people[name],
        new=world.people["waiting"],
    )


def _photo(name: str) -> Target:
    return _target(
        "bucket_id = 'photos' and name = %(name)s",
        "version",
        "(bucket_id, name) values ('photos', %(folder)s || '/' || gen_random_uuid() || '.jpg')",
        name=name,
        folder=name.partition("/")[0],
    )


def _device(world: World, name: str) -> Target:
    return _target(
        "cookie_hash = %(hash)s",
        "label",
        "(cookie_hash, user_id, sealed, label, expires_at)"
        " values (repeat('a', 64), %(user)s, 'x', 'New', now() + interval '1 day')",
        hash=world.devices[name],
        user=world.users[name],
    )


def _binding(world: World, name: str) -> Target:
    return _target(
        "user_id = %(user)s",
        "kind",
        "(binding_hash, user_id, kind, sealed, expires_at)"
        " values (repeat('a', 64), %(user)s, 'pin', 'b1.k1.abc', now())",
        user=world.users[name],
    )


def _sign_in(world: World, name: str) -> Target:
    return _target(
        "user_id = %(user)s",
        "full_from",
        "(user_id, person_id) values (%(stranger)s, %(person)s)",
        user=world.users[name],
        stranger=world.users["stranger"],
        person=world.people[name],
    )


def _message(topic: str) -> Target:
    return _target(
        "topic = %(topic)s",
        "event",
        "(topic, extension, private) values (%(topic)s, 'broadcast', true)",
        topic=topic,
    )


def _private(world: World) -> dict[Key, Target]:
    waiting = world.people["waiting"]
    return {
        ("private.current_memberships", "own"): _membership(world, "own", world.organisation),
        ("private.audit", "any"): _target(
            "id > 0",
            "action",
            "(action, subject_kind, subject_id) values ('person_added', 'person', %(id)s)",
            id=waiting,
        ),
        ("private.codes", "any"): _target(
            "person_id = %(id)s",
            "used_at",
            "(digest, person_id, expires_at) values ('x', %(id)s, now())",
            id=waiting,
        ),
        ("private.current_teams", "team"): _part(world, "key_worker"),
        ("private.invitations", "any"): _target(
            "person_id = %(id)s",
            "email",
            "(person_id, email) values (%(id)s, 'x@post.example')",
            id=world.people["invited"],
        ),
        ("private.access_log", "any"): _target(
            "number > 0",
            "what",
            "(organisation_id, number, at, reader_person, reader_membership, reader_role,"
            " young_person_id, what, previous_hash, hash)"
            " values (%(id)s, 1, now(), %(id)s, %(id)s, 'mentor', %(id)s, 'person', '', 'x')",
            id=waiting,
        ),
        ("private.access_chains", "any"): _target(
            "length >= 0", "length", "(organisation_id) values (%(id)s)", id=waiting
        ),
        ("private.fitting_roles", "any"): _target(
            "part = 'mentor'", "role", "(part, role) values ('mentor', 'trainer')"
        ),
        ("private.errors", "any"): _target(
            "count > 0",
            "count",
            "(fingerprint, code, place) values ('00000000', 'KeyError', 'app')",
        ),
        ("private.hints", "any"): _target(
            "id > 0", "kind", "(kind, people) values ('person', array[%(id)s]::uuid[])", id=waiting
        ),
        ("private.returns", "any"): _target(
            "id = %(return)s",
            "objected_at",
            "(digest, person_id, organisation_id, reason, expires_at)"
            " values ('x', %(id)s, %(id)s, 'other', now())",
            **{"id": waiting, "return": world.returns["open"]},
        ),
        ("private.proof_tries", "any"): _target(
            "tries > 0",
            "tries",
            "(user_id, tries) values (%(id)s, 1)",
            id=world.users["stranger"],
        ),
        ("private.notices", "any"): _target(
            "id = %(notice)s",
            "seen_at",
            "(person_id, kind) values (%(id)s, 'page_opened')",
            id=waiting,
            notice=world.notice,
        ),
        ("private.machines", "any"): _target(
            "kind = 'live'",
            "kind",
            "(user_id, kind) values (%(id)s, 'jobs')",
            id=world.users["stranger"],
        ),
    }
