"""For whom this process speaks to Auth right now: the address that a visitor came from."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_ADDRESS: ContextVar[str | None] = ContextVar("handrail_address", default=None)


@contextlib.contextmanager
def speaking_for(address: str) -> Iterator[None]:
    """Inside this block everything is asked for the visitor at `address`."""
    before = _ADDRESS.set(address or None)
    try:
        yield
    finally:
        _ADDRESS.reset(before)


def spoken_for() -> str | None:
    """The visitor's address; None for work without a visitor. Counting only, never a log."""
    return _ADDRESS.get()
