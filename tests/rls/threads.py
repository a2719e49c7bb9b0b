"""Rows of the world about threads and their messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

if TYPE_CHECKING:
    from tests.rls.world import World

# The shape of a sealed text; the database never opens one.
SEALED = f"s1.k1.{'A' * 54}.{'B' * 60}"


def add_threads(connection: psycopg.Connection[Any], world: World) -> None:
    """Teams have begun the threads; the young person wrote one message in each of theirs.

    The message in `thread` came with an `attachment`; the young person chose another one for it,
    and one is `gone`. `world.rows` names these, `thread` and `mentor_thread` of the young person,
    `waiting_thread`, `message`, which lies in `thread`, `template` of the key worker, and
    `shared_template`.
    """
    people = world.people
    for name, person, kind in (
        ("thread", "young_person", "key_worker"),
        ("mentor_thread", "young_person", "mentor"),
        ("waiting_thread", "waiting", "key_worker"),
    ):
        world.rows[name] = _id(
            connection,
            "select id from private.threads where young_person_id = %s and kind = %s",
            people[person],
            kind,
        )
    for thread in ("mentor_thread", "thread"):
        world.rows["message"] = add_message(
            connection, world.rows[thread], 1, people["young_person"]
        )
    values = {"thread": world.rows["thread"], "person": people["young_person"], "sealed": SEALED}
    connection.execute(
        "insert into private.thread_marks values (%(thread)s, %(person)s, 0, 0)", values
    )
    connection.execute(
        "insert into private.drafts (thread_id, person_id, sealed)"
        " values (%(thread)s, %(person)s, %(sealed)s)",
        values,
    )
    connection.execute(
        "insert into private.kept_back (thread_id, person_id, client_id, sealed)"
        " values (%(thread)s, %(person)s, gen_random_uuid(), %(sealed)s)",
        values,
    )
    connection.execute(
        "insert into private.translating (organisation_id, place) values (%s, 'words.example')",
        (world.organisation,),
    )
    connection.execute(
        "insert into private.translations (thread_id, seq, version, language, sealed, asked_by)"
        " values (%(thread)s, 1, 1, 'ar', %(sealed)s, %(person)s)",
        values,
    )
    connection.execute(
        "insert into private.hand_ons (thread_id, waiting_since) values (%s, '2026-01-01')",
        (world.rows["waiting_thread"],),
    )
    _add_attachments(connection, world)
    connection.execute("insert into private.receipts_off values (%s)", (people["own"],))
    for name, owner in (("template", people["key_worker"]), ("shared_template", None)):
        world.rows[name] = _id(
            connection,
            "insert into private.templates (id, organisation_id, owner, sealed)"
            " values (gen_random_uuid(), %s, %s, %s) returning id",
            world.organisation,
            owner,
            SEALED,
        )


def _add_attachments(connection: psycopg.Connection[Any], world: World) -> None:
    thread, young = world.rows["thread"], world.people["young_person"]
    for name, seq in (("attachment", 1), ("chosen", None), ("gone", None)):
        world.rows[name] = _id(
            connection,
            "insert into private.attachments (id, thread_id, author, seq, sealed)"
            " values (gen_random_uuid(), %s, %s, %s, %s) returning id",
            thread,
            young,
            seq,
            SEALED,
        )
        connection.execute(
            "insert into storage.objects (bucket_id, name) values ('attachments', %s)",
            (f"{thread}/{world.rows[name]}",),
        )
    connection.execute("delete from private.attachments where id = %s", (world.rows["gone"],))


def add_message(connection: psycopg.Connection[Any], thread: UUID, seq: int, author: UUID) -> UUID:
    """One more message of this author, as the thread's `seq`th."""
    message = _id(
        connection,
        "insert into private.messages (thread_id, seq, client_id, author, by_stand_in)"
        " values (%s, %s, %s, %s, false) returning id",
        thread,
        seq,
        uuid4(),
        author,
    )
    connection.execute(
        "insert into private.message_versions (thread_id, seq, version, sealed)"
        " values (%s, %s, 1, %s)",
        (thread, seq, SEALED),
    )
    connection.execute(
        "update private.threads set last_seq = %s, last_at = now(),"
        " waiting_since = case when young_person_id = %s then coalesce(waiting_since, now()) end"
        " where id = %s",
        (seq, author, thread),
    )
    return message


