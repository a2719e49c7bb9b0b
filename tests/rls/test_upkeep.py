"""Reports of errors without words, and the sweep."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def report(caller: Caller, fingerprint: str) -> None:
    caller.call("machine_live", "machine_report_error", fingerprint, "KeyError", "app.core.db:7")


def test_the_same_error_is_counted_and_not_repeated(caller: Caller) -> None:
    for _ in range(3):
        report(caller, "abcdef01")

    assert caller.rows(
        "select code, place, count from private.errors where fingerprint = 'abcdef01'"
    ) == [("KeyError", "app.core.db:7", 3)]


def test_five_hundred_kinds_of_error_are_kept_and_the_new_one_is_among_them(
    caller: Caller,
) -> None:
    caller.connection.execute(
        "insert into private.errors (fingerprint, code, place, last_at)"
        " select lpad(to_hex(n), 8, '0'), 'KeyError', 'app', now() - n * interval '1 s'"
        " from generate_series(1, 600) as n"
    )
    report(caller, "ffffffff")

    assert caller.rows(
        "select count(*), bool_or(fingerprint = 'ffffffff'), bool_or(fingerprint = '00000258')"
        " from private.errors"
    ) == [(500, True, False)]


@pytest.mark.parametrize(
    ("fingerprint", "code", "where"),
    [
        ("abcdef01", "Kim was not found", "app"),
        ("abcdef01", "KeyError", "she said: no"),
        ("ABCDEF01", "KeyError", "app"),
        ("abcdef01", "KeyError", "x" * 161),
        (None, "KeyError", "app"),
        ("abcdef01", None, "app"),
        ("abcdef01", "KeyError", None),
    ],
)
def test_a_report_has_no_room_for_words(
    caller: Caller, fingerprint: str, code: str, where: str
) -> None:
    with pytest.raises(Refused, match="422 report_not_valid"):
        caller.call("machine_jobs", "machine_report_error", fingerprint, code, where)


def test_the_sweep_takes_what_is_past_its_time_and_nothing_else(
    caller: Caller, world: World
) -> None:
    for statement in (
        "update private.codes set expires_at = now() - interval '1 s' where used_at is null",
        "update private.devices set expires_at = now() - interval '1 s', created_at = now()"
        " - interval '1 d' where cookie_hash = '{device}'",
        "insert into private.hints (kind, people, at) values"
        " ('old', array[gen_random_uuid()], now() - interval '25 hours')",
        "insert into private.errors (fingerprint, code, place, last_at) values"
        " ('00000000', 'KeyError', 'app', now() - interval '91 days')",
        "insert into realtime.messages (topic, extension, event, inserted_at)"
        " select 'hints:3', 'broadcast', 'old', now() - n * interval '50 minutes'"
        " from generate_series(1, 2) as n",
    ):
        query = statement.format(device=world.devices["mentor"])
        caller.connection.execute(query.encode())
    kept = caller.rows("select count(*) from private.hints where kind <> 'old'")

    assert caller.call("machine_jobs", "machine_sweep") == {
        "devices": 1,
        "bindings": 0,
        "codes": 2,
        "hints": 1,
        "errors": 1,
        "messages": 1,
    }
    assert caller.rows("select count(*) from private.hints") == kept
    assert set(caller.call("machine_jobs", "machine_sweep").values()) == {0}
