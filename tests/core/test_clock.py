"""Times as people write them."""

from datetime import time

import pytest

from app.core.clock import clock_time


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8:00", time(8)),
        ("08:30", time(8, 30)),
        (" 23:59 ", time(23, 59)),
        ("0:00", time(0)),
        ("24:00", None),
        ("8:60", None),
        ("8:5", None),
        ("8", None),
        ("08:00:00", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(written: str, meant: time | None) -> None:
    assert clock_time(written) == meant
