"""The days on which nobody works: noted by who runs the place, read by everybody there."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def days(caller: Caller) -> list[date]:
    return [
        day
        for (day,) in caller.rows(
            "select day from public.closed_days where organisation_id = %s order by day",
            caller.world.organisation,
        )
    ]


def test_days_are_closed_and_opened_again_and_everybody_there_hears_of_it(
    caller: Caller, world: World
) -> None:
    place, ((today,),) = world.organisation, caller.rows("select current_date")
    before, last = days(caller), today + timedelta(days=2)
    for _ in range(2):
        caller.call("administrator", "close_days", place, today, last)
    assert days(caller) == [today, today + timedelta(days=1), last, *before]

    for _ in range(2):
        caller.call("coordinator", "open_days", place, today, today + timedelta(days=1))
    assert days(caller) == [last, *before]
    assert [action for action, *_ in caller.audit()] == ["days_closed", "days_opened"]
    assert {kind for kind, *_ in caller.hints()} == {"organisation"}
    assert all(world.people["young_person"] in people for *_, people in caller.hints())


@pytest.mark.parametrize(
    ("first", "last"), [(-2, 0), (3, 2), (0, 61), (801, 801), (None, 0), (0, None)]
)
def test_days_that_make_no_sense_are_refused(
    caller: Caller, world: World, first: int | None, last: int | None
) -> None:
    ((today,),) = caller.rows("select (now() at time zone 'utc')::date")
    given = [each if each is None else today + timedelta(days=each) for each in (first, last)]
    before = days(caller)
    with pytest.raises(Refused, match="422 date_not_valid"):
        caller.call("administrator", "close_days", world.organisation, *given)
    assert days(caller) == before
