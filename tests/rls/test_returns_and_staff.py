"""A code of a key worker opens the place of a young person, never one where that person works, and
no longer than that person wants."""

from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server
from tests.rls.caller import Caller, behind
from tests.rls.probe import acting_as
from tests.rls.test_returns import claim, new_code, pass_time
from tests.rls.world import World, add_device, add_membership, add_sign_in, add_user, build_world


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.fixture
def own_place(server: Server) -> tuple[Dsn, World]:
    """A world of its own, in which a test may commit."""
    dsn = server.new_database(migrated=True)
    with psycopg.connect(dsn("supabase_admin")) as setup:
        return dsn, build_world(setup)


def works_elsewhere(caller: Caller, role: str = "coordinator") -> None:
    """The young person is on the staff of another organisation."""
    world = caller.world
    add_membership(caller.connection, world.other_organisation, world.people["young_person"], role)


def test_a_code_gives_nobody_the_work_of_the_young_person(caller: Caller, world: World) -> None:
    works_elsewhere(caller)
    answer = caller.answer(
        "key_worker", "new_return_code", world.people["young_person"], "new_phone"
    )
    assert answer == "409 works_somewhere"


def test_a_code_of_before_does_not_work_once_they_work_somewhere(
    caller: Caller, world: World
) -> None:
    code = new_code(caller)
    works_elsewhere(caller)
    world.users["new"] = add_user(caller.connection, "new")

    assert caller.call("anonymous", "back_page", code) is None
    assert caller.answer("new", "claim_return", code) == "422 code_not_valid"


def test_who_just_got_back_in_takes_no_place_at_work(caller: Caller, world: World) -> None:
    made = caller.call(
        "coordinator", "invite_staff", world.organisation, "Ines", "mentor", "de", "i@post.example"
    )
    person = world.people["other_key_worker"]
    world.users["new"] = add_user(caller.connection, "new")
    add_sign_in(caller.connection, person, world.users["new"], full_in="72 hours")

    assert caller.answer("new", "accept_invitation", made["code"]) == "403 not_full_yet"


def test_whoever_waits_does_not_come_along_to_work(caller: Caller, world: World) -> None:
    claim(caller, world.return_code)
    works_elsewhere(caller)
    there = world.other_organisation

    assert caller.answer("young_person", "staff_of", there, None, None, None) == "ok"
    assert caller.answer("new", "staff_of", there, None, None, None) == "403 not_full_yet"
    with acting_as(caller.connection, world, "new"):
        for table in ("organisations", "people", "memberships", "team_members", "sites"):
            assert caller.rows(f"select from public.{table}") == []


def test_no_code_outlives_the_objection_it_was_made_beside(own_place: tuple[Dsn, World]) -> None:
    dsn, world = own_place
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        first, second = Caller(one, world), Caller(two, world)
        first.call("young_person", "object_to_return", world.returns["open"])
        asks = "key_worker", "new_return_code", world.people["young_person"], "other"
        assert behind(first, second, *asks) == "409 objected"


@pytest.mark.parametrize(("closed", "left"), [("new", None), ("young_person", "young_person")])
def test_a_way_in_by_a_code_ends_with_the_device_that_another_one_closes(
    caller: Caller, world: World, closed: str, left: str | None
) -> None:
    claim(caller, world.return_code)
    add_device(caller.connection, world.users["new"], "new")
    pass_time(caller, "80 hours")
    cookies = {
        "new": add_device(caller.connection, world.users["new"], "other"),
        "young_person": world.devices["young_person"],
    }
    closer = "young_person" if closed == "new" else "new"
    listed = caller.call(closer, "my_devices", cookies[closer])
    ref = caller.rows("select id from private.devices where cookie_hash = %s", cookies[closed])[0][
        0
    ]
    assert str(ref) in {each["ref"] for each in listed}
    caller.call(closer, "close_one_device", cookies[closer], ref)

    sign_ins = {row[0] for row in caller.rows(
        "select user_id from private.sign_ins where person_id = %s", world.people["young_person"]
    )}  # fmt: skip
    expected = {world.users[each] for each in ("young_person", left and "new") if each}
    assert sign_ins == expected
    if left is None:
        assert caller.answer("new", "my_team") == "403 not_allowed"
        assert caller.answer("new", "claim_return", world.return_code) == "422 code_not_valid"
        assert (
            caller.rows("select from private.devices where user_id = %s", world.users["new"]) == []
        )
        assert caller.audit()[-1][:2] == ("return_ended", world.people["young_person"])


@pytest.mark.parametrize("keep_this", [True, False])
def test_a_way_in_by_a_code_ends_when_another_one_closes_all_devices(
    caller: Caller, world: World, keep_this: bool
) -> None:
    claim(caller, world.return_code)
    add_device(caller.connection, world.users["new"], "new")
    pass_time(caller, "80 hours")
    caller.call("young_person", "close_devices", world.devices["young_person"], keep_this)

    assert caller.answer("new", "my_team") == "403 not_allowed"
    assert caller.answer("young_person", "my_team") == "ok"


def test_a_way_in_that_still_waits_ends_no_other_one_by_closing_all(
    caller: Caller, world: World
) -> None:
    claim(caller, world.return_code)
    cookie = add_device(caller.connection, world.users["new"], "new")
    caller.call("new", "close_devices", cookie, True)

    assert caller.answer("young_person", "my_team") == "ok"


def test_closing_one_of_its_own_devices_ends_no_way_in(caller: Caller, world: World) -> None:
    claim(caller, world.return_code)
    pass_time(caller, "80 hours")
    here, there = (add_device(caller.connection, world.users["new"], each) for each in "ab")
    ref = caller.rows("select id from private.devices where cookie_hash = %s", there)[0][0]
    caller.call("new", "close_one_device", here, ref)

    assert caller.answer("new", "my_devices", here) == "ok"
    assert caller.answer("new", "my_team") == "ok"