def thread_rows(world: World) -> dict[tuple[str, str], tuple[str, str, str, Mapping[str, object]]]:
    """Which rows the table grid means; as in `probe_rules`."""
    values = {
        "thread": world.rows["thread"],
        "handed": world.rows["waiting_thread"],
        "young": world.people["young_person"],
        "other": world.people["key_worker"],
        "place": world.organisation,
        "sealed": SEALED,
    }
    here = "thread_id = %(thread)s"
    return {
        ("private.threads", "any"): (
            "id = %(thread)s",
            "last_seq",
            "(organisation_id, young_person_id, kind) values (%(place)s, %(other)s, 'mentor')",
            values,
        ),
        ("private.messages", "any"): (
            here,
            "author",
            "(thread_id, seq, client_id, author, by_stand_in)"
            " values (%(thread)s, 2, %(other)s, %(other)s, false)",
            values,
        ),
        ("private.message_versions", "any"): (
            here,
            "sealed",
            "(thread_id, seq, version, sealed) values (%(thread)s, 1, 2, %(sealed)s)",
            values,
        ),
        ("private.thread_marks", "any"): (
            here,
            "read_seq",
            "(thread_id, person_id) values (%(thread)s, %(other)s)",
            values,
        ),
        ("private.attachments", "any"): (
            here,
            "sealed",
            "(id, thread_id, author, sealed)"
            " values (gen_random_uuid(), %(thread)s, %(other)s, %(sealed)s)",
            values,
        ),
        ("private.attachments_gone", "any"): (
            here,
            "thread_id",
            "(id, thread_id) values (gen_random_uuid(), %(thread)s)",
            values,
        ),
        **{
            ("storage.objects", kind): (
                "bucket_id = 'attachments' and name = %(object)s",
                "version",
                "(bucket_id, name) values ('attachments', %(object)s || '-small')",
                {"object": f"{world.rows['thread']}/{world.rows[row]}"},
            )
            for kind, row in (("sent", "attachment"), ("chosen", "chosen"), ("gone", "gone"))
        },
        ("private.hand_ons", "any"): (
            "thread_id = %(handed)s",
            "at",
            "(thread_id, waiting_since) values (%(thread)s, now())",
            values,
        ),
        ("private.receipts_off", "any"): (
            "person_id is not null",
            "person_id",
            "(person_id) values (%(other)s)",
            values,
        ),
        ("private.kept_back", "any"): (
            here,
            "sealed",
            "(thread_id, person_id, client_id, sealed)"
            " values (%(thread)s, %(other)s, gen_random_uuid(), %(sealed)s)",
            values,
        ),
        ("private.templates", "any"): (
            "organisation_id = %(place)s",
            "sealed",
            "(id, organisation_id, sealed) values (%(other)s, %(place)s, %(sealed)s)",
            values,
        ),
        ("private.drafts", "any"): (
            here,
            "sealed",
            "(thread_id, person_id, sealed) values (%(thread)s, %(other)s, %(sealed)s)",
            values,
        ),
        ("private.translations", "any"): (
            here,
            "sealed",
            "(thread_id, seq, version, language, sealed, asked_by)"
            " values (%(thread)s, 1, 1, 'de', %(sealed)s, %(other)s)",
            values,
        ),
        ("private.translating", "any"): (
            "organisation_id = %(place)s",
            "place",
            "(organisation_id, place) values (%(place)s, 'elsewhere.example')",
            values,
        ),
    }


def _id(connection: psycopg.Connection[Any], query: str, *parameters: object) -> UUID:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found
