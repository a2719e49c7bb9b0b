"""Two organisations and one sign-in per persona, put straight into the tables."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tests.rls.returns import add_returns
from tests.rls.world_rules import add_rules

ROLES = (
    "young_person",
    "key_worker",
    "mentor",
    "trainer",
    "coordinator",
    "professional",
    "safeguarding_lead",
    "administrator",
)
# Staff whose part, clearance or place is not what their colleagues' is.
SPECIAL = {
    "uncleared_mentor": "mentor",
    "uncleared_coordinator": "coordinator",
    "former_teammate": "key_worker",
    "stand_in": "key_worker",
}
MACHINES = ("machine_live", "machine_jobs")
NOBODY = UUID(int=0)
OLD_PHOTO = f"{NOBODY}.jpg"


@dataclass
class World:
    """`users`, `people`, `memberships` and `devices` (cookie hashes) by persona.

    Of another organisation: `other` (its young person), of this one: `own` (a young person who
    also belongs to the other), `waiting` (one who has not joined yet), `invited` (a mentor who
    has not come in yet) and `ended` (somebody who left). `parts` are those in the team of the
    young person, by persona, and of `waiting` and `own` (there, in the other organisation) the
    key worker's; `key_worker` is that of `waiting` too.
    `notice` is one that the young person has not seen. Of `returns`, `open` is what `return_code`
    stands for (of the young person, by the key worker), and `objected` what `own` said no to, here.
    `photos` are the objects that cards name, by persona; each has an `OLD_PHOTO` beside it.
    """

    organisation: UUID
    other_organisation: UUID
    users: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    memberships: dict[str, UUID] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    parts: dict[str, UUID] = field(default_factory=dict)
    rows: dict[str, UUID] = field(default_factory=dict)
    code: str = "K7QM-2F9D-XT4B"
    return_code: str = "R3TN-8B5C-WV6E"
    notice: UUID = NOBODY
    returns: dict[str, UUID] = field(default_factory=dict)
    invitation: str = "P3WN-8H5C-ZR2G"
    photos: dict[str, str] = field(default_factory=dict)

    def claims(self, persona: str) -> dict[str, Any]:
        """The claims of this persona's token."""
        if persona == "anonymous":
            return {"role": "anon"}
        return {"role": "authenticated", "sub": str(self.users[persona]), "aal": "aal1"}


def cookie_hash(word: str) -> str:
    """What a cookie of this value is called in the database."""
    return hashlib.sha256(word.encode()).hexdigest()


def add_user(connection: psycopg.Connection[Any], name: str, **app_metadata: object) -> UUID:
    """A sign-in as Auth makes it."""
    user = uuid4()
    connection.execute(
        "insert into auth.users (id, aud, role, email, raw_app_meta_data, created_at, updated_at)"
        " values (%s, 'authenticated', 'authenticated', %s, %s, now(), now())",
        (user, f"{name}.{user.hex[:8]}@people.invalid", json.dumps(app_metadata)),
    )
    return user


def add_organisation(connection: psycopg.Connection[Any], name: str) -> UUID:
    return _id(
        connection,
        "insert into public.organisations (name, town, country, time_zone)"
        " values (%s, 'Seeburg', 'DE', 'Europe/Berlin') returning id",
        (name,),
    )


def add_person(connection: psycopg.Connection[Any], name: str, user: UUID | None = None) -> UUID:
    """Somebody who can sign in as `user`, or not at all."""
    person = _id(
        connection,
        "insert into public.people (name, language, time_zone)"
        " values (%s, 'en', 'Europe/Berlin') returning id",
        (name,),
    )
    if user is not None:
        add_sign_in(connection, person, user)
    return person


def add_sign_in(
    connection: psycopg.Connection[Any], person: UUID, user: UUID, *, full_in: str = "0 hours"
) -> None:
    """One more way in for a person, which decides about the others only after `full_in`."""
    connection.execute(
        "insert into private.sign_ins (user_id, person_id, full_from)"
        " values (%s, %s, now() + %s::interval)",
        (user, person, full_in),
    )


