"""Durations of bans, as golang's time.ParseDuration takes them (its documentation's examples,
and supabase/auth's internal/api/admin_test.go)."""

from datetime import timedelta

import pytest

from app.local.auth.durations import ban_of
from app.local.auth.errors import AuthError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", timedelta(hours=24)),
        ("1h30m", timedelta(minutes=90)),
        ("1h10m10s", timedelta(hours=1, minutes=10, seconds=10)),
        ("1.5h", timedelta(minutes=90)),
        (".5s", timedelta(milliseconds=500)),
        ("1.s", timedelta(seconds=1)),
        ("300ms", timedelta(milliseconds=300)),
        ("1µs", timedelta(microseconds=1)),
        ("+5s", timedelta(seconds=5)),
        ("-1.5h", timedelta(minutes=-90)),
        ("876000h", timedelta(hours=876000)),
    ],
)
def test_a_duration_is_read_as_go_does(text: str, expected: timedelta) -> None:
    assert ban_of(text) == expected


@pytest.mark.parametrize("text", [None, "", "none", "0", "+0", "-0", "0s", "1ns"])
def test_no_duration_ends_a_ban(text: str | None) -> None:
    assert ban_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["24", "never", "h", ".s", "1 h", "1h ", "1d", "--1s", "1e3s", "٣h", "9999999h", "1h" * 99],
)
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(AuthError, match="invalid format for ban duration") as refused:
        ban_of(text)
    assert (refused.value.status, refused.value.code) == (400, "validation_failed")
