"""What an opening says about itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.core.i18n import Translator
from app.protect.model import Choices, Named, Opening, OpeningState, by_name, reason_problem
from app.protect.words import state_words, told_words

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ASKED = Opening(
    id=uuid4(),
    young_person_id=uuid4(),
    name="Amber",
    asked_by="Miriam",
    asked_of="Ruth",
    agreed_by=None,
    by_me=True,
    mine=True,
    may_agree=False,
    reason="Nobody has heard of them since Friday night.",
    delay_hours=None,
    delay_reason=None,
    asked_at=NOW,
    ends_at=None,
    told_at=None,
    state=OpeningState.ASKED,
)
RUNNING = replace(ASKED, state=OpeningState.RUNNING, ends_at=NOW + timedelta(minutes=60))


@pytest.mark.parametrize(
    ("after", "left"), [(0, 60), (1, 60), (60, 59), (3540, 1), (3599, 1), (3600, 0), (9999, 0)]
)
def test_minutes_are_counted_whole_and_never_below_none(after: int, left: int) -> None:
    assert RUNNING.minutes_left(NOW + timedelta(seconds=after)) == left


def test_what_does_not_run_has_no_minutes_left() -> None:
    assert replace(RUNNING, state=OpeningState.ENDED).minutes_left(NOW) == 0
    assert ASKED.minutes_left(NOW) == 0


def test_every_state_has_words_of_its_own() -> None:
    t = Translator("en")
    lines = {state_words(t, replace(RUNNING, state=state), NOW) for state in OpeningState}
    assert len(lines) == len(OpeningState)
    assert "Miriam" in state_words(t, replace(ASKED, may_agree=True), NOW)


def test_the_words_say_when_the_young_person_knows() -> None:
    t = Translator("en")
    told = replace(RUNNING, told_at=NOW)
    lines = {
        told_words(t, each)
        for each in (
            ASKED,
            told,
            replace(RUNNING, delay_hours=48),
            replace(ASKED, state=OpeningState.LAPSED),
        )
    }
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "too_short"), (" " * 40, "too_short"), ("x" * 19, "too_short"), ("x" * 1001, "too_long")],
)
def test_a_reason_has_twenty_to_a_thousand_letters(text: str, problem: str) -> None:
    assert reason_problem(text) == problem
    assert reason_problem("x" * 20) is None


def test_names_are_found_by_any_part_in_any_case() -> None:
    people = by_name([Named(uuid4(), name) for name in ("selam", "Amber", "Salma")])
    choices = Choices(people, ())

    assert [each.name for each in choices.found(" S", 5)] == ["Salma", "selam"]
    assert [each.name for each in choices.found("", 2)] == ["Amber", "Salma"]
    assert choices.found("x", 5) == ()
