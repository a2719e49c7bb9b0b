"""What staff say about themselves, who reads it, and what is refused."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World

MONDAY = {"day": 1, "from": "09:00", "to": "17:00"}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def _save(
    caller: Caller,
    who: str,
    *,
    pronouns: Any = "",
    hours: Any = (),
    back: Any = None,
    words: Any = None,
    phone: Any = None,
    seen: Any = 1,
) -> Any:
    return caller.call(who, "set_my_card", pronouns, json.dumps(hours), back, words, phone, seen)


def _today(caller: Caller) -> Any:
    ((today,),) = caller.rows("select (now() at time zone 'Europe/Berlin')::date")
    return today


def test_a_young_person_reads_what_their_key_worker_wrote_and_hears_of_it(
    caller: Caller, world: World
) -> None:
    back = _today(caller) + timedelta(days=3)

    words = "At the sea."
    assert (
        _save(caller, "key_worker", pronouns=" she/her ", hours=[MONDAY], back=back, words=words)
        == 2
    )

    first = caller.call("young_person", "my_team")[0]
    assert (first["pronouns"], first["office_hours"]) == ("she/her", [MONDAY])
    assert first["away_words"] == "At the sea."
    assert (first["back_on"], first["time_zone"]) == (back.isoformat(), "Europe/Berlin")
    me = world.people["key_worker"]
    assert caller.audit() == [
        ("card_updated", me, ["away_words", "back_on", "office_hours", "pronouns"]),
    ]
    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("person", me)
    assert {world.people["young_person"], world.people["coordinator"], me} <= set(people)
    assert world.people["other_young_person"] not in people


def test_who_is_back_today_is_not_away(caller: Caller) -> None:
    _save(caller, "key_worker", back=_today(caller), words="At the sea.")

    first = caller.call("young_person", "my_team")[0]
    assert (first["back_on"], first["away_words"]) == (None, None)


def test_words_for_those_who_wait_go_when_nobody_waits(caller: Caller) -> None:
    _save(caller, "key_worker", words="At the sea.")
    assert caller.rows("select from public.staff_cards where away_words is not null") == []


@pytest.mark.parametrize("words", ["x" * 81, "a\u202eb"])
def test_words_that_hide_something_or_never_end_are_refused(caller: Caller, words: str) -> None:
    with pytest.raises(Refused, match="422 name_not_valid") as refused:
        _save(caller, "key_worker", back=_today(caller) + timedelta(days=3), words=words)
    assert refused.value.fields["field"] == "away_words"


def test_a_card_of_another_version_is_not_replaced(caller: Caller) -> None:
    assert _save(caller, "trainer", pronouns="they", seen=1) == 2

    with pytest.raises(Refused, match="409 changed_meanwhile") as refused:
        _save(caller, "trainer", pronouns="he", seen=1)
    assert refused.value.fields == {"version": 2}
    with pytest.raises(Refused, match="409 changed_meanwhile"):
        _save(caller, "trainer", pronouns="he", seen=0)


def test_the_first_card_has_been_seen_by_nobody(caller: Caller, world: World) -> None:
    caller.rows("delete from public.staff_cards where person_id = %s returning 1",
                world.people["trainer"])  # fmt: skip

    with pytest.raises(Refused, match="409 changed_meanwhile"):
        _save(caller, "trainer", seen=1)
    assert _save(caller, "trainer", seen=0) == 1


@pytest.mark.parametrize(
    "hours",
    [
        None,
        {},
        "Monday",
        [1],
        [[]],
        [{"day": 1}],
        [{**MONDAY, "note": "x"}],
        [{**MONDAY, "day": 0}],
        [{**MONDAY, "day": 8}],
        [{**MONDAY, "day": "first"}],
        [{**MONDAY, "from": "9:00"}],
        [{**MONDAY, "to": "24:00"}],
        [{**MONDAY, "to": "09:00"}],
        [MONDAY, MONDAY],
        [{**MONDAY, "day": 2}, MONDAY],
    ],
)
def test_hours_that_are_none_change_nothing(caller: Caller, world: World, hours: Any) -> None:
    with pytest.raises(Refused, match="422 office_hours_not_valid"):
        _save(caller, "key_worker", pronouns="they", hours=hours)

    assert caller.audit() == []


def test_the_phone_at_work_is_for_the_team_and_is_one(caller: Caller) -> None:
    assert _save(caller, "key_worker", phone=" +49 555 0142 ") == 2
    first = caller.call("young_person", "my_team")[0]
    assert first["phone"] == "+49 555 0142"
    for wrong in ("12", "call me", "1" * 31):
        with pytest.raises(Refused) as refused:
            _save(caller, "key_worker", phone=wrong, seen=2)
        assert refused.value.fields["field"] == "phone"
    assert _save(caller, "key_worker", phone=" ", seen=2) == 3
    assert caller.call("young_person", "my_team")[0]["phone"] is None


@pytest.mark.parametrize("pronouns", ["x" * 41, "a\u202eb", "a\nb", "\u200b"])
def test_pronouns_that_hide_something_or_never_end_are_refused(
    caller: Caller, pronouns: str
) -> None:
    with pytest.raises(Refused, match="422 name_not_valid") as refused:
        _save(caller, "key_worker", pronouns=pronouns)
    assert refused.value.fields["field"] == "pronouns"


@pytest.mark.parametrize("days", [-1, 5000])
def test_nobody_is_back_in_the_past_or_in_another_life(caller: Caller, days: int) -> None:
    with pytest.raises(Refused, match="422 date_not_valid"):
        _save(caller, "key_worker", back=_today(caller) + timedelta(days=days))


def test_the_word_for_a_key_worker_is_read_in_every_team(caller: Caller, world: World) -> None:
    place = world.organisation

    assert caller.call("coordinator", "set_key_worker_title", place, " Begleiterin ", 1) == 2

    first, *others = caller.call("young_person", "my_team")
    assert first["title"] == "Begleiterin"
    assert {each["title"] for each in others} == {None}
    home = caller.call("young_person", "my_home", world.devices["young_person"])
    assert home["active"]["organisation"]["key_worker_title"] == "Begleiterin"
    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("organisation", place)
    assert world.people["young_person"] in people
    assert caller.call("administrator", "set_key_worker_title", place, "", 2) == 3
    assert caller.call("young_person", "my_team")[0]["title"] is None


def test_a_word_is_not_replaced_by_who_saw_another_organisation(
    caller: Caller, world: World
) -> None:
    with pytest.raises(Refused, match="409 changed_meanwhile"):
        caller.call("coordinator", "set_key_worker_title", world.organisation, "Coach", 7)
    with pytest.raises(Refused, match="422 name_not_valid"):
        caller.call("coordinator", "set_key_worker_title", world.organisation, "a\u202eb", 1)
