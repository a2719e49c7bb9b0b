"""Bound browsers in the database: bounds, ends and who may do what with which."""

from typing import Any

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.rls.caller import Caller, Refused, behind
from tests.rls.world import World, add_binding, build_world, cookie_hash

SEALED = "b1.k1.abc"


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def count(caller: Caller, world: World, persona: str) -> int:
    ((found,),) = caller.rows(
        "select count(*) from private.bindings where user_id = %s", world.users[persona]
    )
    return int(found)


def test_a_bound_browser_is_found_tried_and_dropped_by_its_cookie(
    caller: Caller, world: World
) -> None:
    new = cookie_hash("browser")
    caller.call("mentor", "bind_browser", world.devices["mentor"], new, "pictures", SEALED)

    assert caller.call("anonymous", "look_binding", new) == {"kind": "pictures", "tries_left": 5}
    assert caller.call("anonymous", "try_binding", new, ["k1"]) == {
        "kind": "pictures",
        "sealed": SEALED,
        "tries_left": 4,
    }
    caller.call("anonymous", "drop_binding", new)
    assert caller.call("anonymous", "look_binding", new) is None


@pytest.mark.parametrize(
    ("browser", "kind", "sealed"),
    [
        ("short", "pin", SEALED),
        (None, "pin", SEALED),
        ("a" * 64, "password", SEALED),
        ("a" * 64, None, SEALED),
        ("a" * 64, "pin", "s1.k1.abc"),
        ("a" * 64, "pin", "b1.k1." + "a" * 2049),
        ("a" * 64, "pin", None),
    ],
)
def test_a_binding_that_makes_no_sense_is_not_kept(
    caller: Caller, world: World, browser: str, kind: str, sealed: str
) -> None:
    with pytest.raises(Refused, match="422 binding_not_valid"):
        caller.call("mentor", "bind_browser", world.devices["mentor"], browser, kind, sealed)


def test_a_browser_of_somebody_else_is_not_taken_over_or_renewed(
    caller: Caller, world: World
) -> None:
    theirs, device = cookie_hash("binding of trainer"), world.devices["mentor"]
    caller.call("anonymous", "try_binding", theirs, ["k1"])

    with pytest.raises(Refused, match="409 binding_exists"):
        caller.call("mentor", "bind_browser", device, theirs, "pin", SEALED)
    caller.call("mentor", "renew_binding", device, theirs)
    assert caller.call("anonymous", "look_binding", theirs)["tries_left"] == 4
    with pytest.raises(Refused, match="401 signed_out"):
        caller.call("mentor", "bind_browser", world.devices["trainer"], "b" * 64, "pin", SEALED)


def test_a_person_keeps_the_twenty_browsers_bound_last(caller: Caller, world: World) -> None:
    for number in range(25):
        caller.call(
            "mentor", "bind_browser", world.devices["mentor"], cookie_hash(f"b{number}"), "pin",
            SEALED,
        )  # fmt: skip

    assert count(caller, world, "mentor") == 20
    assert caller.call("anonymous", "look_binding", cookie_hash("b24")) is not None


def test_what_is_past_its_time_opens_nothing_and_is_swept(caller: Caller, world: World) -> None:
    old = cookie_hash("binding of mentor")
    caller.connection.execute(
        "update private.bindings set expires_at = now() - interval '1 s' where binding_hash = %s",
        (old,),
    )

    assert caller.call("anonymous", "look_binding", old) is None
    assert caller.call("anonymous", "try_binding", old, ["k1"]) is None
    assert caller.call("machine_jobs", "machine_sweep")["bindings"] == 1
    assert count(caller, world, "mentor") == 0


def test_using_a_browser_makes_it_last_longer(caller: Caller, world: World) -> None:
    browser = cookie_hash("binding of mentor")
    caller.call("mentor", "renew_binding", world.devices["mentor"], browser)

    assert caller.rows(
        "select expires_at > now() + interval '399 days' from private.bindings"
        " where binding_hash = %s",
        browser,
    ) == [(True,)]


def test_who_belongs_nowhere_any_more_loses_every_bound_browser(
    caller: Caller, world: World
) -> None:
    add_binding(caller.connection, world.users["mentor"], "tablet")
    caller.call("coordinator", "end_membership", world.memberships["mentor"], "finished")

    assert count(caller, world, "mentor") == 0
    assert count(caller, world, "trainer") == 1


def test_a_deleted_sign_in_takes_its_browsers_along(caller: Caller, world: World) -> None:
    caller.connection.execute("delete from auth.users where id = %s", (world.users["mentor"],))

    assert caller.call("anonymous", "look_binding", cookie_hash("binding of mentor")) is None


def test_binding_leaves_a_row_in_the_audit(caller: Caller, world: World) -> None:
    caller.call("mentor", "bind_browser", world.devices["mentor"], "c" * 64, "pin", SEALED)

    ((action, _, fields),) = caller.audit()
    assert (action, fields) == ("browser_bound", [])


@pytest.mark.parametrize(("before", "left"), [(0, 3), (4, None)])
def test_a_try_waits_for_the_one_before_and_counts_after_it(
    server: Server, before: int, left: int | None
) -> None:
    dsn = server.new_database(migrated=True)
    with psycopg.connect(dsn("supabase_admin")) as setup:
        world = build_world(setup)
        setup.execute("update private.bindings set wrong = %s", (before,))
    browser = cookie_hash("binding of mentor")
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        first, second = Caller(one, world), Caller(two, world)
        assert first.call("anonymous", "try_binding", browser, ["k1"])["tries_left"] == 4 - before

        assert behind(first, second, "anonymous", "try_binding", browser, ["k1"]) == "ok"
        found = second.call("anonymous", "look_binding", browser)
        assert (found and found["tries_left"]) == left
