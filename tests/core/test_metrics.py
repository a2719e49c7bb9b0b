"""Figures, as a scraper reads them."""

import math

import pytest

from app.core.metrics import Metrics, Timings


def test_the_text_has_every_figure_with_meaning_and_type() -> None:
    metrics = Metrics()
    lost = metrics.counter("lost_tasks_total", "Tasks of the scheduler that were lost.")
    lost.add()
    lost.add(2)
    metrics.gauge("hint_silence_seconds", "Since the last hint.", lambda: math.nan)
    calls = metrics.timings("call_seconds", "A call of the backend.")
    calls.add(0.25)
    assert metrics.text() == (
        "# HELP handrail_call_seconds A call of the backend.\n"
        "# TYPE handrail_call_seconds summary\n"
        'handrail_call_seconds{quantile="0.5"} 0.25\n'
        'handrail_call_seconds{quantile="0.99"} 0.25\n'
        "handrail_call_seconds_sum 0.25\n"
        "handrail_call_seconds_count 1\n"
        "# HELP handrail_hint_silence_seconds Since the last hint.\n"
        "# TYPE handrail_hint_silence_seconds gauge\n"
        "handrail_hint_silence_seconds NaN\n"
        "# HELP handrail_lost_tasks_total Tasks of the scheduler that were lost.\n"
        "# TYPE handrail_lost_tasks_total counter\n"
        "handrail_lost_tasks_total 3\n"
    )


def test_p99_is_exceeded_by_one_in_a_hundred() -> None:
    timings = Timings()
    for value in range(1, 1001):
        timings.add(value)
    assert timings.quantile(0.99) == 990
    assert timings.quantile(0.5) == 500
    assert timings.quantile(1.0) == 1000


def test_only_the_latest_count_for_quantiles() -> None:
    timings = Timings()
    for _ in range(2000):
        timings.add(100)
    for _ in range(2000):
        timings.add(1)
    assert timings.quantile(0.99) == 1
    assert timings.count == 4000


@pytest.mark.parametrize("name", ["Sessions", "has space", "", "used"])
def test_a_bad_or_repeated_name_is_refused(name: str) -> None:
    metrics = Metrics()
    metrics.counter("used", "Once.")
    with pytest.raises(ValueError, match="snake_case"):
        metrics.gauge(name, "Again.", lambda: 0.0)
