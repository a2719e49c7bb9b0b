"""Opening a page is written down, for ever, in a chain that shows every later change."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.rls.caller import Caller, Refused, behind
from tests.rls.world import World, add_membership, add_part, build_world

TRIGGERS = (
    "alter table private.access_log disable trigger access_log_rows_never_change;"
    " alter table private.access_log disable trigger access_log_is_never_emptied"
)


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def open_young_person(caller: Caller, persona: str) -> Any:
    return caller.call(persona, "open_person", caller.world.people["young_person"])


def log(caller: Caller, organisation: UUID) -> list[tuple[Any, ...]]:
    return caller.rows(
        "select number, reader_person, reader_membership, reader_role, young_person_id, what"
        " from private.access_log where organisation_id = %s order by number",
        organisation,
    )


def is_whole(caller: Caller, organisation: UUID) -> bool:
    ((whole,),) = caller.rows("select private.access_log_is_whole(%s)", organisation)
    return bool(whole)


def test_a_key_worker_opens_the_whole_page(caller: Caller, world: World) -> None:
    page = open_young_person(caller, "key_worker")

    assert {key: page[key] for key in ("person_id", "name", "language", "joined")} == {
        "person_id": str(world.people["young_person"]),
        "name": "young_person",
        "language": "en",
        "joined": True,
    }
    assert [(each["part"], each["name"], each["life_areas"]) for each in page["team"]] == [
        ("key_worker", "key_worker", None),
        ("stand_in", "stand_in", None),
        ("mentor", "mentor", None),
        ("professional", "professional", ["health"]),
        ("mentor", "uncleared_mentor", None),
    ]


def test_a_mentor_opens_a_page_with_a_first_name_and_their_own_part(
    caller: Caller, world: World
) -> None:
    caller.connection.execute(
        "update public.people set name = 'Noor\u00a0Al Amin' where id = %s",
        (world.people["young_person"],),
    )
    page = open_young_person(caller, "mentor")

    assert (page["name"], page["language"], page["joined"]) == ("Noor", None, None)
    assert [each["id"] for each in page["team"]] == [str(world.parts["mentor"])]


def test_every_opening_is_a_row_and_nothing_refused_is(caller: Caller, world: World) -> None:
    readers = ["key_worker", "coordinator", "stand_in", "mentor"]
    for persona in readers:
        open_young_person(caller, persona)
    for persona in ("trainer", "former_teammate", "uncleared_mentor", "young_person"):
        with pytest.raises(Refused, match="403 not_allowed"):
            open_young_person(caller, persona)

    assert log(caller, world.organisation) == [
        (
            number,
            world.people[persona],
            world.memberships[persona],
            {"stand_in": "key_worker"}.get(persona, persona),
            world.people["young_person"],
            "person",
        )
        for number, persona in enumerate(readers, 1)
    ]
    assert is_whole(caller, world.organisation)


def test_a_person_in_two_organisations_is_logged_in_the_one_they_were_opened_in(
    caller: Caller, world: World
) -> None:
    here, there, own = world.organisation, world.other_organisation, world.people["own"]
    add_part(caller.connection, here, own, world.people["key_worker"], "key_worker")
    page = caller.call("key_worker", "open_person", own)

    assert [each["name"] for each in page["team"]] == ["key_worker"]
    assert (len(log(caller, here)), len(log(caller, there))) == (1, 0)


def test_a_reader_who_belongs_to_both_organisations_is_logged_in_both(
    caller: Caller, world: World
) -> None:
    here, there, own = world.organisation, world.other_organisation, world.people["own"]
    add_membership(caller.connection, there, world.people["coordinator"], "coordinator")
    page = caller.call("coordinator", "open_person", own)

    assert [each["name"] for each in page["team"]] == ["other_key_worker"]
    for organisation in (here, there):
        assert [row[3] for row in log(caller, organisation)] == ["coordinator"]
        assert is_whole(caller, organisation)


def test_who_has_several_roles_opens_by_the_one_of_their_part(caller: Caller, world: World) -> None:
    add_membership(caller.connection, world.organisation, world.people["mentor"], "key_worker")
    caller.connection.execute(
        "update public.people set name = 'Noor Amin' where id = %s", (world.people["young_person"],)
    )

    assert open_young_person(caller, "mentor")["name"] == "Noor"
    ((_, _, membership, role, *_),) = log(caller, world.organisation)
    assert (membership, role) == (world.memberships["mentor"], "mentor")


@pytest.mark.parametrize(
    "change",
    [
        "update private.access_log set reader_role = 'trainer'",
        "delete from private.access_log",
        "truncate private.access_log",
    ],
)
@pytest.mark.parametrize("role", ["postgres", "supabase_admin"])
def test_nobody_rewrites_the_log_not_even_its_owner(caller: Caller, role: str, change: str) -> None:
    caller.connection.execute(f"set local role {role}".encode())

    with pytest.raises(psycopg.Error, match="append_only"):
        caller.connection.execute(change.encode())


@pytest.mark.parametrize(
    "harm",
    [
        "update private.access_log set reader_person = young_person_id where number = 2",
        "update private.access_log set at = at + interval '1 microsecond' where number = 2",
        "update private.access_log set hash = sha256('x') where number = 3",
        "delete from private.access_log where number = 2",
        "delete from private.access_log where number = 3",
        "delete from private.access_log where number > 0",
        "update private.access_log as l set what = 'person', reader_role = 'mentor', hash ="
        " private.access_hash((l.organisation_id, l.number, l.at, l.reader_person,"
        " l.reader_membership, 'mentor', l.young_person_id, l.what, l.previous_hash, null))"
        " where number = 1",
        "insert into private.access_log select l.organisation_id, 4, l.at, l.reader_person,"
        " l.reader_membership, l.reader_role, l.young_person_id, l.what, l.hash, sha256('x')"
        " from private.access_log as l where l.number = 3",
    ],
)
def test_whoever_gets_round_the_triggers_is_seen(caller: Caller, world: World, harm: str) -> None:
    for persona in ("key_worker", "coordinator", "stand_in"):
        open_young_person(caller, persona)
    assert is_whole(caller, world.organisation)

    caller.connection.execute(TRIGGERS.encode())
    assert caller.connection.execute(harm.encode()).rowcount > 0

    assert not is_whole(caller, world.organisation)


def test_an_organisation_where_nobody_opened_anything_has_a_whole_log(
    caller: Caller, world: World
) -> None:
    assert is_whole(caller, world.other_organisation)


def test_two_who_open_at_the_same_moment_follow_each_other_in_the_chain(server: Server) -> None:
    dsn = server.new_database(migrated=True)("supabase_admin")
    with psycopg.connect(dsn) as setup:
        world = build_world(setup)
    with psycopg.connect(dsn) as one, psycopg.connect(dsn) as two:
        early, late = Caller(one, world), Caller(two, world)
        # With the first row of a chain, and with a later one.
        for number, first, second in (1, "key_worker", "mentor"), (3, "stand_in", "coordinator"):
            open_young_person(early, first)
            asks = second, "open_person", world.people["young_person"]
            assert behind(early, late, *asks) == "ok"
            two.commit()
            assert [row[0] for row in log(early, world.organisation)] == list(range(1, number + 2))
        assert is_whole(early, world.organisation)


def test_a_page_that_refreshes_itself_was_opened_once(caller: Caller, world: World) -> None:
    first = open_young_person(caller, "key_worker")
    assert open_young_person(caller, "key_worker") == first
    open_young_person(caller, "coordinator")
    caller.call("key_worker", "open_person", world.people["waiting"])

    readers = [row[1:2] + row[4:5] for row in log(caller, world.organisation)]
    assert readers == [
        (world.people["key_worker"], world.people["young_person"]),
        (world.people["coordinator"], world.people["young_person"]),
        (world.people["key_worker"], world.people["waiting"]),
    ]
    assert is_whole(caller, world.organisation)


def test_after_ten_minutes_reading_is_written_down_again(caller: Caller, world: World) -> None:
    open_young_person(caller, "key_worker")
    caller.connection.execute(TRIGGERS.encode())
    caller.connection.execute("update private.access_log set at = at - interval '11 minutes'")
    open_young_person(caller, "key_worker")

    assert [row[0] for row in log(caller, world.organisation)] == [1, 2]


def test_another_role_or_part_of_the_same_person_is_another_opening(
    caller: Caller, world: World
) -> None:
    open_young_person(caller, "stand_in")
    caller.connection.execute(
        "update public.memberships set role = 'coordinator' where id = %s",
        (world.memberships["stand_in"],),
    )
    open_young_person(caller, "stand_in")

    assert [row[3] for row in log(caller, world.organisation)] == ["key_worker", "coordinator"]


def test_two_readings_of_one_person_at_once_are_one_row(server: Server) -> None:
    dsn = server.new_database(migrated=True)("supabase_admin")
    with psycopg.connect(dsn) as setup:
        world = build_world(setup)
    with psycopg.connect(dsn) as one, psycopg.connect(dsn) as two:
        early, late = Caller(one, world), Caller(two, world)
        open_young_person(early, "key_worker")
        asks = "key_worker", "open_person", world.people["young_person"]
        assert behind(early, late, *asks) == "ok"
        two.commit()
        assert [row[0] for row in log(early, world.organisation)] == [1]
