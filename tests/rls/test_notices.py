"""What we must tell people: told at once, to one person, until they have seen it."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def tell(caller: Caller, persona: str, kind: str, by: str, words: str = "{}") -> None:
    caller.connection.execute(
        "select private.tell(%s, %s, %s, %s, %s)",
        (caller.world.people[persona], kind, uuid4(), caller.world.people[by], words),
    )


def unseen(caller: Caller, persona: str) -> list[dict[str, Any]]:
    told = caller.call(persona, "my_notices")
    assert told["full_from"] is None
    found: list[dict[str, Any]] = told["notices"]
    return found


def kinds(caller: Caller, persona: str) -> list[str]:
    return [each["kind"] for each in unseen(caller, persona)]


def test_a_person_is_told_with_who_did_it_and_hears_at_once(caller: Caller, world: World) -> None:
    tell(caller, "mentor", "return_code_made", "key_worker", '{"reason": "new_phone"}')

    (notice,) = unseen(caller, "mentor")
    assert (notice["kind"], notice["made_by"], notice["about"]) == (
        "return_code_made",
        "key_worker",
        None,
    )
    assert notice["words"] == {"reason": "new_phone"}
    mentor = world.people["mentor"]
    assert caller.hints() == [("person", mentor, [mentor])]


def test_a_notice_can_speak_of_somebody_else(caller: Caller, world: World) -> None:
    about = world.people["key_worker"]
    tell(caller, "coordinator", "return_code_objected", "young_person", f'{{"about": "{about}"}}')

    assert [(each["made_by"], each["about"]) for each in unseen(caller, "coordinator")] == [
        ("young_person", "key_worker")
    ]


@pytest.mark.parametrize("persona", ["uncleared_coordinator", "former_member", "trainer"])
def test_who_may_not_see_the_young_person_any_more_is_not_told_their_name(
    caller: Caller, persona: str
) -> None:
    tell(caller, persona, "return_code_objected", "young_person")

    assert unseen(caller, persona) == []


def test_the_newest_comes_first_and_what_was_seen_is_gone(caller: Caller) -> None:
    for kind in ("return_code_made", "page_opened"):
        tell(caller, "mentor", kind, "key_worker")
    assert kinds(caller, "mentor") == ["page_opened", "return_code_made"]

    newest = unseen(caller, "mentor")[0]["id"]
    for _ in range(2):
        caller.call("mentor", "see_notice", newest)

    assert kinds(caller, "mentor") == ["return_code_made"]


def test_seeing_it_once_more_keeps_when_it_was_first_seen(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update private.notices set seen_at = '2026-01-01' where id = %s", (world.notice,)
    )
    caller.call("young_person", "see_notice", world.notice)

    assert caller.rows(
        "select seen_at::date::text from private.notices where id = %s", world.notice
    ) == [("2026-01-01",)]


@pytest.mark.parametrize("notice", [None, UUID(int=1)])
def test_a_notice_that_is_not_mine_is_not_there(caller: Caller, notice: UUID | None) -> None:
    with pytest.raises(Refused, match="404 not_found"):
        caller.call("mentor", "see_notice", notice)


def test_other_devices_of_the_person_hear_that_it_was_seen(caller: Caller, world: World) -> None:
    caller.call("young_person", "see_notice", world.notice)

    young = world.people["young_person"]
    assert caller.hints() == [("person", young, [young])]


def test_what_was_seen_long_ago_makes_room(caller: Caller, world: World) -> None:
    caller.connection.execute(
        "update private.notices set seen_at = now() - interval '91 days' where id = %s",
        (world.notice,),
    )
    tell(caller, "young_person", "page_opened", "key_worker")

    assert caller.rows("select from private.notices where id = %s", world.notice) == []


@pytest.mark.parametrize("words", ["[]", '"text"', '{"a": "' + "x" * 1000 + '"}'])
def test_words_are_a_few_facts(caller: Caller, words: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation), caller.connection.transaction():
        tell(caller, "mentor", "page_opened", "key_worker", words)
