"""Fixtures every test may ask for; each lives in the module of what it starts."""

import asyncio
import gc
from collections.abc import Callable

import pytest
from hypothesis import settings
from uvicorn.loops.auto import auto_loop_factory

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


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that the app and the gateway run on, unless a test needs Python's own."""
    own = item.get_closest_marker("python_loop") is not None
    return {"loop": asyncio.new_event_loop if own else auto_loop_factory()}


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking at it again and again takes a twentieth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
