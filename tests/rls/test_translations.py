"""What may leave for a translator, and who sees what came back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.threads import SEALED
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def _asks(caller: Caller, message: UUID, version: int = 1, place: str = "words.example") -> str:
    return caller.answer("key_worker", "may_translate", message, version, place)


def test_a_text_leaves_only_for_the_host_that_the_organisation_agreed_to(
    caller: Caller, world: World
) -> None:
    message = world.rows["message"]
    assert _asks(caller, message) == "ok"
    assert _asks(caller, message, place="elsewhere.example") == "403 not_translating"
    assert _asks(caller, message, version=2) == "409 changed_meanwhile"
    caller.call("administrator", "set_translating", world.organisation, None)
    assert _asks(caller, message) == "403 not_translating"
    assert caller.call("administrator", "translating_of", world.organisation) == {"place": None}
    assert (
        caller.answer("administrator", "set_translating", world.organisation, "https://x/y")
        == "422 not_valid"
    )


def test_a_translation_is_seen_by_who_reads_that_language_until_it_is_wrong(
    caller: Caller, world: World
) -> None:
    message, thread, people = world.rows["message"], world.rows["thread"], world.people

    def seen(persona: str) -> Any:
        opened = caller.call(persona, "open_thread", people["young_person"], "key_worker", None)
        return opened["page"]["messages"][0]["translated"]

    caller.connection.execute(
        "update public.people set language = 'de' where id = %s", (people["key_worker"],)
    )
    caller.call("key_worker", "keep_translation", message, 1, "de", SEALED)
    assert caller.hints()[-1] == ("messages", thread, [people["key_worker"]])
    assert seen("key_worker") == {"language": "de", "sealed": SEALED, "wrong": False}
    assert seen("young_person") is None

    # The first one stays, until somebody said that it is wrong.
    other = SEALED.replace("B", "C")
    caller.call("stand_in", "keep_translation", message, 1, "de", other)
    assert seen("key_worker")["sealed"] == SEALED
    caller.call("key_worker", "say_translation_wrong", message, 1, "de")
    assert seen("key_worker")["wrong"]
    caller.call("stand_in", "keep_translation", message, 1, "de", other)
    assert seen("key_worker") == {"language": "de", "sealed": other, "wrong": False}

    caller.call("young_person", "edit_message", message, SEALED, 1)
    assert seen("key_worker") is None
    caller.call("key_worker", "keep_translation", message, 2, "de", SEALED)
    caller.call("young_person", "take_back_message", message)
    assert seen("key_worker") is None
    assert _asks(caller, message, version=2) == "409 taken_back"


def test_who_asks_for_very_many_is_asked_to_wait(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "insert into private.translations"
        " (thread_id, seq, version, language, sealed, asked_by)"
        " select %s, 1, number, 'de', %s, %s from generate_series(2, 61) as number",
        (world.rows["thread"], SEALED, world.people["key_worker"]),
    )
    assert _asks(caller, world.rows["message"]) == "422 too_many_translations"


def test_a_mentor_does_not_learn_in_which_language_somebody_reads(
    caller: Caller, world: World
) -> None:
    for persona, kind, told in (
        ("mentor", "mentor", None),
        ("key_worker", "key_worker", "en"),
        ("young_person", "key_worker", "en"),
    ):
        opened = caller.call(persona, "open_thread", world.people["young_person"], kind, None)
        assert opened["words"] == {"place": "words.example", "language": told}


def test_a_translation_is_forgotten_with_its_message(caller: Caller, world: World) -> None:
    thread, waiting = world.rows["waiting_thread"], world.people["waiting"]
    for table, columns, values in (
        (
            "messages",
            "client_id, author, by_stand_in, sent_at",
            "%(client)s, %(who)s, false, %(at)s",
        ),
        ("message_versions", "version, sealed, written_at", "1, %(sealed)s, %(at)s"),
        (
            "translations",
            "version, language, sealed, asked_by, asked_at",
            "1, 'de', %(sealed)s, %(who)s, %(at)s",
        ),
    ):
        caller.connection.execute(
            f"insert into private.{table} (thread_id, seq, {columns})"
            f" values (%(thread)s, 1, {values})".encode(),
            {
                "thread": thread,
                "client": uuid4(),
                "who": waiting,
                "sealed": SEALED,
                "at": datetime.now(UTC) - timedelta(days=31),
            },
        )
    kept = "select from private.translations where thread_id = %s"
    assert len(caller.rows(kept, thread)) == 1
    caller.call("administrator", "set_messages_kept", world.organisation, 30, 1)
    assert caller.call("machine_jobs", "machine_forget_messages") == 1
    assert caller.rows(kept, thread) == []
