"""Who got back in by a code and still waits: what they may do, and everything they may not.

A key worker could be sitting there. Whatever the young person alone may see or decide, and whatever
others may only read with a row in the access log, must wait; a new function shows up here.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.rls import calls
from tests.rls.caller import Caller
from tests.rls.grid import read_grid
from tests.rls.matrix import CALLS, TABLES
from tests.rls.probe import observe
from tests.rls.world import World, add_device, add_sign_in, add_user

PERSONA = "returned"
# What the young person may and the new sign-in may not: its answer instead.
WAITS = {
    "see_notice": "403",
    "object_to_return": "403",
    "vouch_for": "403",
    "open_needs": "403",
    "set_needs": "403",
    "open_agreement": "403",
    "set_agreement": "403",
    "open_contacts": "403",
    "add_contact": "403",
    "change_contact": "403",
    "remove_contact": "403",
    "set_birth_year": "403",
    "open_justice": "403",
    "add_justice_fact": "403",
    "remove_justice_fact": "403",
    "set_consent": "403",
    "open_consents": "403",
    "open_thread": "403",
    "open_mentor_thread": "403",
    "older_messages": "403",
    "older_messages_of_mentor": "403",
    "search_thread": "403",
    "search_thread_of_mentor": "403",
    "my_threads": "403",
    "unread_messages": "403",
    "send_message": "403",
    "send_to_mentor": "403",
    "edit_message": "403",
    "take_back_message": "403",
    "mark_messages": "403",
    "set_receipts": "403",
    "save_draft": "403",
    "send_or_keep_back": "403",
    "drop_kept_back": "403",
    "keep_attachment": "403",
    "send_with_attachment": "403",
    "read_attachment": "403",
    "may_translate": "403",
    "keep_translation": "403",
    "say_translation_wrong": "403",
    "follow_alert": "403",
}
# What answers ok to both, and holds nothing private for the new one or decides only about itself.
SHARED = {
    # About a device whose cookie one has.
    "open_device", "close_device", "lock_device", "touch_device", "keep_device", "renew_device",
    "unlock_device", "set_lock", "choose_membership",
    # About a browser whose cookie one has, and bound to this very sign-in.
    "bind_browser", "renew_binding", "look_binding", "try_binding", "drop_binding",
    # Only its own devices: test_sign_ins.py. No notices, no openings: below.
    "close_devices", "close_one_device", "my_devices", "my_notices", "openings_of_me",
    # Who I am, and who is there for me.
    "my_home", "my_team", "my_young_people", "update_me", "my_key_worker",
    # Each part of it answers for itself: test_together.py.
    "read_together",
    # Somebody in danger waits for nothing; nothing that was sent before is shown.
    "unsafe_page", "send_alert", "take_back_alert",
    # For everybody.
    "join_page", "back_page", "invitation_page", "begin_proof",
}  # fmt: skip
HIDDEN = {
    ("public.justice_facts", "team"),
    ("public.consents", "team"),
    ("storage.objects", "sent"),
    ("storage.objects", "chosen"),
    ("storage.objects", "gone"),
}


@pytest.fixture
def returned(admin: psycopg.Connection[Any], world: World) -> Iterator[World]:
    """The world with a second sign-in of the young person that is not full yet."""
    user = add_user(admin, PERSONA)
    add_sign_in(admin, world.people["young_person"], user, full_in="72 hours")
    world.users[PERSONA] = user
    world.people[PERSONA] = world.people["young_person"]
    world.memberships[PERSONA] = world.memberships["young_person"]
    world.devices[PERSONA] = add_device(admin, user, PERSONA)
    yield world
    for found in (world.users, world.people, world.memberships, world.devices):
        del found[PERSONA]


def test_every_function_is_thought_of(admin: psycopg.Connection[Any], returned: World) -> None:
    lines = {key: line["young_person"] for (key,), line in read_grid(CALLS, keys=1).cells.items()}
    mine = {key for key, word in lines.items() if word == "ok"}

    assert mine == set(WAITS) | SHARED & mine


def test_what_only_the_young_person_may_waits(
    admin: psycopg.Connection[Any], returned: World
) -> None:
    lines = {key: line["young_person"] for (key,), line in read_grid(CALLS, keys=1).cells.items()}
    answers = {name: calls.answer(admin, returned, PERSONA, name) for name in lines}

    # Who has no invitation is told so; this sign-in is not even asked for it.
    waits = WAITS | {"accept_invitation": "403"}
    assert {key: word for key, word in answers.items() if word != lines[key]} == waits


def test_no_row_is_open_that_a_key_worker_could_only_read_with_a_trace(
    admin: psycopg.Connection[Any], returned: World
) -> None:
    seen = observe(admin, returned, PERSONA)
    lines = {
        (table, row): line["young_person"]
        for (table, row), line in read_grid(TABLES, keys=2).cells.items()
    }

    assert {key for key, word in lines.items() if seen.get(key, ".") != word} == HIDDEN
    assert {seen[key] for key in HIDDEN} == {"-"}


def test_nothing_private_stands_in_what_is_answered(
    admin: psycopg.Connection[Any], returned: World
) -> None:
    caller = Caller(admin, returned)

    assert caller.call(PERSONA, "my_notices")["notices"] == []
    assert caller.call(PERSONA, "openings_of_me") == []
    listed = caller.call(PERSONA, "my_devices", returned.devices[PERSONA])
    assert [each["this"] for each in listed] == [True]
    caller.call(PERSONA, "close_devices", returned.devices[PERSONA], False)
    assert caller.call("anonymous", "open_device", returned.devices["young_person"])


def test_after_72_hours_nothing_waits_any_more(
    admin: psycopg.Connection[Any], returned: World
) -> None:
    admin.execute(
        "update private.sign_ins set full_from = now() where user_id = %s",
        (returned.users[PERSONA],),
    )
    lines = {key: line["young_person"] for (key,), line in read_grid(CALLS, keys=1).cells.items()}
    answers = {name: calls.answer(admin, returned, PERSONA, name) for name in WAITS}

    assert answers == {name: lines[name] for name in WAITS}
