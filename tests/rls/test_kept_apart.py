"""Facts about the law, consents, sites, duties, ages and how long things are kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.openings import log
from tests.rls.probe import acting_as
from tests.rls.world import World, add_sign_in, add_user


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def test_facts_about_the_law_are_read_through_the_log_only(caller: Caller, world: World) -> None:
    young = world.people["young_person"]
    for persona in ("young_person", "key_worker", "stand_in"):
        (fact,) = caller.call(persona, "open_justice", world.organisation, young)
        assert (fact["kind"], fact["words"]) == ("court_date", "In May.")
    with acting_as(caller.connection, world, "key_worker"):
        assert caller.rows("select from public.justice_facts") == []

    assert log(caller, world) == [
        (world.people["key_worker"], "key_worker", "justice"),
        (world.people["stand_in"], "key_worker", "justice"),
    ]


def test_no_opening_reaches_facts_about_the_law(caller: Caller, world: World) -> None:
    waiting = world.people["waiting"]
    for persona in ("coordinator", "safeguarding_lead"):
        assert caller.answer(persona, "open_person", waiting) == "ok"
        for function in ("open_justice", "open_consents"):
            assert caller.answer(persona, function, world.organisation, waiting) == (
                "403 not_allowed"
            )


@pytest.mark.parametrize(
    ("kind", "words", "refusal"),
    [
        ("parking", "Twice.", "422 kind_not_valid"),
        ("other", "", "422 text_not_valid"),
        ("other", None, "422 text_not_valid"),
        ("other", "x" * 1001, "422 text_not_valid"),
    ],
)
def test_a_fact_has_a_known_kind_and_words(
    caller: Caller, world: World, kind: str, words: str | None, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        caller.call(
            "key_worker",
            "add_justice_fact",
            world.organisation,
            world.people["young_person"],
            kind,
            words,
        )


def test_a_fact_that_is_over_is_gone_and_the_audit_says_when(caller: Caller, world: World) -> None:
    fact = world.rows["fact"]
    caller.call("young_person", "remove_justice_fact", fact)

    assert caller.rows("select from public.justice_facts where id = %s", fact) == []
    assert caller.audit() == [("justice_fact_removed", fact, [])]
    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("key_worker", "remove_justice_fact", fact)


def history(caller: Caller) -> list[tuple[str, bool]]:
    world = caller.world
    found = caller.call(
        "key_worker", "open_consents", world.organisation, world.people["young_person"]
    )
    return [(each["purpose"], each["given"]) for each in found]


def test_every_yes_and_no_stays_and_the_last_one_counts(caller: Caller, world: World) -> None:
    def say(purpose: str, given: bool) -> None:
        caller.call("young_person", "set_consent", world.organisation, purpose, given)

    for given in (True, True, False, True):
        say("photos", given)
    say("contact", False)
    say("ai", False)

    assert history(caller) == [
        ("contact", True),
        ("photos", True),
        ("photos", False),
        ("photos", True),
        ("contact", False),
    ]
    young, place = world.people["young_person"], world.organisation
    agreed = {
        purpose: caller.rows("select private.agrees(%s, %s, %s)", place, young, purpose)
        for purpose in ("photos", "contact", "ai", "research")
    }
    assert agreed == {
        "photos": [(True,)],
        "contact": [(False,)],
        "ai": [(False,)],
        "research": [(False,)],
    }


@pytest.mark.parametrize(
    "change",
    [
        "update public.consents set given = not given",
        "delete from public.consents",
        "truncate public.consents",
    ],
)
def test_nobody_rewrites_a_consent_not_even_the_owner(caller: Caller, change: str) -> None:
    caller.connection.execute("set local role postgres")
    with pytest.raises(psycopg.Error, match="append_only"):
        caller.connection.execute(change.encode())


def test_who_got_back_in_by_a_code_gives_no_consent_and_learns_of_no_opening(
    caller: Caller, world: World
) -> None:
    world.users["returned"] = user = add_user(caller.connection, "returned")
    add_sign_in(caller.connection, world.people["young_person"], user, full_in="72 hours")
    caller.connection.execute(
        "update private.openings set agreed_by = asked_of, agreed_at = asked_at,"
        " ends_at = asked_at, told_at = asked_at where id = %s",
        (world.rows["asked"],),
    )

    assert len(caller.call("young_person", "openings_of_me")) == 1
    assert caller.call("returned", "openings_of_me") == []
    with pytest.raises(Refused, match="403 not_full_yet"):
        caller.call("returned", "set_consent", world.organisation, "photos", True)


@pytest.mark.parametrize("purpose", ["everything", "", None])
def test_consent_is_for_a_known_purpose(caller: Caller, world: World, purpose: str | None) -> None:
    with pytest.raises(Refused, match="422 purpose_not_valid"):
        caller.call("young_person", "set_consent", world.organisation, purpose, True)
    with pytest.raises(Refused, match="422 missing"):
        caller.call("young_person", "set_consent", world.organisation, "photos", None)


def test_a_site_has_one_name_and_versions(caller: Caller, world: World) -> None:
    place, site = world.organisation, world.rows["site"]
    with pytest.raises(Refused, match="409 already_there"):
        caller.call("coordinator", "add_site", place, " Pier ", "Seeburg", "Pier 9", None)
    changed = ("Pier", "Seeburg", "Pier 2", True)
    assert caller.call("coordinator", "change_site", site, *changed, 1) == 2
    with pytest.raises(Refused, match="409 changed_meanwhile"):
        caller.call("coordinator", "change_site", site, *changed, 1)
    for name in ("", "Pier \u202e", "x" * 81):
        with pytest.raises(Refused, match="422 name_not_valid"):
            caller.call("coordinator", "add_site", place, name, "Seeburg", "Pier 9", None)


def plan(caller: Caller, whom: str, starts: int, ends: int) -> str:
    now = datetime.now(UTC)
    world = caller.world
    return caller.answer(
        "coordinator",
        "plan_duty",
        world.rows["site"],
        world.people[whom],
        now + timedelta(hours=starts),
        now + timedelta(hours=ends),
    )


def test_duty_is_for_cleared_staff_one_at_a_time_and_a_day_at_most(caller: Caller) -> None:
    assert plan(caller, "stand_in", 1, 9) == "ok"
    assert plan(caller, "stand_in", 8, 10) == "409 already_there"
    assert plan(caller, "safeguarding_lead", 8, 10) == "ok"
    for whom in ("uncleared_coordinator", "mentor", "young_person", "other_key_worker", "ended"):
        assert plan(caller, whom, 1, 9) == "422 person_not_fitting"
    for starts, ends in ((2, 1), (1, 26), (-9, -1), (24 * 401, 24 * 401 + 1)):
        assert plan(caller, "coordinator", starts, ends) == "422 times_not_valid"


def test_how_long_a_young_person_is_kept_is_the_administrator_s_to_say(
    caller: Caller, world: World
) -> None:
    membership = world.memberships["young_person"]
    assert caller.call("administrator", "set_retention", membership, "hold", 1) == 2
    with pytest.raises(Refused, match="409 changed_meanwhile"):
        caller.call("administrator", "set_retention", membership, "standard", 1)
    with pytest.raises(Refused, match="422 retention_not_valid"):
        caller.call("administrator", "set_retention", membership, "for ever", 2)
    with pytest.raises(Refused, match="422 role_not_valid"):
        caller.call("administrator", "set_retention", world.memberships["mentor"], "hold", 1)
    with pytest.raises(psycopg.errors.CheckViolation):
        caller.connection.execute(
            "update public.memberships set retention_class = 'hold' where id = %s",
            (world.memberships["mentor"],),
        )


def test_an_age_of_consent_is_known_with_its_source_or_not_at_all(caller: Caller) -> None:
    caller.connection.execute(
        "update public.countries set consent_age = 14, consent_age_source ="
        " 'https://example.org/law', consent_age_as_of = '2018-06-05' where code = 'AT'"
    )
    for broken in (
        "update public.countries set consent_age = 12 where code = 'AT'",
        "update public.countries set consent_age_source = null where code = 'AT'",
    ):
        with pytest.raises(psycopg.errors.CheckViolation), caller.connection.transaction():
            caller.connection.execute(broken.encode())


def test_ages_stand_where_a_published_overview_names_them_and_nowhere_else(
    caller: Caller,
) -> None:
    found = dict(
        caller.rows(
            "select code, consent_age from public.countries where code = any (%s)",
            ["AT", "DE", "DK", "UA"],
        )
    )
    assert found == {"AT": 14, "DE": 16, "DK": None, "UA": None}
