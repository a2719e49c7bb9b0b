"""Fixtures every test may ask for; each lives in the module of what it starts."""

import gc

from hypothesis import settings

# How long an example takes says more about what else the machine does.
settings.register_profile("handrail", deadline=None)
settings.load_profile("handrail")

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.supabase",
    "tests.fixtures.auth",
    "tests.fixtures.people",
    "tests.fixtures.costs",
]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking at it again and again takes a twentieth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