def add_membership(
    connection: psycopg.Connection[Any],
    organisation: UUID,
    person: UUID,
    role: str,
    *,
    ended: bool = False,
    cleared: bool = True,
) -> UUID:
    """Two days old; staff are cleared until today, or were until yesterday."""
    return _id(
        connection,
        "insert into public.memberships"
        " (organisation_id, person_id, role, since, until, cleared_until) values"
        " (%s, %s, %s, now() - interval '2 days', case when %s then now() - interval '1 day' end,"
        " case when %s then (now() at time zone 'utc')::date - %s end)"
        " returning id",
        (organisation, person, role, ended, role != "young_person", 0 if cleared else 1),
    )


def add_part(
    connection: psycopg.Connection[Any],
    organisation: UUID,
    young_person: UUID,
    person: UUID,
    part: str,
    *,
    ended: bool = False,
) -> UUID:
    """A part in a team, two days old."""
    areas = ["health"] if part == "professional" else None
    return _id(
        connection,
        "insert into public.team_members"
        " (organisation_id, young_person_id, person_id, part, life_areas, since, until) values"
        " (%s, %s, %s, %s, %s, now() - interval '2 days',"
        " case when %s then now() - interval '1 day' end) returning id",
        (organisation, young_person, person, part, areas, ended),
    )


def add_device(connection: psycopg.Connection[Any], user: UUID, word: str) -> str:
    hashed = cookie_hash(word)
    connection.execute(
        "insert into private.devices (cookie_hash, user_id, sealed, label, expires_at)"
        " values (%s, %s, 'sealed', 'Firefox', now() + interval '30 days')",
        (hashed, user),
    )
    return hashed


def add_binding(connection: psycopg.Connection[Any], user: UUID, word: str) -> str:
    """A browser of this sign-in that takes a PIN."""
    hashed = cookie_hash(word)
    connection.execute(
        "insert into private.bindings (binding_hash, user_id, kind, sealed, expires_at)"
        " values (%s, %s, 'pin', 'b1.k1.abc', now() + interval '30 days')",
        (hashed, user),
    )
    return hashed


def build_world(connection: psycopg.Connection[Any]) -> World:
    """Every persona of the matrix, and a row of every kind it speaks of."""
    world = World(
        add_organisation(connection, "Harbour House"), add_organisation(connection, "Hill House")
    )
    world.users["stranger"] = add_user(connection, "stranger")
    for role in ROLES:
        _add_member(connection, world, role, world.organisation, role)
    _add_member(connection, world, "former_member", world.organisation, "young_person", ended=True)
    for machine in MACHINES:
        kind = machine.removeprefix("machine_")
        world.users[machine] = add_user(connection, machine, machine=kind)
        connection.execute(
            "insert into private.machines (user_id, kind) values (%s, %s)",
            (world.users[machine], kind),
        )
    for persona, role in SPECIAL.items():
        cleared = not persona.startswith("uncleared")
        _add_member(connection, world, persona, world.organisation, role, cleared=cleared)
    _add_others(connection, world)
    _add_teams(connection, world)
    _add_records(connection, world)
    add_rules(connection, world)
    return world


def _add_member(
    connection: psycopg.Connection[Any],
    world: World,
    persona: str,
    organisation: UUID,
    role: str,
    *,
    ended: bool = False,
    cleared: bool = True,
) -> None:
    world.users[persona] = user = add_user(connection, persona)
    world.people[persona] = person = add_person(connection, persona, user)
    world.memberships[persona] = add_membership(
        connection, organisation, person, role, ended=ended, cleared=cleared
    )
    world.devices[persona] = add_device(connection, user, persona)
    _add_card(connection, world, persona)
    add_binding(connection, user, f"binding of {persona}")


def _add_card(connection: psycopg.Connection[Any], world: World, persona: str) -> None:
    person = world.people[persona]
    world.photos[persona] = photo = f"{person}/{uuid4()}.jpg"
    for name in (photo, f"{person}/{OLD_PHOTO}"):
        connection.execute(
            "insert into storage.objects (bucket_id, name) values ('photos', %s)", (name,)
        )
    connection.execute(
        "insert into public.staff_cards (person_id, photo) values (%s, %s)", (person, photo)
    )


