"""A person with several sign-ins: one person to everybody, and a new one is not full at once."""

import json
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_device, add_sign_in, add_user


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    """The young person with a second sign-in, full (`second`), and a third, not yet (`fresh`)."""
    for name, full_in in (("second", "0 hours"), ("fresh", "72 hours")):
        user = world.users[f"{name}_sign_in"] = add_user(admin, name)
        add_sign_in(admin, world.people["young_person"], user, full_in=full_in)
        world.devices[f"{name}_sign_in"] = add_device(admin, user, f"{name} sign-in")
    return Caller(admin, world)


def as_full(caller: Caller, persona: str) -> bool:
    """What the database answers to a policy that asks."""
    with caller.connection.transaction(force_rollback=True):
        caller.connection.execute(
            "select set_config('request.jwt.claims', %s, true)",
            (json.dumps(caller.world.claims(persona)),),
        )
        ((full,),) = caller.rows("select private.is_full()")
    return bool(full)


@pytest.mark.parametrize("sign_in", ["young_person", "second_sign_in", "fresh_sign_in"])
def test_every_sign_in_is_the_same_person(caller: Caller, world: World, sign_in: str) -> None:
    home = caller.call(sign_in, "my_home", world.devices[sign_in])

    assert home["person"]["id"] == str(world.people["young_person"])
    assert home["active"]["membership_id"] == str(world.memberships["young_person"])
    assert caller.call(sign_in, "my_team") == caller.call("young_person", "my_team") != []


@pytest.mark.parametrize(
    ("sign_in", "full"),
    [
        ("young_person", True),
        ("second_sign_in", True),
        ("fresh_sign_in", False),
        ("stranger", False),
        ("machine_jobs", False),
    ],
)
def test_only_a_sign_in_whose_time_has_come_is_full(
    caller: Caller, sign_in: str, full: bool
) -> None:
    assert as_full(caller, sign_in) is full


def test_a_full_sign_in_sees_and_closes_the_devices_of_all(caller: Caller, world: World) -> None:
    listed = caller.call("second_sign_in", "my_devices", world.devices["second_sign_in"])
    closed = caller.call("second_sign_in", "close_devices", world.devices["second_sign_in"], True)

    assert (len(listed), closed) == (3, 2)
    assert caller.call("anonymous", "open_device", world.devices["young_person"]) is None
    assert {tuple(people) for _, _, people in caller.hints()} == {(world.people["young_person"],)}


@pytest.mark.parametrize("keep_this", [True, False])
def test_a_sign_in_that_is_not_full_reaches_only_its_own_devices(
    caller: Caller, world: World, keep_this: bool
) -> None:
    add_device(caller.connection, world.users["fresh_sign_in"], "tablet")

    listed = caller.call("fresh_sign_in", "my_devices", world.devices["fresh_sign_in"])
    closed = caller.call(
        "fresh_sign_in", "close_devices", world.devices["fresh_sign_in"], keep_this
    )

    assert (len(listed), closed) == (2, 1 if keep_this else 2)
    for other in ("young_person", "second_sign_in"):
        assert caller.call("anonymous", "open_device", world.devices[other]) is not None


def _refs(caller: Caller, sign_in: str) -> dict[str, str]:
    """The devices of a person, by the persona that signed in there."""
    hashes = {caller.world.devices[name]: name for name in caller.world.devices}
    rows = caller.rows("select id::text, cookie_hash from private.devices")
    return {hashes[cookie]: ref for ref, cookie in rows if cookie in hashes}


@pytest.mark.parametrize(
    ("closer", "closed", "answer"),
    [
        ("young_person", "second_sign_in", "ok"),
        ("second_sign_in", "fresh_sign_in", "ok"),
        ("fresh_sign_in", "fresh_sign_in", "ok"),
        ("fresh_sign_in", "young_person", "404 not_found"),
        ("fresh_sign_in", "second_sign_in", "404 not_found"),
        ("key_worker", "young_person", "404 not_found"),
        ("coordinator", "key_worker", "404 not_found"),
    ],
)
def test_one_device_is_closed_by_its_person_alone(
    caller: Caller, world: World, closer: str, closed: str, answer: str
) -> None:
    ref = _refs(caller, closer)[closed]

    assert caller.answer(closer, "close_one_device", world.devices[closer], ref) == answer
    there = caller.call("anonymous", "open_device", world.devices[closed])
    assert (there is None) is (answer == "ok")
    assert [kind for kind, *_ in caller.hints()] == (["device"] if answer == "ok" else [])


def test_a_device_that_is_gone_or_never_was_is_not_found(caller: Caller, world: World) -> None:
    mine, ref = world.devices["mentor"], _refs(caller, "mentor")["mentor"]

    assert caller.answer("mentor", "close_one_device", mine, None) == "404 not_found"
    assert caller.answer("mentor", "close_one_device", mine, world.organisation) == "404 not_found"
    assert caller.answer("mentor", "close_one_device", mine, ref) == "ok"
    assert caller.answer("mentor", "close_one_device", mine, ref) == "401 signed_out"


def test_a_device_that_came_back_in_with_a_code_is_marked(caller: Caller, world: World) -> None:
    listed = caller.call("young_person", "my_devices", world.devices["young_person"])

    refs = _refs(caller, "young_person")
    assert {each["ref"]: each["returned"] for each in listed} == {
        refs["young_person"]: False,
        refs["second_sign_in"]: False,
        refs["fresh_sign_in"]: True,
    }


def test_no_sign_in_uses_the_device_of_another_one(caller: Caller, world: World) -> None:
    device = world.devices["young_person"]

    for name, *arguments in (
        ("close_devices", device, False),
        ("my_devices", device),
        ("my_home", device),
        ("renew_device", device, "mine", 1),
    ):
        assert caller.answer("second_sign_in", str(name), *arguments) == "401 signed_out"


def test_who_belongs_nowhere_any_more_loses_the_devices_of_every_sign_in(
    caller: Caller, world: World
) -> None:
    caller.call("coordinator", "end_membership", world.memberships["young_person"], "finished")

    for sign_in in ("young_person", "second_sign_in", "fresh_sign_in"):
        assert caller.call("anonymous", "open_device", world.devices[sign_in]) is None
    assert [kind for kind, *_ in caller.hints()].count("device") == 3


def test_a_deleted_sign_in_leaves_the_others(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "delete from auth.users where id = %s", (world.users["young_person"],)
    )

    home = caller.call("second_sign_in", "my_home", world.devices["second_sign_in"])
    assert home["person"]["id"] == str(world.people["young_person"])
    (reached,) = (
        each
        for each in caller.call("key_worker", "my_young_people")
        if each["person_id"] == str(world.people["young_person"])
    )
    assert reached["joined"] is True


def test_a_sign_in_claims_one_person_only(caller: Caller, world: World) -> None:
    with pytest.raises(Refused, match="409 has_a_person"):
        caller.call("second_sign_in", "claim_person", world.code)
