"""What is kept back is its author's alone: who hears of it, and how long it stays."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.threads import SEALED, add_message
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def kept(caller: Caller, persona: str, thread: object) -> int:
    ((found,),) = caller.rows(
        "select count(*) from private.kept_back where thread_id = %s and person_id = %s",
        thread,
        caller.world.people[persona],
    )
    return int(found)


def test_only_its_author_hears_that_something_was_kept_back(caller: Caller, world: World) -> None:
    thread = world.rows["thread"]
    for persona in ("key_worker", "young_person"):
        caller.call(persona, "send_or_keep_back", thread, uuid4(), SEALED, SEALED, None)

    told = [(kind, ref, set(to)) for kind, ref, to in caller.hints()]
    assert told == [
        ("messages", thread, {world.people["key_worker"]}),
        ("messages", thread, {world.people["young_person"]}),
    ]


def test_own_newer_messages_keep_nothing_back_and_those_of_others_do(
    caller: Caller, world: World, admin: psycopg.Connection[Any]
) -> None:
    thread, people = world.rows["thread"], world.people
    send = ("send_or_keep_back", thread)
    # The first message there is the young person's own.
    assert caller.call("young_person", *send, uuid4(), SEALED, SEALED, 0) is True
    add_message(admin, thread, 3, people["stand_in"])
    assert caller.call("young_person", *send, uuid4(), SEALED, SEALED, 2) is False
    assert caller.call("young_person", *send, uuid4(), SEALED, SEALED, 3) is True
    assert caller.call("key_worker", *send, uuid4(), SEALED, SEALED, 2) is False


def test_it_is_forgotten_when_messages_are(
    caller: Caller, world: World, admin: psycopg.Connection[Any]
) -> None:
    thread = world.rows["thread"]
    caller.call("key_worker", "send_or_keep_back", thread, uuid4(), SEALED, SEALED, None)
    before = kept(caller, "young_person", thread)
    admin.execute(
        "update private.kept_back set came_at = now() - interval '3000 days'"
        " where thread_id = %s and person_id = %s",
        (thread, world.people["key_worker"]),
    )
    ((membership,),) = caller.rows(
        "select id from public.memberships where person_id = %s and role = 'young_person'",
        world.people["young_person"],
    )
    caller.call("administrator", "set_retention", membership, "hold", 1)
    caller.call("machine_jobs", "machine_forget_messages")
    assert kept(caller, "key_worker", thread) == 1
    caller.call("administrator", "set_retention", membership, "standard", 2)
    caller.call("machine_jobs", "machine_forget_messages")

    assert kept(caller, "key_worker", thread) == 0
    assert kept(caller, "young_person", thread) == before == 1
