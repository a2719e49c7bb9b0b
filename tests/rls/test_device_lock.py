"""Locked devices: by hand, by time, on shared browsers, and who may open them again."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, cookie_hash


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.fixture
def device(world: World) -> str:
    """The mentor's."""
    return world.devices["mentor"]


def set_back(caller: Caller, device: str, idle: str) -> None:
    """As if nobody had used the device for so long."""
    caller.connection.execute(
        "update private.devices set active_at = now() - %s::interval where cookie_hash = %s",
        (idle, device),
    )


def opened(caller: Caller, device: str) -> Any:
    return caller.call("anonymous", "open_device", device)


def hints(caller: Caller) -> list[tuple[str, list[Any]]]:
    return [(kind, people) for kind, _, people in caller.hints()]


def test_a_locked_device_stays_signed_in_and_its_person_hears_of_it_once(
    caller: Caller, world: World, device: str
) -> None:
    for _ in range(2):
        caller.call("anonymous", "lock_device", device)

    assert opened(caller, device)["locked"] is True
    assert hints(caller) == [("device", [world.people["mentor"]])]


@pytest.mark.parametrize(
    ("idle", "minutes", "locked"),
    [
        ("4 minutes 59 seconds", 5, False),
        ("5 minutes 1 second", 5, True),
        ("29 minutes", 30, False),
        ("61 seconds", 1, True),
    ],
)
def test_a_device_is_locked_by_time_without_anybody_calling(
    caller: Caller, device: str, idle: str, minutes: int, locked: bool
) -> None:
    assert caller.call("mentor", "set_lock", device, minutes) == minutes
    set_back(caller, device, idle)

    found = opened(caller, device)
    assert (found["locked"], found["lock_minutes"]) == (locked, minutes)


def test_what_somebody_does_keeps_it_open_but_opens_nothing(caller: Caller, device: str) -> None:
    set_back(caller, device, "4 minutes")
    assert caller.call("anonymous", "touch_device", device) is True
    assert caller.rows(
        "select now() - active_at < interval '1 s' from private.devices where cookie_hash = %s",
        device,
    ) == [(True,)]

    set_back(caller, device, "6 minutes")
    assert caller.call("anonymous", "touch_device", device) is False
    assert opened(caller, device)["locked"] is True

    caller.call("mentor", "unlock_device", device)
    caller.call("anonymous", "lock_device", device)
    assert caller.call("anonymous", "touch_device", device) is False
    assert opened(caller, device)["locked"] is True


@pytest.mark.parametrize("how", ["by hand", "by time"])
def test_its_own_person_opens_it_again_and_every_process_hears_of_it(
    caller: Caller, world: World, device: str, how: str
) -> None:
    if how == "by hand":
        caller.call("anonymous", "lock_device", device)
    else:
        set_back(caller, device, "1 hour")
    before = len(caller.hints())

    caller.call("mentor", "unlock_device", device)

    assert opened(caller, device)["locked"] is False
    assert hints(caller)[before:] == [("device", [world.people["mentor"]])]


@pytest.mark.parametrize("persona", ["trainer", "coordinator", "stranger"])
def test_nobody_else_opens_or_changes_it(caller: Caller, device: str, persona: str) -> None:
    caller.call("anonymous", "lock_device", device)

    assert caller.answer(persona, "unlock_device", device) == "401 signed_out"
    assert caller.answer(persona, "set_lock", device, 30) == "401 signed_out"
    assert opened(caller, device)["locked"] is True


@pytest.mark.parametrize("minutes", [0, -1, 31, 2**31 - 1, None])
def test_a_time_that_makes_no_sense_changes_nothing(
    caller: Caller, device: str, minutes: int | None
) -> None:
    with pytest.raises(Refused, match="422 minutes_not_valid"):
        caller.call("mentor", "set_lock", device, minutes)
    assert opened(caller, device)["lock_minutes"] == 5


def test_a_longer_time_does_not_open_what_is_locked(caller: Caller, device: str) -> None:
    set_back(caller, device, "6 minutes")

    with pytest.raises(Refused, match="403 locked"):
        caller.call("mentor", "set_lock", device, 30)
    assert opened(caller, device)["locked"] is True


def test_a_shared_device_locks_after_a_minute_and_stays_at_that(caller: Caller) -> None:
    shared = cookie_hash("shared")
    caller.call("mentor", "keep_device", shared, "sealed", "Firefox", 1, True)

    assert caller.call("mentor", "set_lock", shared, 30) == 1
    found = opened(caller, shared)
    assert (found["shared"], found["lock_minutes"], found["locked"]) == (True, 1, False)
    (listed,) = (each for each in caller.call("mentor", "my_devices", shared) if each["this"])
    assert (listed["shared"], listed["lock_minutes"]) == (True, 1)


def test_a_shared_device_nobody_uses_is_signed_out_and_swept(caller: Caller, world: World) -> None:
    shared = cookie_hash("shared")
    caller.call("mentor", "keep_device", shared, "sealed", "Firefox", 1, True)
    for device in (shared, world.devices["mentor"]):
        set_back(caller, device, "16 minutes")

    assert opened(caller, shared) is None
    assert opened(caller, world.devices["mentor"])["locked"] is True
    assert caller.answer("mentor", "unlock_device", shared) == "401 signed_out"
    assert caller.call("machine_jobs", "machine_sweep")["devices"] == 1
    assert hints(caller) == [("device", [world.people["mentor"]])]


@pytest.mark.parametrize("function", ["lock_device", "touch_device"])
@pytest.mark.parametrize("unknown", ["f" * 64, "", None, "' or true --"])
def test_an_unknown_cookie_changes_nothing(
    caller: Caller, function: str, unknown: str | None
) -> None:
    before = caller.rows("select cookie_hash, active_at, locked_at from private.devices order by 1")

    assert caller.call("anonymous", function, unknown) in (None, False, "")
    assert (
        caller.rows("select cookie_hash, active_at, locked_at from private.devices order by 1")
        == before
    )
    assert hints(caller) == []
