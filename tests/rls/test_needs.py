"""What helps me, and who else is there: theirs to say, read by few, each read written down."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.openings import log, notices
from tests.rls.world import World, add_membership, add_part

WISHES = {"languages": ["ti", "fa_AF"], "worker": ["woman"], "caring_times": ["mornings"]}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def needs(caller: Caller, persona: str, about: str = "young_person") -> dict[str, Any]:
    world = caller.world
    found: dict[str, Any] = caller.call(
        persona, "open_needs", world.organisation, world.people[about]
    )
    return found


def set_needs(
    caller: Caller, by: str, wishes: object, travels: list[str] | None = None, seen: int = 1
) -> int:
    world = caller.world
    version: int = caller.call(
        by,
        "set_needs",
        world.organisation,
        world.people["young_person"],
        json.dumps(wishes),
        travels or [],
        seen,
    )
    return version


def contacts(caller: Caller, persona: str) -> dict[str, Any]:
    world = caller.world
    found: dict[str, Any] = caller.call(
        persona, "open_contacts", world.organisation, world.people["young_person"]
    )
    return found


def add(caller: Caller, by: str, **row: object) -> UUID:
    world = caller.world
    added: UUID = caller.call(
        by,
        "add_contact",
        world.organisation,
        world.people["young_person"],
        json.dumps({"kind": "guardian", "name": "Hana", **row}),
    )
    return added


def test_what_was_said_comes_back_with_who_said_it(caller: Caller) -> None:
    assert set_needs(caller, "young_person", WISHES, ["worker", "access"]) == 2
    own = needs(caller, "young_person")
    assert (own["wishes"], own["travels"], own["version"]) == (WISHES, ["worker"], 2)
    assert own["own_words"]

    assert set_needs(caller, "key_worker", {"worker": ["man"]}, seen=2) == 3
    written = needs(caller, "young_person")
    assert (written["written_by"], written["own_words"]) == ("key_worker", False)


def test_who_said_nothing_has_an_empty_page_of_version_zero(caller: Caller) -> None:
    page = needs(caller, "key_worker", "waiting")
    assert (page["wishes"], page["travels"], page["version"]) == ({}, [], 0)


def test_a_change_over_a_newer_version_is_refused_and_changes_nothing(caller: Caller) -> None:
    set_needs(caller, "young_person", WISHES)
    with pytest.raises(Refused, match="409 changed_meanwhile") as refusal:
        set_needs(caller, "key_worker", {}, seen=1)
    assert refusal.value.fields == {"version": 2}
    assert needs(caller, "young_person")["wishes"] == WISHES


@pytest.mark.parametrize(
    "wishes",
    [
        None,
        [],
        "x",
        {"shoe_size": ["big"]},
        {"worker": ["anybody"]},
        {"worker": ["woman", "man"]},
        {"worker": "woman"},
        {"worker": None},
        {"times": ["mornings", 7]},
        {"languages": ["<b>"]},
        {"languages": [["ti"]]},
        {"languages": ["en"] * 9},
    ],
)
def test_only_what_can_be_chosen_is_taken(caller: Caller, wishes: object) -> None:
    with pytest.raises(Refused, match="422 wishes_not_valid"):
        set_needs(caller, "young_person", wishes)
    assert needs(caller, "young_person")["version"] == 1


def test_each_read_but_their_own_is_written_down(caller: Caller, world: World) -> None:
    for persona in ("young_person", "key_worker", "stand_in"):
        needs(caller, persona)
        contacts(caller, persona)
    caller.call("coordinator", "open_needs", world.organisation, world.people["waiting"])

    people = world.people
    assert log(caller, world) == [
        (people["key_worker"], "key_worker", "needs"),
        (people["key_worker"], "key_worker", "contacts"),
        (people["stand_in"], "key_worker", "needs"),
        (people["stand_in"], "key_worker", "contacts"),
        (people["coordinator"], "coordinator", "opened_needs"),
    ]


def test_one_organisation_never_reads_what_was_said_in_another(
    caller: Caller, world: World
) -> None:
    own, there = world.people["own"], world.other_organisation
    add_part(caller.connection, world.organisation, own, world.people["key_worker"], "key_worker")
    for place in (world.organisation, there):
        caller.call("own", "set_needs", place, own, json.dumps(WISHES), [], 0)

    assert caller.call("other_key_worker", "open_needs", there, own)["wishes"] == WISHES
    assert caller.answer("key_worker", "open_needs", there, own) == "403 not_allowed"
    assert caller.answer("other_key_worker", "open_needs", world.organisation, own) == (
        "403 not_allowed"
    )


def test_who_left_the_organisation_is_read_by_nobody_there(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update public.memberships set until = now() - interval '1 second' where id = %s",
        (world.memberships["young_person"],),
    )
    for persona in ("young_person", "key_worker"):
        assert caller.answer(
            persona, "open_needs", world.organisation, world.people["young_person"]
        ) == ("403 not_allowed")


def test_a_contact_that_staff_add_is_told_and_one_s_own_is_not(
    caller: Caller, world: World
) -> None:
    add(caller, "young_person", name="Aya")
    assert notices(caller, world.people["young_person"]) == []

    added = add(caller, "stand_in", may_know=["dates"], must_sign=["plan"], never_told=["health"])

    assert notices(caller, world.people["young_person"]) == [
        ("contact_added", added, world.people["stand_in"], {})
    ]
    guardian = next(
        each for each in contacts(caller, "young_person")["contacts"] if each["id"] == str(added)
    )
    assert (guardian["name"], guardian["added_by"], guardian["own_words"]) == (
        "Hana",
        "stand_in",
        False,
    )
    assert (guardian["may_know"], guardian["must_sign"], guardian["never_told"]) == (
        ["dates"],
        ["plan"],
        ["health"],
    )


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ({"name": " "}, "422 name_not_valid"),
        ({"name": "x" * 81}, "422 name_not_valid"),
        ({"kind": "parent"}, "422 contact_not_valid"),
        ({"kind": None}, "422 contact_not_valid"),
        ({"phone": "call me"}, "422 contact_not_valid"),
        ({"may_know": ["everything"]}, "422 contact_not_valid"),
        ({"must_sign": ["health"]}, "422 contact_not_valid"),
        ({"may_know": ["money"], "never_told": ["money"]}, "422 contact_not_valid"),
    ],
)
def test_a_contact_that_makes_no_sense_is_not_taken(
    caller: Caller, row: dict[str, object], refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        add(caller, "young_person", **row)
    assert len(contacts(caller, "young_person")["contacts"]) == 1


def test_only_twenty_fit_on_the_list(caller: Caller) -> None:
    for _ in range(19):
        add(caller, "young_person")
    with pytest.raises(Refused, match="422 too_many"):
        add(caller, "young_person")


def test_a_contact_is_changed_over_the_version_that_was_seen(caller: Caller, world: World) -> None:
    contact = world.rows["contact"]
    row = json.dumps({"kind": "trusted", "name": "Aunt Rosa", "phone": " +49 30 23125 "})
    assert caller.call("young_person", "change_contact", contact, row, 1) == 2
    for function, *more in (("change_contact", row), ("remove_contact",)):
        with pytest.raises(Refused, match="409 changed_meanwhile"):
            caller.call("young_person", function, contact, *more, 1)

    (seen,) = contacts(caller, "key_worker")["contacts"]
    assert (seen["name"], seen["phone"], seen["version"]) == ("Aunt Rosa", "+49 30 23125", 2)
    caller.call("young_person", "remove_contact", contact, 2)
    assert contacts(caller, "young_person")["contacts"] == []


def test_the_birth_year_is_given_and_taken_back_by_themselves(caller: Caller, world: World) -> None:
    place = world.organisation
    add_membership(caller.connection, place, world.people["trainer"], "young_person")
    for year in (1900, 3000):
        with pytest.raises(Refused, match="422 year_not_valid"):
            caller.call("young_person", "set_birth_year", place, year)
    assert contacts(caller, "key_worker")["birth_year"] == 2008

    caller.call("young_person", "set_birth_year", place, None)
    assert contacts(caller, "key_worker")["birth_year"] is None
