"""Getting back in by a code: who may make one, what it gives, and that the young person knows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_user


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.fixture
def returned(admin: psycopg.Connection[Any], world: World) -> str:
    """A persona with a new sign-in that claimed the open code of the young person."""
    claim(Caller(admin, world), world.return_code)
    return "new"


def new_code(caller: Caller, by: str = "key_worker", reason: object = "new_phone") -> str:
    code: str = caller.call(by, "new_return_code", caller.world.people["young_person"], reason)[
        "code"
    ]
    return code


def claim(caller: Caller, code: str, persona: str = "new") -> UUID:
    """By a sign-in that Auth has just made."""
    caller.world.users[persona] = add_user(caller.connection, persona)
    person: UUID = caller.call(persona, "claim_return", code)
    return person


def kinds(caller: Caller, persona: str = "young_person") -> list[str]:
    return [each["kind"] for each in caller.call(persona, "my_notices")["notices"]]


def pass_time(caller: Caller, time: str) -> None:
    """Everything about returns happened that much earlier."""
    caller.connection.execute(
        "update private.returns set created_at = created_at - %(t)s::interval,"
        " expires_at = expires_at - %(t)s::interval, used_at = used_at - %(t)s::interval,"
        " objected_at = objected_at - %(t)s::interval, stopped_at = stopped_at - %(t)s::interval",
        {"t": time},
    )
    caller.connection.execute(
        "update private.sign_ins set full_from = full_from - %s::interval", (time,)
    )
    caller.connection.execute(
        "update private.proof_tries set since = since - %s::interval", (time,)
    )


def test_the_young_person_is_told_at_once_by_whom_and_why(caller: Caller, world: World) -> None:
    young = world.people["young_person"]
    code = new_code(caller, reason="phone_lost")

    assert len(code.replace("-", "")) == 12
    notice = caller.call("young_person", "my_notices")["notices"][0]
    assert (notice["kind"], notice["made_by"], notice["words"]) == (
        "return_code_made",
        "key_worker",
        {"reason": "phone_lost"},
    )
    assert ("person", young, [young]) in caller.hints()
    assert caller.audit() == [("return_code_made", young, [])]
    assert caller.rows("select reason from private.audit order by id desc limit 1") == [
        ("phone_lost",)
    ]
    assert code not in str(caller.rows("select r::text from private.returns as r"))


@pytest.mark.parametrize("reason", [None, "", "because", "new_phone ", "She told me that she left"])
def test_a_reason_is_one_of_four_words(caller: Caller, reason: str | None) -> None:
    with pytest.raises(Refused, match="422 reason_not_valid"):
        new_code(caller, reason=reason)


def test_an_earlier_code_stops_working(caller: Caller, world: World) -> None:
    assert caller.call("anonymous", "back_page", world.return_code)["organisation"]
    code = new_code(caller)

    assert caller.call("anonymous", "back_page", world.return_code) is None
    assert caller.call("anonymous", "back_page", code)["organisation"] == "Harbour House"
    with pytest.raises(Refused, match="422 code_not_valid"):
        claim(caller, world.return_code)


def test_the_young_person_has_one_card_for_a_code_and_what_became_of_it(caller: Caller) -> None:
    new_code(caller)
    code = new_code(caller, reason="forgot_way_in")
    assert kinds(caller) == ["return_code_made", "page_opened"]

    claim(caller, code)
    assert kinds(caller) == ["return_code_used", "page_opened"]
    new_code(caller)
    assert kinds(caller) == ["return_code_made", "return_code_used", "page_opened"]


def test_nobody_makes_code_after_code(caller: Caller) -> None:
    for _ in range(4):  # one stands in the world already
        new_code(caller)
    with pytest.raises(Refused, match="409 too_many_codes"):
        new_code(caller)

    pass_time(caller, "24 hours")
    assert new_code(caller)


def test_a_code_gives_a_second_way_in_and_leaves_the_first_as_it_is(
    caller: Caller, world: World
) -> None:
    young = world.people["young_person"]
    assert claim(caller, world.return_code) == young

    ways = caller.rows(
        "select user_id, full_from - now() from private.sign_ins where person_id = %s"
        " order by full_from",
        young,
    )
    assert ways == [
        (world.users["young_person"], ways[0][1]),
        (world.users["new"], timedelta(hours=72)),
    ]
    assert ways[0][1] <= timedelta()
    assert caller.call("young_person", "my_home", world.devices["young_person"])
    assert kinds(caller) == ["return_code_used", "page_opened"]
    assert caller.audit() == [("return_code_used", young, [])]


def test_the_same_form_sent_again_is_answered_with_yes(caller: Caller, world: World) -> None:
    person = claim(caller, world.return_code)

    assert caller.call("new", "claim_return", world.return_code) == person
    assert kinds(caller).count("return_code_used") == 1


def test_a_code_works_once(caller: Caller, world: World) -> None:
    claim(caller, world.return_code)

    assert caller.call("anonymous", "back_page", world.return_code) is None
    with pytest.raises(Refused, match="422 code_not_valid"):
        claim(caller, world.return_code, "thief")


@pytest.mark.parametrize(
    "harm",
    [
        "update private.returns set created_at = created_at - interval '49 hours',"
        " expires_at = expires_at - interval '49 hours'",
        "update public.team_members set until = now() where part = 'key_worker'",
        "update public.memberships set cleared_until = current_date - 2 where role = 'key_worker'",
        "update public.memberships set until = now() where role = 'young_person'",
        "update public.memberships set until = now() where role = 'key_worker'",
    ],
    ids=["too old", "another key worker", "no clearance", "they left", "the key worker left"],
)
def test_a_code_dies_with_what_it_stands_on(caller: Caller, world: World, harm: str) -> None:
    caller.connection.execute(harm.encode())

    assert caller.call("anonymous", "back_page", world.return_code) is None
    with pytest.raises(Refused, match="422 code_not_valid"):
        claim(caller, world.return_code)


def test_until_72_hours_have_passed_nothing_is_told_marked_or_decided(
    caller: Caller, world: World, returned: str
) -> None:
    told = caller.call(returned, "my_notices")
    waits = datetime.fromisoformat(told["full_from"]).timestamp()
    ((now,),) = caller.rows("select now()")

    assert told["notices"] == []
    assert abs(waits - now.timestamp() - 72 * 3600) < 1
    for function, argument in (
        ("see_notice", world.notice),
        ("object_to_return", world.returns["open"]),
        ("vouch_for", world.users[returned]),
        ("allow_return", world.returns["objected"]),
    ):
        assert caller.answer(returned, function, argument) == "403 not_full_yet"


def test_after_72_hours_it_is_a_way_in_like_the_first(
    caller: Caller, world: World, returned: str
) -> None:
    pass_time(caller, "72 hours")

    assert kinds(caller, returned)[0] == "return_code_used"
    caller.call(returned, "see_notice", world.notice)


@pytest.mark.parametrize("used", [False, True])
def test_an_objection_stops_the_code_and_what_came_from_it(
    caller: Caller, world: World, used: bool
) -> None:
    device = "d" * 64
    if used:
        claim(caller, world.return_code)
        caller.call("new", "keep_device", device, "sealed", "Firefox", 30)
    for _ in range(2):
        caller.call("young_person", "object_to_return", world.returns["open"])

    young = world.people["young_person"]
    assert caller.call("anonymous", "open_device", device) is None
    assert caller.call("anonymous", "back_page", world.return_code) is None
    assert kinds(caller) == ["page_opened"]
    assert [each[0] for each in caller.audit()].count("return_objected") == 1
    if used:
        assert [people for kind, _, people in caller.hints() if kind == "device"] == [[young]]
        for function, argument in (("my_home", device), ("my_devices", device)):
            assert caller.answer("new", function, argument) == "401 signed_out"
        assert caller.answer("new", "my_notices") == "403 not_allowed"
        assert caller.answer("new", "claim_return", world.return_code) == "422 code_not_valid"
    assert caller.call("young_person", "my_home", world.devices["young_person"])


def test_an_objection_stops_every_open_code(caller: Caller, world: World) -> None:
    newer = new_code(caller)
    caller.call("young_person", "object_to_return", world.returns["open"])

    assert caller.call("anonymous", "back_page", newer) is None


def test_coordinators_are_told_of_an_objection_with_both_names(caller: Caller) -> None:
    caller.call("young_person", "object_to_return", caller.world.returns["open"])

    (notice,) = caller.call("coordinator", "my_notices")["notices"]
    assert (notice["kind"], notice["made_by"], notice["about"]) == (
        "return_code_objected",
        "young_person",
        "key_worker",
    )
    for persona in ("uncleared_coordinator", "administrator", "other_coordinator", "key_worker"):
        assert kinds(caller, persona) == []


def test_who_made_the_code_is_never_the_only_one_told(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update public.memberships set person_id = %s where role = 'coordinator' and id = %s",
        (world.people["key_worker"], world.memberships["coordinator"]),
    )
    caller.call("young_person", "object_to_return", world.returns["open"])

    assert kinds(caller, "key_worker") == ["return_code_objected"]
    assert kinds(caller, "administrator") == ["return_code_objected"]


def _after_72_hours(caller: Caller) -> None:
    pass_time(caller, "72 hours")


def _proven(caller: Caller) -> None:
    caller.call("young_person", "vouch_for", caller.world.users["new"])


@pytest.mark.parametrize("meanwhile", [_after_72_hours, _proven])
def test_it_can_be_too_late_to_object(
    caller: Caller, world: World, returned: str, meanwhile: Callable[[Caller], None]
) -> None:
    meanwhile(caller)

    assert (
        caller.answer("young_person", "object_to_return", world.returns["open"]) == "409 too_late"
    )
    assert caller.answer(returned, "object_to_return", world.returns["open"]) == "403 not_yourself"


def test_right_before_the_72_hours_are_over_it_is_not_too_late(
    caller: Caller, world: World, returned: str
) -> None:
    pass_time(caller, "71 hours 59 minutes")

    caller.call("young_person", "object_to_return", world.returns["open"])
    assert caller.answer(returned, "my_notices") == "403 not_allowed"


def test_after_an_objection_no_new_code_for_72_hours(caller: Caller, world: World) -> None:
    caller.call("young_person", "object_to_return", world.returns["open"])
    with pytest.raises(Refused, match="409 objected"):
        new_code(caller)
    pass_time(caller, "71 hours 59 minutes")
    with pytest.raises(Refused, match="409 objected"):
        new_code(caller)

    pass_time(caller, "1 minute")
    assert new_code(caller)


def test_a_coordinator_can_allow_a_new_code_but_not_one_who_made_it(
    caller: Caller, world: World
) -> None:
    caller.call("young_person", "object_to_return", world.returns["open"])
    caller.connection.execute(
        "insert into public.memberships (organisation_id, person_id, role, cleared_until)"
        " values (%s, %s, 'coordinator', current_date + 1)",
        (world.organisation, world.people["key_worker"]),
    )
    with pytest.raises(Refused, match="403 not_yourself"):
        caller.call("key_worker", "allow_return", world.returns["open"])

    caller.call("coordinator", "allow_return", world.returns["open"])
    assert new_code(caller)


def test_an_old_way_in_makes_the_new_one_full(caller: Caller, world: World, returned: str) -> None:
    assert caller.call(returned, "begin_proof") == [world.users["young_person"]]
    for _ in range(2):
        caller.call("young_person", "vouch_for", world.users[returned])

    assert caller.call(returned, "my_notices")["full_from"] is None
    assert kinds(caller, returned) == ["page_opened"]
    assert [each[0] for each in caller.audit()].count("return_proven") == 1
    assert caller.call(returned, "begin_proof") == []


def test_an_old_way_in_is_tried_five_times_an_hour(
    caller: Caller, world: World, returned: str
) -> None:
    for _ in range(5):
        caller.call(returned, "begin_proof")
    with pytest.raises(Refused, match="403 too_many_tries"):
        caller.call(returned, "begin_proof")

    pass_time(caller, "1 hour")
    assert caller.call(returned, "begin_proof")


def test_nobody_vouches_for_somebody_else(caller: Caller, world: World, returned: str) -> None:
    for persona in ("key_worker", "own", "other_young_person"):
        assert caller.answer(persona, "vouch_for", world.users[returned]) == "404 not_found"
    assert caller.call(returned, "my_notices")["full_from"]


def test_a_sign_in_that_is_not_full_names_no_other_as_old(
    caller: Caller, world: World, returned: str
) -> None:
    claim(caller, new_code(caller), "third")

    assert caller.call("third", "begin_proof") == [world.users["young_person"]]