def _add_others(connection: psycopg.Connection[Any], world: World) -> None:
    there = world.other_organisation
    for role in ("young_person", "key_worker", "coordinator", "administrator"):
        _add_member(connection, world, f"other_{role}", there, role)
    _add_member(connection, world, "own", world.organisation, "young_person")
    world.memberships["elsewhere"] = add_membership(
        connection, there, world.people["own"], "young_person"
    )
    _add_member(connection, world, "ended", world.organisation, "mentor", ended=True)
    _add_member(connection, world, "second", world.organisation, "administrator")
    world.people["waiting"] = add_person(connection, "waiting")
    add_membership(connection, world.organisation, world.people["waiting"], "young_person")
    world.people["invited"] = invited = add_person(connection, "invited")
    add_membership(connection, world.organisation, invited, "mentor")
    connection.execute(
        "insert into private.invitations (person_id, email) values (%s, 'kim@post.example')",
        (invited,),
    )


def _add_teams(connection: psycopg.Connection[Any], world: World) -> None:
    here, there, people = world.organisation, world.other_organisation, world.people
    young = people["young_person"]
    for persona, part in {
        "key_worker": "key_worker",
        "mentor": "mentor",
        "professional": "professional",
        "uncleared_mentor": "mentor",
        "stand_in": "stand_in",
    }.items():
        world.parts[persona] = add_part(connection, here, young, people[persona], part)
    world.parts["former_teammate"] = add_part(
        connection, here, young, people["former_teammate"], "stand_in", ended=True
    )
    world.parts["waiting"] = add_part(
        connection, here, people["waiting"], people["key_worker"], "key_worker"
    )
    world.parts["own"] = add_part(
        connection, there, people["own"], people["other_key_worker"], "key_worker"
    )


def _add_records(connection: psycopg.Connection[Any], world: World) -> None:
    waiting = world.people["waiting"]
    for code, person, maker in (
        (world.code, waiting, "key_worker"),
        (world.invitation, world.people["invited"], "second"),
    ):
        connection.execute(
            "insert into private.codes (digest, person_id, made_by, expires_at)"
            " values (private.code_digest(%s), %s, %s, now() + interval '48 hours')",
            (code, person, world.people[maker]),
        )
    connection.execute(
        "insert into private.audit (action, subject_kind, subject_id)"
        " values ('person_added', 'person', %s)",
        (waiting,),
    )
    connection.execute(
        "insert into private.errors (fingerprint, code, place)"
        " values ('0123456789abcdef', 'ValueError', 'app.core.seal:12')"
    )
    # Of an organisation that is not there, so that no chain of the world is broken.
    connection.execute(
        "insert into private.access_log (organisation_id, number, at, reader_person,"
        " reader_membership, reader_role, young_person_id, what, previous_hash, hash)"
        " values (%(id)s, 1, now(), %(id)s, %(id)s, 'mentor', %(id)s, 'person', '', sha256(''))",
        {"id": NOBODY},
    )
    connection.execute("insert into private.access_chains (organisation_id) values (%s)", (NOBODY,))
    add_returns(connection, world)
    world.notice = _id(
        connection,
        "insert into private.notices (person_id, kind, made_by)"
        " values (%s, 'page_opened', %s) returning id",
        (world.people["young_person"], world.people["safeguarding_lead"]),
    )
    connection.execute("select private.hint('person', %s, array[%s]::uuid[])", (waiting, waiting))
    connection.execute("delete from realtime.messages as m where m.extension = 'broadcast'")
    for topic in ("hints:3", "somebody"):
        connection.execute(
            "insert into realtime.messages (topic, extension, event, private, payload)"
            " values (%s, 'broadcast', 'hint', true, '{}')",
            (topic,),
        )


def _id(connection: psycopg.Connection[Any], query: str, parameters: tuple[object, ...]) -> UUID:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found
