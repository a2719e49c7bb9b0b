"""How they stay in touch: both may change it, both are told, and what we did stands beside it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.contact.model import LoggedKind, Place, Way
from tests.rls.caller import Caller, Refused
from tests.rls.openings import log, notices
from tests.rls.threads import add_message
from tests.rls.world import World, add_part

AGREED: dict[str, object] = {
    "ways": ["call", "chat"],
    "every_days": 7,
    "places": ["cafe"],
    "quiet_from": "21:00",
    "quiet_to": "08:00",
    "answer_days": 2,
}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def read(caller: Caller, persona: str, about: str = "young_person") -> dict[str, Any]:
    world = caller.world
    found: dict[str, Any] = caller.call(
        persona, "open_agreement", world.organisation, world.people[about]
    )
    return found


def agree(caller: Caller, by: str, agreement: object = AGREED, seen: int = 1) -> int:
    world = caller.world
    version: int = caller.call(
        by,
        "set_agreement",
        world.organisation,
        world.people["young_person"],
        json.dumps(agreement),
        seen,
    )
    return version


def made(caller: Caller, by: str, *, kind: str = "call", met: bool = True, days: float = 0) -> UUID:
    world = caller.world
    at = datetime.now(UTC) - timedelta(days=days)
    added: UUID = caller.call(
        by, "log_contact", world.organisation, world.people["young_person"], kind, met, at
    )
    return added


@pytest.mark.parametrize("by", ["young_person", "key_worker", "stand_in"])
def test_each_of_them_changes_it_and_everybody_reads_what_was_agreed(
    caller: Caller, by: str
) -> None:
    assert agree(caller, by) == 2

    for persona in ("young_person", "key_worker", "stand_in"):
        page = read(caller, persona)
        assert {key: page[key] for key in AGREED} == AGREED
        assert (page["version"], page["written_by"]) == (2, by)
        assert page["own_words"] == (by == "young_person")


def test_who_changed_what_and_when_can_be_read_the_last_first(caller: Caller) -> None:
    agree(caller, "young_person")
    agree(caller, "key_worker", {**AGREED, "every_days": 14}, seen=2)

    last, first = read(caller, "young_person")["changes"]
    assert (last["name"], last["own"], last["fields"]) == ("key_worker", False, ["every_days"])
    assert (first["name"], first["own"]) == ("young_person", True)
    assert first["fields"] == ["places", "quiet_from", "quiet_to", "ways"]


def test_a_change_is_written_down_and_heard_by_those_it_concerns(
    caller: Caller, world: World
) -> None:
    agree(caller, "young_person", {**AGREED, "ways": ["chat"], "places": ["office"]})

    young, worker = world.people["young_person"], world.people["key_worker"]
    assert caller.audit() == [("agreement_set", young, ["quiet_from", "quiet_to"])]
    heard = {kind: set(people) for kind, _, people in caller.hints()}
    assert heard == {"person": {worker}, "agreement": {young, worker, world.people["stand_in"]}}


def test_the_other_side_is_told_once_however_often_it_changes(caller: Caller, world: World) -> None:
    young, worker, other = (
        world.people[each] for each in ("young_person", "key_worker", "stand_in")
    )
    agree(caller, "key_worker")
    agree(caller, "key_worker", {**AGREED, "every_days": 3}, seen=2)
    assert notices(caller, young) == [("agreement_changed", young, worker, {})]
    assert notices(caller, worker) == []

    agree(caller, "stand_in", seen=3)
    assert notices(caller, young) == [("agreement_changed", young, other, {})]
    assert notices(caller, worker) == [
        ("agreement_changed", young, other, {"about": str(young)}),
    ]


def test_what_is_the_same_as_before_is_no_change(caller: Caller, world: World) -> None:
    agree(caller, "key_worker")
    assert agree(caller, "young_person", seen=2) == 2
    assert notices(caller, world.people["key_worker"]) == []


def test_a_change_over_a_newer_version_is_refused_and_changes_nothing(caller: Caller) -> None:
    agree(caller, "young_person")
    with pytest.raises(Refused, match="409 changed_meanwhile") as refusal:
        agree(caller, "key_worker", {**AGREED, "every_days": 30})
    assert refusal.value.fields == {"version": 2}
    assert read(caller, "key_worker")["every_days"] == 7


def test_where_nothing_was_agreed_the_page_says_so(caller: Caller) -> None:
    page = read(caller, "key_worker", "waiting")
    assert (page["version"], page["ways"], page["changes"], page["made"]) == (0, None, [], [])


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {**AGREED, "ways": []},
        {**AGREED, "ways": ["pigeon"]},
        {**AGREED, "ways": "chat"},
        {**AGREED, "places": ["moon"]},
        {**AGREED, "every_days": 0},
        {**AGREED, "every_days": 91},
        {**AGREED, "every_days": 2.5},
        {**AGREED, "every_days": None},
        {**AGREED, "answer_days": 11},
        {**AGREED, "quiet_to": None},
        {**AGREED, "quiet_to": "21:00"},
        {**AGREED, "quiet_from": "25:00"},
        {**AGREED, "quiet_from": "nine"},
    ],
)
def test_what_makes_no_sense_is_not_taken(caller: Caller, wrong: object) -> None:
    with pytest.raises(Refused, match="422 agreement_not_valid"):
        agree(caller, "young_person", wrong)
    assert read(caller, "young_person")["version"] == 1


def test_what_can_be_chosen_is_the_same_on_both_sides(caller: Caller) -> None:
    ((ways, places),) = caller.rows("select private.contact_ways(), private.contact_places()")
    assert (ways, places) == ([each.value for each in Way], [each.value for each in Place])
    for kind in LoggedKind:
        made(caller, "key_worker", kind=kind.value)


def test_what_staff_read_is_part_of_the_page_they_opened(caller: Caller, world: World) -> None:
    caller.call("key_worker", "open_person", world.people["young_person"])
    for persona in ("key_worker", "young_person", "stand_in"):
        read(caller, persona)

    people = world.people
    assert log(caller, world) == [
        (people["key_worker"], "key_worker", "person"),
        (people["stand_in"], "key_worker", "person"),
    ]


def test_one_organisation_never_reads_what_was_agreed_in_another(
    caller: Caller, world: World
) -> None:
    own, there = world.people["own"], world.other_organisation
    add_part(caller.connection, world.organisation, own, world.people["key_worker"], "key_worker")
    caller.call("own", "set_agreement", there, own, json.dumps(AGREED), 0)

    assert caller.call("own", "open_agreement", world.organisation, own)["version"] == 0
    for function, *more in (
        ("open_agreement",),
        ("set_agreement", json.dumps(AGREED), 1),
        ("log_contact", "call", True, datetime.now(UTC)),
    ):
        answer = caller.answer("key_worker", function, there, own, *more)
        assert answer == "403 not_allowed"


def test_both_see_what_we_did_and_a_try_is_no_contact(caller: Caller, world: World) -> None:
    call = made(caller, "stand_in", days=2)
    made(caller, "key_worker", kind="visit", met=False)

    for persona in ("young_person", "key_worker"):
        page = read(caller, persona)
        assert [(each["kind"], each["met"], each["name"]) for each in page["made"]] == [
            ("visit", False, "key_worker"),
            ("call", True, "stand_in"),
            ("visit", True, "key_worker"),
        ]
        assert page["last_at"] == next(
            each["at"] for each in page["made"] if each["id"] == str(call)
        )
    assert [each["may_take_back"] for each in read(caller, "stand_in")["made"]] == [
        False,
        True,
        False,
    ]


def test_what_we_write_is_a_contact_and_what_they_write_is_none_of_ours(
    caller: Caller, world: World
) -> None:
    thread, people = world.rows["thread"], world.people
    visit = read(caller, "key_worker")["made"][0]["at"]
    assert read(caller, "key_worker")["last_at"] == visit

    add_message(caller.connection, thread, 2, people["stand_in"])
    add_message(caller.connection, thread, 3, people["young_person"])
    ((written,),) = caller.rows(
        "select sent_at from private.messages where thread_id = %s and seq = 2", thread
    )
    last = read(caller, "key_worker")["last_at"]
    assert datetime.fromisoformat(last) == written

    mentor = world.rows["mentor_thread"]
    add_message(caller.connection, mentor, 2, people["mentor"])
    assert read(caller, "key_worker")["last_at"] == last


@pytest.mark.parametrize(
    ("kind", "met", "at", "refusal"),
    [
        ("letter", True, "now", "422 kind_not_valid"),
        (None, True, "now", "422 kind_not_valid"),
        ("call", None, "now", "422 missing"),
        ("call", True, None, "422 missing"),
        ("call", True, "tomorrow", "422 date_not_valid"),
        ("call", True, "2001-01-01", "422 date_not_valid"),
    ],
)
def test_a_contact_that_cannot_have_been_is_not_logged(
    caller: Caller, world: World, kind: str | None, met: bool | None, at: str | None, refusal: str
) -> None:
    young = world.people["young_person"]
    with pytest.raises(Refused, match=refusal):
        caller.call("key_worker", "log_contact", world.organisation, young, kind, met, at)


def test_who_logged_it_takes_it_back_within_a_day(caller: Caller, world: World) -> None:
    added = made(caller, "key_worker")
    assert caller.answer("stand_in", "take_back_contact", added) == "403 not_allowed"
    caller.call("key_worker", "take_back_contact", added)
    assert caller.answer("key_worker", "take_back_contact", added) == "403 not_allowed"
    assert [action for action, *_ in caller.audit()] == ["contact_logged", "contact_taken_back"]

    old = world.rows["made"]
    caller.connection.execute(
        "update private.contacts_made set logged_at = now() - interval '25 hours' where id = %s",
        (old,),
    )
    assert caller.answer("key_worker", "take_back_contact", old) == "409 too_late"
