"""What threads keep apart, log, hint and refuse."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.threads import SEALED, add_message
from tests.rls.world import World, add_membership, add_part


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def _send(caller: Caller, persona: str, thread: UUID, client_id: UUID | None = None) -> Any:
    return caller.call(persona, "send_message", thread, client_id or uuid4(), SEALED, None)


def test_a_message_wakes_the_two_sides_and_nobody_else(caller: Caller, world: World) -> None:
    _send(caller, "young_person", world.rows["thread"])
    _send(caller, "mentor", world.rows["mentor_thread"])

    people = world.people
    (first, second) = caller.hints()
    assert (first[0], first[1], set(first[2])) == (
        "messages",
        world.rows["thread"],
        {people["young_person"], people["key_worker"], people["stand_in"]},
    )
    assert (second[1], set(second[2])) == (
        world.rows["mentor_thread"],
        {people["young_person"], people["mentor"]},
    )


def test_what_staff_read_is_logged_once_in_ten_minutes(caller: Caller, world: World) -> None:
    young = world.people["young_person"]
    for persona, kind in (
        ("young_person", "key_worker"),
        ("key_worker", "key_worker"),
        ("key_worker", "key_worker"),
        ("stand_in", "key_worker"),
        ("coordinator", "mentor"),
        ("mentor", "mentor"),
    ):
        caller.call(persona, "open_thread", young, kind, None)
    caller.call("key_worker", "older_messages", world.rows["thread"], 2)
    caller.call("key_worker", "search_thread", world.rows["thread"], None)
    caller.call("safeguarding_lead", "open_thread", world.people["waiting"], "key_worker", None)

    names = {person: persona for persona, person in world.people.items()}
    logged = caller.rows(
        "select reader_person, what from private.access_log where organisation_id = %s"
        " order by number",
        world.organisation,
    )
    assert [(names[reader], what) for reader, what in logged] == [
        ("key_worker", "thread"),
        ("stand_in", "thread"),
        ("coordinator", "mentor_thread"),
        ("mentor", "mentor_thread"),
        ("safeguarding_lead", "opened_thread"),
    ]
    assert caller.rows("select private.access_log_is_whole(%s)", world.organisation) == [(True,)]


def test_threads_of_two_organisations_never_meet(caller: Caller, world: World) -> None:
    here, there, own = world.organisation, world.other_organisation, world.people["own"]
    add_part(caller.connection, here, own, world.people["key_worker"], "key_worker")
    elsewhere = UUID(caller.call("own", "open_thread", own, "key_worker", there)["thread_id"])
    _send(caller, "own", elsewhere)

    assert (
        caller.call("key_worker", "open_thread", own, "key_worker", None)["page"]["messages"] == []
    )
    assert caller.answer("key_worker", "older_messages", elsewhere, 9) == "403 not_allowed"
    assert caller.answer("key_worker", "open_thread", own, "key_worker", there) == "403 not_allowed"
    assert {UUID(each["organisation_id"]) for each in caller.call("own", "my_threads")} == {
        here,
        there,
    }
    (message,) = caller.call("own", "open_thread", own, "key_worker", None)["page"]["messages"]
    assert message["mine"]
    reply = (uuid4(), SEALED, UUID(message["id"]))
    mine = UUID(caller.call("own", "open_thread", own, "key_worker", here)["thread_id"])
    assert caller.answer("own", "send_message", mine, *reply) == "422 reply_not_valid"


def test_who_has_left_the_team_reads_and_writes_no_more(caller: Caller, world: World) -> None:
    thread = world.rows["thread"]
    client_id = uuid4()
    message = UUID(_send(caller, "stand_in", thread, client_id)["id"])
    caller.call("coordinator", "leave_team", world.parts["stand_in"], "finished")

    for name, arguments in (
        ("open_thread", (world.people["young_person"], "key_worker", None)),
        ("send_message", (thread, client_id, SEALED, None)),
        ("edit_message", (message, SEALED, 1)),
        ("take_back_message", (message,)),
        ("save_draft", (thread, SEALED)),
    ):
        assert caller.answer("stand_in", name, *arguments) == "403 not_allowed"
    assert caller.call("stand_in", "my_threads") == []
    opened = caller.call(
        "key_worker", "open_thread", world.people["young_person"], "key_worker", None
    )
    assert opened["page"]["messages"][-1]["by_stand_in"]


def test_a_young_person_who_left_is_told_that_the_thread_is_closed(
    caller: Caller, world: World
) -> None:
    caller.call("coordinator", "end_membership", world.memberships["young_person"], "finished")

    assert (
        caller.answer("young_person", "send_message", world.rows["thread"], uuid4(), SEALED, None)
        == "409 thread_closed"
    )


def test_sixty_messages_in_a_minute_are_enough(caller: Caller, world: World) -> None:
    thread = world.rows["thread"]
    client_id = uuid4()
    _send(caller, "young_person", thread, client_id)
    for seq in range(3, 62):
        add_message(caller.connection, thread, seq, world.people["young_person"])

    with pytest.raises(Refused, match="422 too_many_messages") as refusal:
        _send(caller, "young_person", thread)
    assert refusal.value.fields == {"most": 60, "seconds": 60}
    assert _send(caller, "young_person", thread, client_id)["seq"] == 2
    assert _send(caller, "key_worker", thread)["seq"] == 62


def test_later_than_its_time_a_message_stays_as_it_is(caller: Caller, world: World) -> None:
    thread, young = world.rows["thread"], world.people["young_person"]
    for minutes, seq in ((16, 2), (24 * 60 + 1, 3)):
        caller.connection.execute(
            "insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)"
            " values (%s, %s, %s, %s, false, now() - %s * interval '1 minute')",
            (thread, seq, uuid4(), young, minutes),
        )
        caller.connection.execute(
            "insert into private.message_versions (thread_id, seq, version, sealed)"
            " values (%s, %s, 1, %s)",
            (thread, seq, SEALED),
        )
    ((late,), (latest,)) = caller.rows(
        "select id from private.messages where thread_id = %s and seq > 1 order by seq", thread
    )

    assert caller.answer("young_person", "take_back_message", late) == "409 too_late"
    assert caller.call("young_person", "edit_message", late, SEALED, 1)["version"] == 2
    assert caller.answer("young_person", "edit_message", latest, SEALED, 1) == "409 too_late"
    assert caller.audit() == [("message_edited", late, [])]


def test_what_was_taken_back_stays_sealed_and_is_shown_to_nobody(
    caller: Caller, world: World
) -> None:
    message, thread = world.rows["message"], world.rows["thread"]
    caller.call("young_person", "take_back_message", message)

    for persona in ("young_person", "key_worker"):
        opened = caller.call(
            persona, "open_thread", world.people["young_person"], "key_worker", None
        )
        assert [each["sealed"] for each in opened["page"]["messages"]] == [None]
    assert caller.rows(
        "select version, sealed from private.message_versions where thread_id = %s"
        " order by version",
        thread,
    ) == [(1, SEALED), (2, None)]


@pytest.mark.parametrize(
    "change",
    [
        "update private.messages set author = author",
        "delete from private.messages",
        "truncate private.messages cascade",
        "update private.message_versions set version = version + 1",
        "update private.message_versions set sealed = null",
        "delete from private.message_versions",
        "truncate private.message_versions",
    ],
)
def test_nobody_rewrites_a_message_not_even_the_owner(caller: Caller, change: str) -> None:
    with pytest.raises(psycopg.Error, match="append_only"):
        caller.connection.execute(change.encode())


@pytest.mark.parametrize(
    "text",
    ["hello", "", "s1.k1.short.x", "s1." + "k" * 17 + SEALED[5:], SEALED + "é",
     SEALED + "A" * 110_000],
)  # fmt: skip
def test_only_sealed_words_come_in(caller: Caller, world: World, text: str) -> None:
    thread, message = world.rows["thread"], world.rows["message"]
    for name, arguments in (
        ("send_message", (thread, uuid4(), text, None)),
        ("edit_message", (message, text, 1)),
        ("save_draft", (thread, text)),
    ):
        assert caller.answer("young_person", name, *arguments) == "422 not_valid"


def test_marks_only_go_up_and_never_past_the_last_message(caller: Caller, world: World) -> None:
    thread = world.rows["thread"]
    for delivered, read in ((99, 0), (0, 99), (0, 0), (-5, None)):
        caller.call("key_worker", "mark_messages", thread, delivered, read)

    assert caller.rows(
        "select delivered_seq, read_seq from private.thread_marks"
        " where thread_id = %s and person_id = %s",
        thread,
        world.people["key_worker"],
    ) == [(1, 1)]
    assert len(caller.hints()) == 2


def test_a_new_stand_in_starts_with_nothing_unread(caller: Caller, world: World) -> None:
    thread, young = world.rows["thread"], world.people["young_person"]
    caller.call(
        "coordinator",
        "add_to_team",
        world.organisation,
        young,
        world.people["former_teammate"],
        "stand_in",
        None,
    )
    assert caller.call("former_teammate", "unread_messages") == 0
    assert caller.call("key_worker", "unread_messages") == 1

    _send(caller, "young_person", thread)
    _send(caller, "key_worker", thread)

    assert caller.call("former_teammate", "unread_messages") == 2
    assert caller.call("key_worker", "unread_messages") == 2
    caller.call("key_worker", "mark_messages", thread, 3, 3)
    assert caller.call("key_worker", "unread_messages") == 0


def test_who_waits_longest_stands_first(caller: Caller, world: World) -> None:
    waiting = world.people["waiting"]
    # What one transaction sends has one time; the order must follow from who waits.
    assert [each["young_person"] for each in caller.call("key_worker", "my_threads")] == [
        str(world.people["young_person"]),
        str(waiting),
    ]
    _send(caller, "key_worker", world.rows["thread"])
    add_message(caller.connection, world.rows["waiting_thread"], 1, waiting)

    first, second = caller.call("key_worker", "my_threads")
    assert first["young_person"] == str(waiting)
    assert first["waiting_since"]
    assert second["waiting_since"] is None
    assert (first["last"], second["last"]) == (None, None)


def test_a_mentor_of_two_roles_reads_by_their_part_alone(caller: Caller, world: World) -> None:
    add_membership(caller.connection, world.organisation, world.people["mentor"], "coordinator")
    opened = caller.call("mentor", "open_thread", world.people["young_person"], "mentor", None)

    assert opened["way"] == "mentor"
    assert (
        caller.answer("mentor", "open_thread", world.people["young_person"], "key_worker", None)
        == "403 not_allowed"
    )


def test_messages_are_forgotten_when_their_time_is_over(caller: Caller, world: World) -> None:
    thread, waiting = world.rows["waiting_thread"], world.people["waiting"]
    for table, columns, values in (
        ("messages", "client_id, author, by_stand_in, sent_at", "%(id)s, %(id)s, false"),
        ("message_versions", "version, sealed, written_at", "1, %(sealed)s"),
    ):
        caller.connection.execute(
            f"insert into private.{table} (thread_id, seq, {columns})"
            f" values (%(thread)s, 1, {values}, now() - interval '366 days')".encode(),
            {"thread": thread, "id": waiting, "sealed": SEALED},
        )
    caller.connection.execute("update private.threads set last_seq = 1 where id = %s", (thread,))
    _send(caller, "key_worker", thread)
    ((membership,),) = caller.rows(
        "select id from public.memberships where person_id = %s", waiting
    )

    def forgets() -> int:
        return int(caller.call("machine_jobs", "machine_forget_messages"))

    assert forgets() == 0
    caller.call("administrator", "set_messages_kept", world.organisation, 365, 1)
    caller.call("administrator", "set_retention", membership, "hold", 1)
    assert forgets() == 0
    caller.call("administrator", "set_retention", membership, "standard", 2)

    assert forgets() == 1
    assert forgets() == 0
    opened = caller.call("key_worker", "open_thread", waiting, "key_worker", None)
    assert [each["seq"] for each in opened["page"]["messages"]] == [2]
    assert opened["kept_days"] == 365


def test_a_message_that_was_changed_a_day_later_goes_with_all_its_words(
    caller: Caller, world: World
) -> None:
    thread, waiting = world.rows["waiting_thread"], world.people["waiting"]
    caller.connection.execute(
        "insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)"
        " values (%s, 1, %s, %s, false, now() - interval '30 days 1 hour')",
        (thread, uuid4(), waiting),
    )
    for version, age in ((1, "30 days 1 hour"), (2, "29 days 2 hours")):
        caller.connection.execute(
            "insert into private.message_versions (thread_id, seq, version, sealed, written_at)"
            " values (%s, 1, %s, %s, now() - %s::interval)",
            (thread, version, SEALED, age),
        )
    caller.connection.execute(
        "update private.threads set last_seq = 1, waiting_since = now() - interval '30 days 1 hour'"
        " where id = %s",
        (thread,),
    )
    caller.call("administrator", "set_messages_kept", world.organisation, 30, 1)

    assert caller.call("machine_jobs", "machine_forget_messages") == 1
    waits = "select waiting_since from private.threads where id = %s"
    assert caller.rows(waits, thread) == [(None,)]
    words = "select from private.message_versions where thread_id = %s"
    assert caller.rows(words, thread) == []


@pytest.mark.parametrize("days", [None, 0, 29, 3651])
def test_messages_are_kept_for_a_sensible_time(
    caller: Caller, world: World, days: int | None
) -> None:
    assert (
        caller.answer("administrator", "set_messages_kept", world.organisation, days, 1)
        == "422 retention_not_valid"
    )
