"""How parts in a team end, what two do at the same moment, and codes for who has not come in."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server
from tests.rls.caller import Caller, Refused, behind
from tests.rls.probe import acting_as
from tests.rls.teams import unowned
from tests.rls.world import World, add_membership, add_user, build_world


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    world.users["newcomer"] = add_user(admin, "newcomer")
    return Caller(admin, world)


@pytest.fixture
def own_place(server: Server) -> tuple[Dsn, World]:
    """A world of its own, in which a test may commit."""
    dsn = server.new_database(migrated=True)
    with psycopg.connect(dsn("supabase_admin")) as setup:
        return dsn, build_world(setup)


def names(caller: Caller, persona: str) -> set[str]:
    return {each["name"] for each in caller.call(persona, "my_young_people")}


def set_key_worker(caller: Caller, by: str, persona: str) -> UUID:
    """For the young person, by somebody who saw the one of the world."""
    world = caller.world
    young, person = world.people["young_person"], world.people[persona]
    part: UUID = caller.call(
        by, "set_key_worker", world.organisation, young, person, world.parts["key_worker"]
    )
    return part


def test_who_leaves_a_team_sees_nothing_of_it_any_more(caller: Caller, world: World) -> None:
    caller.call("professional", "leave_team", world.parts["professional"], "own_wish")

    young = world.people["young_person"]
    assert names(caller, "professional") == set()
    assert caller.answer("professional", "open_person", young) == "403 not_allowed"
    with acting_as(caller.connection, world, "professional"):
        assert caller.rows("select from public.team_members") == []
        assert caller.rows("select from public.people where id = %s", young) == []
    assert caller.audit() == [("team_left", world.parts["professional"], ["until"])]
    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("team", young)
    assert {young, world.people["professional"], world.people["key_worker"]} <= set(people)


def test_a_part_is_ended_once_and_for_a_reason_that_is_a_code(caller: Caller, world: World) -> None:
    part = world.parts["mentor"]
    for reason in (None, "", "Because she told me something", "x" * 41):
        assert caller.answer("key_worker", "leave_team", part, reason) == "422 reason_not_valid"
    caller.call("key_worker", "leave_team", part, "finished")

    assert caller.answer("key_worker", "leave_team", part, "finished") == "409 already_ended"
    assert caller.rows("select reason from private.audit order by id desc limit 1") == [
        ("finished",)
    ]


def test_a_key_worker_does_not_just_go(caller: Caller, world: World) -> None:
    part = world.parts["key_worker"]
    assert caller.answer("key_worker", "leave_team", part, "finished") == "403 not_allowed"

    caller.call("coordinator", "leave_team", part, "finished")

    assert unowned(caller) == {"own", "young_person"}


def test_who_leaves_the_organisation_leaves_every_team_and_does_not_come_back_into_them(
    caller: Caller, world: World
) -> None:
    person = world.people["key_worker"]
    caller.call("coordinator", "end_membership", world.memberships["key_worker"], "left")
    add_membership(caller.connection, world.organisation, person, "mentor")
    caller.connection.execute(
        "insert into public.memberships (organisation_id, person_id, role, cleared_until)"
        " values (%s, %s, 'key_worker', current_date + 1)",
        (world.organisation, person),
    )

    assert names(caller, "key_worker") == set()
    assert person not in {
        UUID(each["person_id"]) for each in caller.call("young_person", "my_team")
    }
    ended = {row[1] for row in caller.audit() if row[0] == "team_left"}
    assert ended == {world.parts["key_worker"], world.parts["waiting"]}
    hinted = {ref for kind, ref, people in caller.hints() if kind == "team" and person in people}
    assert hinted == {world.people["young_person"], world.people["waiting"]}


def test_a_further_role_that_ends_leaves_the_parts_of_the_other_roles(
    caller: Caller, world: World
) -> None:
    person = world.people["key_worker"]
    role = caller.call("coordinator", "add_role", world.organisation, person, "trainer")
    caller.call("coordinator", "end_membership", role, "finished")

    assert names(caller, "key_worker") == {"young_person", "waiting"}


def test_the_team_of_a_young_person_who_leaves_is_ended(caller: Caller, world: World) -> None:
    caller.call("coordinator", "end_membership", world.memberships["young_person"], "moved_on")

    assert names(caller, "key_worker") == {"waiting"}
    assert names(caller, "mentor") == set()
    assert caller.call("young_person", "my_team") == []
    assert caller.rows(
        "select count(*) from public.team_members where young_person_id = %s and until is null",
        world.people["young_person"],
    ) == [(0,)]


def test_a_new_code_works_and_the_old_one_is_dead(caller: Caller, world: World) -> None:
    made = caller.call("key_worker", "new_code", world.people["waiting"])

    assert caller.answer("newcomer", "claim_person", world.code) == "422 code_not_valid"
    claimed = caller.call("newcomer", "claim_person", made["code"])
    assert (claimed, made["person_id"]) == (world.people["waiting"], str(claimed))
    assert [row[:2] for row in caller.audit()] == [
        ("code_made", claimed),
        ("person_claimed", claimed),
    ]


def test_a_new_code_is_no_way_back_in(caller: Caller, world: World) -> None:
    caller.call("newcomer", "claim_person", world.code)
    caller.connection.execute("delete from auth.users where id = %s", (world.users["newcomer"],))

    with pytest.raises(Refused, match="409 already_joined"):
        caller.call("key_worker", "new_code", world.people["waiting"])


def test_two_coordinators_at_the_same_moment_set_one_key_worker(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    here, people = world.organisation, world.people
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        add_membership(one, here, people["second"], "coordinator")
        one.commit()
        two.execute("select now()")  # its transaction, and so its clock, begins here
        late = Caller(two, world)
        young, another = people["young_person"], people["former_teammate"]
        asks = "second", "set_key_worker", here, young, another
        early = Caller(one, world)
        first = set_key_worker(early, "coordinator", "stand_in")
        assert behind(early, late, *asks, world.parts["key_worker"]) == "409 changed_meanwhile"

        second = late.call(*asks, first)
        two.commit()
        assert early.rows(
            "select id, until is null from public.team_members"
            " where young_person_id = %s and part = 'key_worker' order by since",
            young,
        ) == [(world.parts["key_worker"], False), (first, False), (second, True)]


def test_nobody_comes_into_a_team_while_their_membership_is_being_ended(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    leaving = world.memberships["former_teammate"]
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        two.execute("select now()")
        early, late = Caller(one, world), Caller(two, world)
        early.call("coordinator", "end_membership", leaving, "left")
        young, another = world.people["young_person"], world.people["former_teammate"]
        asks = "coordinator", "set_key_worker", world.organisation, young, another
        assert behind(early, late, *asks, world.parts["key_worker"]) == "422 person_not_fitting"


def test_a_part_given_first_is_ended_with_the_membership_that_ends_after(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    leaving = world.memberships["former_teammate"]
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        two.execute("select now()")
        part = set_key_worker(Caller(one, world), "coordinator", "former_teammate")
        one.commit()
        Caller(two, world).call("coordinator", "end_membership", leaving, "left")
        two.commit()
        assert Caller(one, world).rows(
            "select until >= since from public.team_members where id = %s", part
        ) == [(True,)]
