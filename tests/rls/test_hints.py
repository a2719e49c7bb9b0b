"""Hints: without content, to those they concern, heard by one machine account, none ever missed."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.rls.caller import Caller, Refused
from tests.rls.probe import acting_as
from tests.rls.world import World, build_world

SENT = (
    "select topic, event, private, payload from realtime.messages"
    " where event = 'hint' and payload ->> 'kind' = %s"
)


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.fixture
def own_dsn(server: Server) -> str:
    """A database of the test's own, for what must be committed."""
    return server.new_database(migrated=True)("supabase_admin")


@pytest.fixture
def listener(own_dsn: str) -> Iterator[Caller]:
    """Speaks as the live machine account, each call a transaction of its own."""
    with psycopg.connect(own_dsn) as setup:
        world = build_world(setup)
    with psycopg.connect(own_dsn, autocommit=True) as connection:
        yield Caller(connection, world)


def hint(connection: psycopg.Connection[Any], ref: UUID, *people: UUID) -> None:
    connection.execute("select private.hint('person', %s, %s)", (ref, list(people)))


def changes(listener: Caller, cursor: str | None) -> tuple[str, bool, set[str]]:
    found = listener.call("machine_live", "machine_changes_since", cursor)
    return found["cursor"], found["everything"], {each["ref"] for each in found["hints"]}


def test_a_hint_to_many_goes_out_in_hundreds_and_is_logged_once(caller: Caller) -> None:
    ref, people = uuid4(), [uuid4() for _ in range(250)]
    hint(caller.connection, ref, *people, people[0])

    sent = caller.rows(SENT, "person")
    assert sorted(len(payload["to"]) for *_, payload in sent) == [50, 100, 100]
    assert {UUID(to) for *_, payload in sent for to in payload["to"]} == set(people)
    assert {(topic, event, private) for topic, event, private, _ in sent} == {
        (f"hints:{ref.bytes[15] & 15}", "hint", True)
    }
    ((_, logged, logged_people),) = caller.hints()
    assert (logged, set(logged_people)) == (ref, set(people))
    ((number,),) = caller.rows("select id from private.hints where ref = %s", ref)
    assert {payload["id"] for *_, payload in sent} == {number}


def test_a_hint_says_what_kind_which_and_to_whom_and_nothing_else(
    caller: Caller, world: World
) -> None:
    caller.call("mentor", "update_me", "A very private name", "en", "Europe/Berlin", 1)

    ((*_, payload),) = caller.rows(SENT, "person")
    assert set(payload) == {"id", "kind", "ref", "to"}
    assert (payload["kind"], payload["ref"]) == ("person", str(world.people["mentor"]))


def test_a_hint_to_nobody_is_not_sent(caller: Caller) -> None:
    caller.connection.execute("select private.hint('person', %s, '{}')", (uuid4(),))
    caller.connection.execute("select private.hint('person', %s, array[null]::uuid[])", (uuid4(),))

    assert (caller.hints(), caller.rows(SENT, "person")) == ([], [])


def test_hints_spread_over_sixteen_shards(caller: Caller) -> None:
    for _ in range(320):
        hint(caller.connection, uuid4(), uuid4())

    assert {topic for topic, *_ in caller.rows(SENT, "person")} == {f"hints:{n}" for n in range(16)}


def test_a_beat_goes_to_each_shard_in_turn_and_is_not_logged(caller: Caller) -> None:
    for _ in range(16):
        caller.call("machine_jobs", "machine_beat")

    sent = caller.rows(SENT, "beat")
    assert {topic for topic, *_ in sent} == {f"hints:{n}" for n in range(16)}
    assert [payload["to"] for *_, payload in sent] == [[]] * 16
    assert caller.hints() == []


def test_a_change_stands_when_its_hint_cannot_be_sent(caller: Caller) -> None:
    caller.connection.execute(
        "alter table realtime.messages add constraint full_up check (event <> 'hint') not valid"
    )

    assert caller.call("mentor", "update_me", "Sam", "en", "Europe/Berlin", 1) == 2
    assert len(caller.hints()) == 1


