"""Frames of a browser: whatever the bytes are, they are clean or refused, nothing else."""

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.shell.codes import Close
from app.shell.frames import REGISTER, UPDATE, BadFrame, read
from tests.web.wiring import event, say, update

# A busy machine is slow; what is asked is what happens, not how fast.
_calmly = settings(deadline=None, max_examples=60)

_scalars = some.none() | some.booleans() | some.integers(-(2**63), 2**63) | some.text(max_size=20)
_values = some.recursive(
    _scalars | some.floats() | some.binary(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=9), inner),
    max_leaves=12,
)
_words = some.sampled_from(
    [
        *("session_id", "page_name", "page", "target", "name", "data", "id", "props", "control_id"),
        *("call_id", "result", "error", "route", "width", "media", "value", "_i"),
    ]
)
_bodies = some.dictionaries(_words, _values | some.dictionaries(_words, _values), max_size=5)


def read_or_refuse(data: bytes) -> bool:
    """Whether the frame was taken; any error but `BadFrame` gets out and fails the test."""
    try:
        frame = read(data)
    except BadFrame:
        return False
    again = msgpack.unpackb(frame.data[1:], ext_hook=msgpack.ExtType)
    assert again[0] == frame.action
    return True


@_calmly
@given(some.binary(max_size=300))
def test_any_bytes_are_taken_or_refused(data: bytes) -> None:
    read_or_refuse(data)
    read_or_refuse(b"\x00" + data)


@_calmly
@given(some.integers(0, 8), _bodies | _values)
def test_any_message_is_taken_or_refused(action: int, body: object) -> None:
    read_or_refuse(say(action, body))


@_calmly
@given(_bodies)
def test_no_property_gets_through_that_is_not_the_browsers_own(props: dict[str, object]) -> None:
    page = {**props, "route": "/"}
    introduced = say(REGISTER, {"session_id": "", "page_name": "", "page": page})
    for data in (introduced, say(UPDATE, {"id": 7, "props": props})):
        try:
            body = read(data).body
        except BadFrame:
            continue
        kept = body.get("page") or body.get("props") or {}
        assert kept.keys() <= {"route", "web", "pwa", "width", "media", "value"}


def test_honest_frames_are_handed_on_as_they_came() -> None:
    for data in (
        event(12, "click"),
        event(1, "route_change", {"route": "/plan"}),
        update(12, value="typed"),
        say(5, {"control_id": 3, "call_id": "abc", "result": "x", "error": None}),
    ):
        assert read(data).data == data


@pytest.mark.parametrize("name", ["Click", "click!", "", "_x", "x" * 65, "на"])
def test_event_names_are_plain_words(name: str) -> None:
    with pytest.raises(BadFrame):
        read(event(12, name))


def test_wide_frames_are_refused() -> None:
    with pytest.raises(BadFrame) as refused:
        read(event(12, "click", list(range(6_000))))
    assert refused.value.code is Close.NOT_ACCEPTABLE
