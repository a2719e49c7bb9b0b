"""Devices: one cookie, one sealed secret, and nothing for whoever does not have the cookie."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_device, cookie_hash


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def test_a_kept_device_is_opened_by_its_cookie_alone(caller: Caller, world: World) -> None:
    kept = caller.call("trainer", "keep_device", cookie_hash("c"), "s3aled", "Firefox on Linux", 30)
    opened = caller.call("anonymous", "open_device", cookie_hash("c"))

    assert kept == {"version": 1, "person_id": str(world.people["trainer"])}
    assert opened | {"ref": "", "expires_at": ""} == {
        "ref": "",
        "user_id": str(world.users["trainer"]),
        "person_id": str(world.people["trainer"]),
        "membership_id": str(world.memberships["trainer"]),
        "sealed": "s3aled",
        "version": 1,
        "locked": False,
        "lock_minutes": 5,
        "shared": False,
        "idle_seconds": 0,
        "expires_at": "",
    }


@pytest.mark.parametrize("unknown", ["f" * 64, "", "x", None, "' or true --"])
def test_an_unknown_cookie_opens_nothing(caller: Caller, unknown: str | None) -> None:
    assert caller.call("anonymous", "open_device", unknown) is None


def test_an_expired_device_opens_nothing_and_is_swept(caller: Caller, world: World) -> None:
    _age(caller, world.devices["mentor"], "created_at = now() - interval '2 d', expires_at = now()")

    assert caller.call("anonymous", "open_device", world.devices["mentor"]) is None
    with pytest.raises(Refused, match="401 signed_out"):
        caller.call("mentor", "my_home", world.devices["mentor"])
    caller.connection.execute(
        "update private.devices set expires_at = now() - interval '1 s' where cookie_hash = %s",
        (world.devices["mentor"],),
    )
    assert caller.call("machine_jobs", "machine_sweep")["devices"] == 1


def test_opening_is_noted_at_most_once_an_hour(caller: Caller, world: World) -> None:
    query = "select now() - last_seen_at, version from private.devices where cookie_hash = %s"
    for age, noted in (("59 minutes", False), ("61 minutes", True)):
        _age(caller, world.devices["mentor"], f"last_seen_at = now() - interval '{age}'")
        caller.call("anonymous", "open_device", world.devices["mentor"])
        ((since, version),) = caller.rows(query, world.devices["mentor"])
        assert (since.total_seconds() == 0, version) == (noted, 1)


def test_renewing_names_the_version_it_saw(caller: Caller, world: World) -> None:
    device = world.devices["mentor"]

    assert caller.call("mentor", "renew_device", device, "new", 1) == 2
    with pytest.raises(Refused, match="409 device_changed"):
        caller.call("mentor", "renew_device", device, "newer", 1)
    assert caller.call("mentor", "renew_device", device, "newer", 2) == 3


def test_the_device_of_somebody_else_is_not_renewed_listed_or_closed(
    caller: Caller, world: World
) -> None:
    device = world.devices["trainer"]
    calls: list[tuple[str, tuple[object, ...]]] = [
        ("renew_device", (device, "mine", 1)),
        ("my_devices", (device,)),
        ("close_devices", (device, False)),
        ("choose_membership", (device, world.memberships["mentor"])),
    ]

    assert {caller.answer("mentor", name, *arguments) for name, arguments in calls} == {
        "401 signed_out"
    }


@pytest.mark.parametrize(
    ("cookie", "sealed", "label", "days", "code"),
    [
        ("short", "s", "Firefox", 30, "device_not_valid"),
        ("A" * 64, "s", "Firefox", 30, "device_not_valid"),
        (None, "s", "Firefox", 30, "device_not_valid"),
        ("a" * 64, "", "Firefox", 30, "device_not_valid"),
        ("a" * 64, "s" * 8193, "Firefox", 30, "device_not_valid"),
        ("a" * 64, "s", "Firefox", 0, "device_not_valid"),
        ("a" * 64, "s", "Firefox", 401, "device_not_valid"),
        ("a" * 64, "s", "Firefox", None, "device_not_valid"),
        ("a" * 64, "s", "Fire\u202efox", 30, "name_not_valid"),
    ],
)
def test_a_device_that_makes_no_sense_is_not_kept(
    caller: Caller, cookie: str, sealed: str, label: str, days: int, code: str
) -> None:
    with pytest.raises(Refused, match=f"422 {code}"):
        caller.call("mentor", "keep_device", cookie, sealed, label, days)


def test_a_cookie_is_never_taken_over(caller: Caller, world: World) -> None:
    with pytest.raises(Refused, match="409 device_exists"):
        caller.call("mentor", "keep_device", world.devices["trainer"], "mine", "Firefox", 30)


def test_a_person_keeps_the_fifty_devices_used_last(caller: Caller, world: World) -> None:
    for number in range(60):
        caller.call("mentor", "keep_device", cookie_hash(str(number)), "s", "Firefox", 30)

    assert caller.rows(
        "select count(*) from private.devices where user_id = %s", world.users["mentor"]
    ) == [(50,)]
    assert caller.call("anonymous", "open_device", cookie_hash("59")) is not None


def test_closing_a_device_tells_its_person_and_is_harmless_twice(
    caller: Caller, world: World
) -> None:
    for _ in range(2):
        caller.call("anonymous", "close_device", world.devices["mentor"])

    assert [(kind, people) for kind, _, people in caller.hints()] == [
        ("device", [world.people["mentor"]])
    ]


@pytest.mark.parametrize(("keep_this", "left"), [(True, 1), (False, 0)])
def test_closing_devices_closes_the_others_or_all(
    caller: Caller, world: World, keep_this: bool, left: int
) -> None:
    for word in ("phone", "tablet"):
        add_device(caller.connection, world.users["mentor"], word)

    closed = caller.call("mentor", "close_devices", world.devices["mentor"], keep_this)

    assert closed == 3 - left
    assert caller.rows(
        "select count(*) from private.devices where user_id = %s", world.users["mentor"]
    ) == [(left,)]
    assert len(caller.hints()) == closed


def test_my_devices_begin_with_this_one_and_hold_no_secret(caller: Caller, world: World) -> None:
    add_device(caller.connection, world.users["mentor"], "phone")

    listed = caller.call("mentor", "my_devices", world.devices["mentor"])

    assert [device["this"] for device in listed] == [True, False]
    assert set(listed[0]) == {
        *(
            "ref",
            "label",
            "created_at",
            "last_seen_at",
            "this",
            "shared",
            "lock_minutes",
            "returned",
        )
    }


def test_the_chosen_membership_is_worked_in_until_it_ends(caller: Caller, world: World) -> None:
    device = world.devices["own"]
    caller.call("own", "choose_membership", device, world.memberships["elsewhere"])
    assert caller.call("own", "my_home", device)["active"]["organisation"]["name"] == "Hill House"

    caller.call("other_coordinator", "end_membership", world.memberships["elsewhere"], "finished")
    assert (
        caller.call("own", "my_home", device)["active"]["organisation"]["name"] == "Harbour House"
    )


@pytest.mark.parametrize("name", ["other_coordinator", "ended", "former_member"])
def test_only_an_own_current_membership_can_be_chosen(
    caller: Caller, world: World, name: str
) -> None:
    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("mentor", "choose_membership", world.devices["mentor"], world.memberships[name])


def _age(caller: Caller, device: str, change: str) -> None:
    caller.connection.execute(
        f"update private.devices set {change} where cookie_hash = %s".encode(), (device,)
    )
