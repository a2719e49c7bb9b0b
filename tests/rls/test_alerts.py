"""A young person does not feel safe: who is told, in what order, and who never is."""

import hashlib
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.rls.alerts import (
    READ,
    TAKE,
    heard,
    listed,
    no_duties,
    pass_minutes,
    plan,
    send,
    told,
)
from tests.rls.caller import Caller, Refused
from tests.rls.openings import log
from tests.rls.threads import SEALED
from tests.rls.world import World, add_membership, add_part


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    """The key worker has duty until the stand-in has; nobody else. Nothing was sent yet."""
    admin.execute("delete from private.alerts where organisation_id = %s", (world.organisation,))
    caller = Caller(admin, world)
    no_duties(caller)
    plan(caller, "key_worker", -1, 3)
    plan(caller, "stand_in", 3, 8)
    return caller


def page(caller: Caller, *, about: str | None = None, staff: bool = False) -> dict[str, Any]:
    named = caller.world.people[about] if about else None
    found: dict[str, Any] = caller.call(
        "young_person", "unsafe_page", caller.world.organisation, staff, named
    )
    return found


def test_before_sending_it_says_who_reads_it_and_when_somebody_is_there(caller: Caller) -> None:
    now = page(caller)
    assert (now["rota"], now["there"], now["also"]) == (
        True,
        ["key_worker"],
        ["coordinator", "safeguarding_lead"],
    )
    no_duties(caller)
    plan(caller, "coordinator", 5, 8)
    later = page(caller)
    assert (later["rota"], later["there"], later["next_at"] is not None) == (True, [], True)


def test_without_a_rota_nothing_is_sent(caller: Caller) -> None:
    no_duties(caller)
    assert page(caller)["rota"] is False
    with pytest.raises(Refused, match="409 no_rota"):
        send(caller)


def test_a_duty_of_somebody_who_may_not_read_it_is_no_rota(caller: Caller) -> None:
    no_duties(caller)
    plan(caller, "uncleared_coordinator", -1, 5)
    assert page(caller)["rota"] is False


def test_who_has_duty_is_told_at_once_then_the_next_one_then_all_who_lead(caller: Caller) -> None:
    alert = send(caller)
    assert told(caller, alert) == [("key_worker", "duty")]
    assert pass_minutes(caller, 9) == {"advanced": 0, "came": 0}
    assert pass_minutes(caller, 11)["advanced"] == 1
    assert told(caller, alert) == [("key_worker", "duty"), ("stand_in", "next")]
    assert listed(caller, "stand_in")[str(alert)]["told"]

    assert pass_minutes(caller, 22)["advanced"] == 1
    assert sorted(told(caller, alert)[2:]) == [
        ("coordinator", "fallback"),
        ("safeguarding_lead", "fallback"),
    ]
    assert listed(caller, "coordinator")[str(alert)]["state"] == "fallback"
    assert pass_minutes(caller, 120) == {"advanced": 0, "came": 0}


def test_whoever_takes_it_ends_the_telling(caller: Caller) -> None:
    alert = send(caller)
    caller.call("key_worker", TAKE, alert)
    assert pass_minutes(caller, 30) == {"advanced": 0, "came": 0}
    assert told(caller, alert) == [("key_worker", "duty")]
    with pytest.raises(Refused, match="409 already_taken"):
        caller.call("coordinator", TAKE, alert)


def test_who_gives_it_back_hands_it_to_the_next_one_at_once(caller: Caller) -> None:
    alert = send(caller)
    caller.call("key_worker", TAKE, alert)
    caller.call("key_worker", "give_back_alert", alert)
    assert told(caller, alert)[1:] == [("stand_in", "next")]
    assert listed(caller, "key_worker")[str(alert)]["state"] == "waiting"


def test_at_night_the_next_on_the_rota_is_told_and_who_comes_on_duty_too(caller: Caller) -> None:
    no_duties(caller)
    plan(caller, "stand_in", 2, 9)
    plan(caller, "former_teammate", 30, 33)
    alert = send(caller)
    assert told(caller, alert) == [("stand_in", "next")]
    pass_minutes(caller, 11)
    assert {step for _, step in told(caller, alert)} == {"next", "fallback"}
    assert pass_minutes(caller, 31 * 60) == {"advanced": 0, "came": 1}
    assert told(caller, alert)[-1] == ("former_teammate", "duty")


TEAM = ("key_worker", "stand_in", "mentor", "professional", "uncleared_mentor")


def test_about_staff_it_reaches_no_one_of_the_team(caller: Caller) -> None:
    alert = send(caller, staff=True)
    pass_minutes(caller, 11)
    pass_minutes(caller, 25)

    assert sorted(told(caller, alert)) == [
        ("coordinator", "fallback"),
        ("safeguarding_lead", "fallback"),
    ]
    assert heard(caller, alert) == {"young_person", "coordinator", "safeguarding_lead"}
    for persona in TEAM:
        assert caller.answer(persona, READ, alert) == "403 not_allowed"
    for persona in ("key_worker", "stand_in", "former_teammate"):
        assert str(alert) not in listed(caller, persona)