@pytest.mark.parametrize(
    "topic", ["hints:16", "hints:", "hints:01", "hints:%", "x-hints:1", "people"]
)
def test_the_live_machine_hears_nothing_but_the_sixteen_shards(
    gate: psycopg.Connection[Any], world: World, topic: str
) -> None:
    with acting_as(gate, world, "machine_live"):
        heard = {}
        for name in (topic, "hints:0", "hints:15"):
            gate.execute("select set_config('realtime.topic', %s, true)", (name,))
            heard[name] = gate.execute("select from realtime.messages").rowcount > 0

    assert heard == {topic: False, "hints:0": True, "hints:15": True}


def test_what_was_committed_late_is_heard_and_what_was_undone_is_not(
    listener: Caller, own_dsn: str
) -> None:
    early, late, undone = uuid4(), uuid4(), uuid4()
    cursor, *_ = changes(listener, None)
    with psycopg.connect(own_dsn) as slow, psycopg.connect(own_dsn) as never:
        hint(slow, late, uuid4())
        hint(never, undone, uuid4())
        hint(listener.connection, early, uuid4())
        cursor, everything, heard = changes(listener, cursor)
        assert (everything, heard) == (False, {str(early)})
        slow.commit()
        never.rollback()

    _, everything, heard = changes(listener, cursor)
    assert (everything, str(late) in heard, str(undone) in heard) == (False, True, False)


def test_what_came_twice_is_known_by_its_id(listener: Caller) -> None:
    cursor, *_ = changes(listener, None)
    hint(listener.connection, uuid4(), uuid4())
    ((*_, payload),) = listener.rows(SENT, "person")

    missed = listener.call("machine_live", "machine_changes_since", cursor)["hints"]
    assert missed == [payload]


def test_a_listener_at_rest_is_told_nothing_again(listener: Caller) -> None:
    cursor, *_ = changes(listener, None)
    hint(listener.connection, uuid4(), uuid4())
    cursor, _, first = changes(listener, cursor)
    _, _, again = changes(listener, cursor)

    assert (len(first), again) == (1, set())


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_commits_hides_a_hint(listener: Caller, own_dsn: str, seed: int) -> None:
    chance = random.Random(seed)
    cursor, *_ = changes(listener, None)
    written: set[str] = set()
    heard: set[str] = set()
    open_refs: list[list[str]] = [[] for _ in range(4)]
    writers = [psycopg.connect(own_dsn) for _ in open_refs]
    try:
        for _ in range(250):
            turn = chance.randrange(len(writers))
            match chance.choice(["hint", "hint", "commit", "rollback", "listen"]):
                case "hint":
                    ref = uuid4()
                    hint(writers[turn], ref, uuid4())
                    open_refs[turn].append(str(ref))
                case "commit":
                    writers[turn].commit()
                    written.update(open_refs[turn])
                    open_refs[turn] = []
                case "rollback":
                    writers[turn].rollback()
                    open_refs[turn] = []
                case _:
                    cursor, everything, more = changes(listener, cursor)
                    assert not everything
                    heard |= more
    finally:
        for writer in writers:
            writer.close()
    heard |= changes(listener, cursor)[2]

    assert len(written) > 15
    assert heard == written


def test_a_cursor_too_old_or_from_another_database_asks_to_refresh_all(caller: Caller) -> None:
    cursor, *_ = changes(caller, None)
    xid, _, asked = cursor.partition(".")
    day_ago = f"{xid}.{int(asked) - 72_001}"
    restored = f"{int(xid) + 10**9}.{asked}"

    assert [changes(caller, each)[1:] for each in (day_ago, restored)] == [(True, set())] * 2


def test_more_than_a_thousand_hints_ask_to_refresh_all(caller: Caller) -> None:
    cursor, *_ = changes(caller, None)
    caller.connection.execute(
        "insert into private.hints (kind, people)"
        " select 'person', array[gen_random_uuid()] from generate_series(1, 1001)"
    )

    assert changes(caller, cursor)[1:] == (True, set())


@pytest.mark.parametrize("cursor", ["", "1", "1.", "x.1", "1.1.1", "1' or '1", "9" * 30 + ".1"])
def test_a_cursor_nobody_was_given_is_refused(caller: Caller, cursor: str) -> None:
    with pytest.raises(Refused, match="422 cursor_not_valid"):
        caller.call("machine_live", "machine_changes_since", cursor)
