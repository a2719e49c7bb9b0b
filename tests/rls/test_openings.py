"""Two people open a young person's page to protect them: for an hour, for a reason, and told."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.openings import AGREE, ASK, CLOSE, ask, listed, log, notices
from tests.rls.world import World, add_membership
from tests.rls.world_rules import REASON


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def open_page(caller: Caller, persona: str) -> str:
    return caller.answer(persona, "open_person", caller.world.people["young_person"])


def test_asking_opens_nothing_and_agreeing_opens_it_for_both(caller: Caller, world: World) -> None:
    opening = ask(caller)
    assert open_page(caller, "safeguarding_lead") == "403 not_allowed"

    caller.call("safeguarding_lead", AGREE, opening)

    assert open_page(caller, "safeguarding_lead") == "ok"
    assert caller.rows(
        "select ends_at - agreed_at = interval '60 minutes', agreed_by from private.openings"
        " where id = %s",
        opening,
    ) == [(True, world.people["safeguarding_lead"])]


def test_the_opening_and_every_read_under_it_are_in_the_access_log(
    caller: Caller, world: World
) -> None:
    opening = ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    for persona in ("safeguarding_lead", "coordinator"):
        assert open_page(caller, persona) == "ok"
    caller.call("coordinator", CLOSE, opening)
    open_page(caller, "coordinator")

    people = world.people
    assert log(caller, world) == [
        (people["coordinator"], "coordinator", "opening_asked"),
        (people["safeguarding_lead"], "safeguarding_lead", "opening"),
        (people["safeguarding_lead"], "safeguarding_lead", "opened_person"),
        (people["coordinator"], "coordinator", "opened_person"),
        (people["coordinator"], "coordinator", "person"),
    ]
    assert caller.rows("select private.access_log_is_whole(%s)", world.organisation) == [(True,)]


def test_the_young_person_is_told_at_once_who_and_why(caller: Caller, world: World) -> None:
    opening = ask(caller)
    people, young = world.people, world.people["young_person"]
    assert (notices(caller, young), caller.call("young_person", "openings_of_me")) == ([], [])

    caller.call("safeguarding_lead", AGREE, opening)

    assert notices(caller, young) == [
        (
            "page_opened",
            opening,
            people["coordinator"],
            {"about": str(people["safeguarding_lead"])},
        )
    ]
    (told,) = caller.call("young_person", "openings_of_me")
    assert (told["asked_by"], told["agreed_by"], told["reason"], told["place"]) == (
        "coordinator",
        "safeguarding_lead",
        REASON,
        "Harbour House",
    )


def test_a_delay_is_kept_with_its_reason_and_ends_by_itself(caller: Caller, world: World) -> None:
    young = world.people["young_person"]
    opening = ask(caller, hours=72, why="The phone is with somebody who harms them.")
    caller.call("safeguarding_lead", AGREE, opening)
    assert caller.call("machine_jobs", "machine_openings")["told"] == 0
    assert (notices(caller, young), caller.call("young_person", "openings_of_me")) == ([], [])

    _hours_pass(caller, opening, 72)
    assert caller.call("machine_jobs", "machine_openings")["told"] == 1
    assert caller.call("machine_jobs", "machine_openings")["told"] == 0

    assert [kind for kind, *_ in notices(caller, young)] == ["page_opened"]
    assert len(caller.call("young_person", "openings_of_me")) == 1


@pytest.mark.parametrize(
    ("hours", "why", "refusal"),
    [
        (73, "The phone is with somebody who harms them.", "422 delay_not_valid"),
        (0, "The phone is with somebody who harms them.", "422 delay_not_valid"),
        (None, "The phone is with somebody who harms them.", "422 delay_not_valid"),
        (24, None, "422 text_not_valid"),
        (24, "because", "422 text_not_valid"),
    ],
)
def test_no_delay_without_a_reason_and_none_beyond_three_days(
    caller: Caller, hours: int | None, why: str | None, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        ask(caller, hours=hours, why=why)


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        (None, "missing"),
        ("too short", "too_short"),
        ("\u200d" * 40, "too_short"),
        (" " * 30 + "x", "too_short"),
        ("x" * 1001, "too_long"),
        ("Nobody has heard of them \u202e since Friday.", "hidden_characters"),
        ("Nobody has heard of them \x07 since Friday.", "hidden_characters"),
    ],
)
def test_the_reason_is_twenty_to_a_thousand_letters_that_can_be_seen(
    caller: Caller, reason: str | None, problem: str
) -> None:
    with pytest.raises(Refused, match="422 text_not_valid") as refusal:
        ask(caller, reason=reason)
    assert refusal.value.fields["problem"] == problem
    assert (caller.audit(), caller.hints()) == ([], [])


def test_a_reason_may_have_lines_and_comes_back_as_written(caller: Caller) -> None:
    opening = ask(caller, reason="  Nobody has heard of them.\r\nSince Friday night.\n")

    reason = listed(caller, "coordinator")[str(opening)]["reason"]
    assert reason == "Nobody has heard of them.\nSince Friday night."


def test_nobody_agrees_to_what_they_asked(caller: Caller, world: World) -> None:
    opening = ask(caller, by="safeguarding_lead", of="coordinator", about="own")
    with pytest.raises(Refused, match="403 not_yourself"):
        caller.call("safeguarding_lead", AGREE, opening)
    with pytest.raises(Refused, match="422 person_not_fitting"):
        ask(caller, of="coordinator")


def test_neither_of_the_two_is_the_young_person(caller: Caller, world: World) -> None:
    for persona in ("coordinator", "safeguarding_lead"):
        person = world.people[persona]
        add_membership(caller.connection, world.organisation, person, "young_person")
    with pytest.raises(Refused, match="403 not_yourself"):
        ask(caller, about="coordinator")
    with pytest.raises(Refused, match="422 person_not_fitting"):
        ask(caller, about="safeguarding_lead")


@pytest.mark.parametrize(
    "of", ["uncleared_coordinator", "administrator", "key_worker", "other_coordinator", "ended"]
)
def test_only_who_may_protect_here_is_asked(caller: Caller, of: str) -> None:
    with pytest.raises(Refused, match="422 person_not_fitting"):
        ask(caller, of=of)


@pytest.mark.parametrize("about", ["trainer", "other_young_person", "former_member"])
def test_only_a_young_person_of_the_place_is_asked_about(caller: Caller, about: str) -> None:
    with pytest.raises(Refused, match="404 not_found"):
        ask(caller, about=about)


def test_another_safeguarding_lead_may_agree_and_another_coordinator_not(
    caller: Caller, world: World
) -> None:
    opening = ask(caller)
    for person, role in (("trainer", "coordinator"), ("administrator", "safeguarding_lead")):
        add_membership(caller.connection, world.organisation, world.people[person], role)

    assert str(opening) not in listed(caller, "trainer")
    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("trainer", AGREE, opening)
    assert listed(caller, "administrator")[str(opening)]["may_agree"]
    caller.call("administrator", AGREE, opening)


def test_what_nobody_agrees_to_in_a_day_lapses(caller: Caller) -> None:
    opening = ask(caller)
    _hours_pass(caller, opening, 24)

    with pytest.raises(Refused, match="409 already_ended"):
        caller.call("safeguarding_lead", AGREE, opening)
    assert listed(caller, "coordinator")[str(opening)]["state"] == "lapsed"
    assert caller.call("machine_jobs", "machine_openings")["closed"] == 1
    assert listed(caller, "coordinator")[str(opening)]["state"] == "lapsed"


def test_after_an_hour_it_is_over_for_both_without_anybody_doing_anything(
    caller: Caller, world: World
) -> None:
    opening = ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    _hours_pass(caller, opening, 1)

    assert open_page(caller, "safeguarding_lead") == "403 not_allowed"
    open_page(caller, "coordinator")
    assert log(caller, world)[-1][2] == "person"
    assert listed(caller, "coordinator")[str(opening)]["state"] == "ended"
    assert caller.call("machine_jobs", "machine_openings")["closed"] == 1
    # Its place is free again, also before the machine came by.
    ask(caller)


@pytest.mark.parametrize("by", ["coordinator", "safeguarding_lead"])
def test_either_of_the_two_ends_it_for_both(caller: Caller, by: str) -> None:
    opening = ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    caller.call(by, CLOSE, opening)

    assert open_page(caller, "safeguarding_lead") == "403 not_allowed"
    with pytest.raises(Refused, match="409 already_ended"):
        caller.call(by, CLOSE, opening)


@pytest.mark.parametrize(
    ("by", "state"), [("coordinator", "taken_back"), ("safeguarding_lead", "refused")]
)
def test_what_was_asked_is_taken_back_or_refused(caller: Caller, by: str, state: str) -> None:
    opening = ask(caller)
    caller.call(by, CLOSE, opening)

    assert listed(caller, "coordinator")[str(opening)]["state"] == state
    with pytest.raises(Refused, match="409 already_ended"):
        caller.call("safeguarding_lead", AGREE, opening)


def test_one_asks_once_at_a_time_and_agrees_once(caller: Caller) -> None:
    opening = ask(caller)
    with pytest.raises(Refused, match="409 already_there"):
        ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    with pytest.raises(Refused, match="409 already_there"):
        caller.call("safeguarding_lead", AGREE, opening)


def test_who_loses_their_clearance_reads_no_more_and_asks_for_nothing(
    caller: Caller, world: World
) -> None:
    opening = ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    _take_clearance(caller, world, "safeguarding_lead")

    assert open_page(caller, "safeguarding_lead") == "403 not_allowed"
    assert caller.answer("safeguarding_lead", CLOSE, opening) == "403 not_cleared"
    assert open_page(caller, "coordinator") == "ok"


def test_nobody_agrees_with_an_asker_who_may_not_protect_any_more(
    caller: Caller, world: World
) -> None:
    opening = ask(caller)
    _take_clearance(caller, world, "coordinator")
    with pytest.raises(Refused, match="409 already_ended"):
        caller.call("safeguarding_lead", AGREE, opening)


def test_every_step_is_audited_and_told_to_both(caller: Caller, world: World) -> None:
    opening = ask(caller)
    caller.call("safeguarding_lead", AGREE, opening)
    caller.call("coordinator", CLOSE, opening)

    assert caller.audit() == [
        (f"opening_{step}", opening, []) for step in ("asked", "agreed", "closed")
    ]
    heard = [
        set(people) for kind, ref, people in caller.hints() if (kind, ref) == ("opening", opening)
    ]
    both = {world.people["coordinator"], world.people["safeguarding_lead"]}
    assert heard == [both, both, both]


def test_the_choices_are_names_of_those_who_can_be_chosen(caller: Caller, world: World) -> None:
    choices = caller.call("safeguarding_lead", "opening_choices", world.organisation)

    names = {key: {each["name"] for each in rows} for key, rows in choices.items()}
    assert names == {
        "young_people": {"young_person", "own", "waiting"},
        "colleagues": {"coordinator"},
    }


def test_another_organisation_is_told_nothing(caller: Caller, world: World) -> None:
    ask(caller, about="own")
    assert caller.call("other_coordinator", "my_openings", world.other_organisation) == []
    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("other_coordinator", ASK, world.organisation, None, None, REASON, None, None)


def _hours_pass(caller: Caller, opening: object, hours: int) -> None:
    caller.connection.execute(
        "update private.openings set asked_at = asked_at - %(by)s::interval,"
        " agreed_at = agreed_at - %(by)s::interval, ends_at = ends_at - %(by)s::interval"
        " where id = %(id)s",
        {"by": f"{hours} hours 1 minute", "id": opening},
    )


def _take_clearance(caller: Caller, world: World, persona: str) -> None:
    caller.connection.execute(
        "update public.memberships set cleared_until = null where id = %s",
        (world.memberships[persona],),
    )