def test_a_coordinator_who_is_in_the_team_is_of_the_team(caller: Caller, world: World) -> None:
    alert = send(caller, staff=True)
    assert caller.answer("coordinator", READ, alert) == "ok"
    young, people = world.people["young_person"], world.people
    add_part(caller.connection, world.organisation, young, people["coordinator"], "stand_in")

    assert caller.answer("coordinator", READ, alert) == "403 not_allowed"
    assert str(alert) not in listed(caller, "coordinator")
    assert "coordinator" not in page(caller, staff=True)["also"]
    assert "coordinator" in page(caller)["also"]


def test_who_left_the_team_yesterday_is_still_of_the_team(caller: Caller, world: World) -> None:
    person = world.people["former_teammate"]
    add_membership(caller.connection, world.organisation, person, "coordinator")
    alert = send(caller, staff=True)
    assert caller.answer("former_teammate", READ, alert) == "403 not_allowed"


@pytest.mark.parametrize("about", ["coordinator", "safeguarding_lead"])
def test_whoever_is_named_never_hears_of_it(caller: Caller, about: str) -> None:
    plan(caller, about, -1, 9)
    alert = send(caller, about=about)
    for minutes in (0, 11, 22, 60):
        pass_minutes(caller, minutes)

    assert about not in {who for who, _ in told(caller, alert)}
    assert about not in heard(caller, alert)
    assert caller.answer(about, READ, alert) == "403 not_allowed"
    assert caller.answer(about, TAKE, alert) == "403 not_allowed"
    assert str(alert) not in listed(caller, about)
    (other,) = {"coordinator", "safeguarding_lead"} - {about}
    assert caller.answer(other, READ, alert) == "ok"


def test_where_nobody_is_left_to_read_it_nothing_is_sent(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update public.memberships set cleared_until = null where id = %s",
        (world.memberships["safeguarding_lead"],),
    )
    assert page(caller, about="coordinator", staff=True)["also"] == []
    with pytest.raises(Refused, match="409 nobody_there"):
        send(caller, about="coordinator")


def test_only_staff_of_the_place_can_be_named(caller: Caller) -> None:
    for persona in ("own", "other_key_worker"):
        with pytest.raises(Refused, match="422 person_not_fitting"):
            send(caller, about=persona)
    names = {each["name"] for each in page(caller)["staff"]}
    assert names == {*TEAM, "coordinator", "safeguarding_lead"}


@pytest.mark.parametrize(("age", "answer"), [(11, "409 too_late"), (-11, "422 times_not_valid")])
def test_a_press_of_another_moment_sends_nothing(caller: Caller, age: float, answer: str) -> None:
    with pytest.raises(Refused, match=answer):
        send(caller, age=age)
    assert (caller.audit(), caller.hints()) == ([], [])


def test_the_same_press_twice_is_one_alert(caller: Caller) -> None:
    alert = send(caller)
    assert send(caller, alert=alert, age=30) == alert
    assert len(caller.audit()) == 1
    caller.connection.execute(
        "update private.alerts set young_person_id = %s where id = %s",
        (caller.world.people["own"], alert),
    )
    with pytest.raises(Refused, match="409 already_there"):
        send(caller, alert=alert)


def test_six_in_an_hour_are_enough(caller: Caller) -> None:
    for _ in range(6):
        send(caller)
    with pytest.raises(Refused, match="409 too_often"):
        send(caller)


@pytest.mark.parametrize("sealed", ["in plain words", "", SEALED + "x" * 8000])
def test_only_sealed_words_are_kept(caller: Caller, sealed: str) -> None:
    with pytest.raises(Refused, match="422 text_not_valid"):
        send(caller, sealed=sealed)


def test_words_move_to_a_new_key(caller: Caller) -> None:
    alert = send(caller)
    (row,) = [
        each
        for each in caller.call("machine_jobs", "machine_sealed", ["k1"])
        if each["kind"] == "alerts"
    ]
    assert (row["ref"], row["place"]) == ([str(alert)], ["alert", str(alert)])
    was = hashlib.md5(SEALED.encode(), usedforsecurity=False).hexdigest()
    again = SEALED.replace("s1.k1.", "s1.k2.")
    rows = [{"kind": "alerts", "ref": row["ref"], "was": was, "sealed": again}]
    assert caller.call("machine_jobs", "machine_reseal", Jsonb(rows)) == 1
    assert {"kind": "alerts", "key": "k2"} in caller.call("machine_jobs", "machine_keys")


def test_a_mistake_is_taken_back_and_its_words_are_gone(caller: Caller) -> None:
    alert = send(caller)
    assert page(caller)["sent"]["id"] == str(alert)
    caller.call("young_person", "take_back_alert", alert)
    caller.call("young_person", "take_back_alert", alert)

    assert caller.rows("select sealed from private.alerts where id = %s", alert) == [(None,)]
    assert pass_minutes(caller, 30) == {"advanced": 0, "came": 0}
    assert listed(caller, "key_worker")[str(alert)]["state"] == "taken_back"
    assert caller.answer("key_worker", TAKE, alert) == "409 already_ended"


