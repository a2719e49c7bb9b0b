"""How long a body may take to come."""

import asyncio

import pytest
from starlette.types import Message

from app.shell.body import BodyTooSlow, CappedBody
from app.shell.limits import Limits

SHORT = Limits(body_seconds=0.05, body_bytes_per_second=1_000)


async def _drip() -> Message:
    await asyncio.sleep(0.03)
    return {"type": "http.request", "body": b"x", "more_body": True}


async def _take(body: CappedBody) -> int:
    return sum([len((await body())["body"]) for _ in range(8)])


async def test_a_large_file_has_longer_to_come_than_a_form() -> None:
    assert await _take(CappedBody(_drip, SHORT, 60_000)) == 8
    with pytest.raises(BodyTooSlow):
        await _take(CappedBody(_drip, SHORT, 20))