def test_after_half_a_minute_nothing_shows_and_nothing_is_taken_back(caller: Caller) -> None:
    alert = send(caller)
    caller.connection.execute(
        "update private.alerts set sent_at = sent_at - interval '36 seconds' where id = %s",
        (alert,),
    )
    assert page(caller)["sent"] is None
    with pytest.raises(Refused, match="409 too_late"):
        caller.call("young_person", "take_back_alert", alert)


def test_what_became_of_it_is_told_to_who_sent_it(caller: Caller) -> None:
    alert = send(caller)
    caller.call("key_worker", TAKE, alert)
    followed = caller.call("young_person", "follow_alert", alert)
    assert (followed["state"], followed["taken_by"]) == ("taken", "key_worker")
    with pytest.raises(Refused, match="404 not_found"):
        caller.call("own", "follow_alert", alert)
    with pytest.raises(Refused, match="404 not_found"):
        caller.call("own", "take_back_alert", alert)


def test_every_step_is_audited_and_every_reading_logged_once(caller: Caller, world: World) -> None:
    alert = send(caller)
    for _ in range(2):
        caller.call("key_worker", READ, alert)
    caller.call("key_worker", TAKE, alert)
    caller.call("key_worker", "reach_alert", alert)
    caller.call("key_worker", "close_alert", alert, "safe_now")

    assert caller.audit() == [
        (f"alert_{step}", alert, []) for step in ("sent", "taken", "reached", "closed")
    ]
    assert log(caller, world) == [(world.people["key_worker"], "key_worker", "alert")]
    assert caller.answer("key_worker", "close_alert", alert, "safe_now") == "409 already_ended"
    seen = caller.call("coordinator", READ, alert)
    assert (seen["state"], seen["outcome"], seen["taken_by"]) == (
        "closed",
        "safe_now",
        "key_worker",
    )


def test_who_was_told_reads_it_until_a_day_after_its_end(caller: Caller) -> None:
    alert = send(caller)
    caller.call("key_worker", TAKE, alert)
    caller.call("key_worker", "close_alert", alert, "help_came")
    assert caller.answer("key_worker", READ, alert) == "ok"
    caller.connection.execute(
        "update private.alerts set closed_at = now() - interval '25 hours' where id = %s", (alert,)
    )
    assert caller.answer("key_worker", READ, alert) == "403 not_allowed"
    assert caller.answer("coordinator", READ, alert) == "ok"


def test_only_who_took_it_or_leads_goes_on_with_it(caller: Caller) -> None:
    alert = send(caller)
    assert caller.answer("key_worker", "reach_alert", alert) == "409 not_taken"
    caller.call("key_worker", TAKE, alert)
    pass_minutes(caller, 11)
    plan(caller, "former_teammate", -1, 2)
    caller.connection.execute(
        "insert into private.alert_tellings values (%s, %s, 'duty', now())",
        (alert, caller.world.people["former_teammate"]),
    )
    for step in ("give_back_alert", "reach_alert"):
        assert caller.answer("former_teammate", step, alert) == "403 not_allowed"
    assert caller.answer("safeguarding_lead", "close_alert", alert, "gone") == (
        "422 outcome_not_valid"
    )
    assert caller.answer("safeguarding_lead", "close_alert", alert, "passed_on") == "ok"


def test_an_alert_nobody_knows_is_answered_like_one_that_is_not_ours(caller: Caller) -> None:
    assert caller.answer("coordinator", READ, uuid4()) == "403 not_allowed"


def test_the_rules_have_versions_and_bounds(caller: Caller, world: World) -> None:
    def rule(minutes: int, words: str, version: int) -> str:
        return caller.answer(
            "coordinator", "set_alert_rules", world.organisation, minutes, words, version
        )

    words = "The night desk of the town calls you."
    assert rule(3, words, 1) == "ok"
    assert rule(3, words, 1) == "409 changed_meanwhile"
    assert rule(3, words, 0) == "409 changed_meanwhile"
    assert rule(1, words, 2) == "422 minutes_not_valid"
    assert rule(3, "short", 2) == "422 text_not_valid"
    send(caller)
    assert pass_minutes(caller, 4)["advanced"] == 1
    assert page(caller)["fallback"] == words


def test_the_rota_page_has_what_planning_needs(caller: Caller, world: World) -> None:
    found = caller.call("safeguarding_lead", "duty_page", world.organisation)
    assert [each["name"] for each in found["duties"]] == ["key_worker", "stand_in"]
    assert [each["name"] for each in found["sites"]] == ["Pier"]
    assert {each["name"] for each in found["people"]} == {
        "key_worker", "stand_in", "former_teammate", "coordinator", "safeguarding_lead"
    }  # fmt: skip
    assert found["rules"]["version"] == 1
