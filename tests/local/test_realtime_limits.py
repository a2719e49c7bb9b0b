"""Rates, allowances and frames, without a server and with a clock of our own."""

import json
import logging
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from realtime.message import (
    BroadcastMessage,
    ChannelCloseMessage,
    ReplyMessage,
    ServerMessageAdapter,
    SystemMessage,
)

from app.local.realtime import messages
from app.local.realtime.hub import Channel, Hub
from app.local.realtime.limits import Allowance, Limits, Rate
from app.local.realtime.listener import Sent
from app.local.realtime.messages import BadFrame, Frame
from app.local.realtime.outbox import Outbox


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_is_an_average_over_its_window(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    rate = Rate(100, step=5, steps=12, warning="too much", clock=clock)
    rate.add(5999)
    clock.now += 5
    assert not rate.reached, "a burst is fine while the minute's average is below the limit"
    rate.add(1)
    assert not rate.reached, "the verdict changes at the end of a step"
    clock.now += 5
    assert rate.reached
    clock.now += 54.9
    assert rate.reached
    clock.now += 0.1
    assert not rate.reached, "the burst has left the window"
    assert caplog.text.count("too much") == 1
    clock.now += 100_000
    assert not rate.reached


def test_a_rate_stays_reached_while_the_average_does(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    rate = Rate(1, step=1, steps=10, warning="too much", clock=clock)
    for _ in range(30):
        rate.add(2)
        clock.now += 1
    assert rate.reached
    assert caplog.text.count("too much") == 1


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 20)), max_size=30))
def test_a_rate_never_counts_more_than_its_last_window(steps: list[tuple[int, float]]) -> None:
    clock = Clock()
    rate = Rate(0.1, step=1, steps=5, warning="too much", clock=clock)
    for number, seconds in steps:
        rate.add(number)
        clock.now += seconds
        if number and seconds <= 3:
            clock.now += 1
            assert rate.reached
    clock.now += 6.001
    assert not rate.reached


def test_an_allowance_is_a_burst_and_then_a_steady_rate() -> None:
    clock = Clock()
    allowance = Allowance(3, 2, clock=clock)
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    clock.now += 0.5
    assert [allowance.take() for _ in range(2)] == [True, False]
    clock.now += 60
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]


def joined(hub: Hub, name: str) -> list[str]:
    heard: list[str] = []
    hub.add(Channel(f"realtime:{name}", "1", "token", {"role": "anon"}, heard.append))
    return heard


def sent(topic: str, payload: str = "{}") -> Sent:
    return Sent(uuid.uuid4(), topic, "hint", payload)


def test_messages_over_the_rate_are_dropped_until_it_falls(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    hub = Hub(replace(Limits(), messages_per_second=1), clock=clock)
    first, second = joined(hub, "t"), joined(hub, "t")
    for _ in range(20):
        hub.deliver(sent("t"))
    assert (len(first), len(second)) == (20, 20), "60 in all: one sent and two received, each"
    clock.now += 5
    hub.deliver(sent("t"))
    hub.deliver(sent("t"))
    assert len(first) == 20
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    clock.now += 60
    hub.deliver(sent("t"))
    assert len(first) == 21


def test_a_message_reaches_its_topic_only_and_nobody_who_left() -> None:
    hub = Hub(Limits())
    heard, other = joined(hub, "a"), joined(hub, "ab")
    gone: list[str] = []
    channel = Channel("realtime:a", "1", "token", {"role": "anon"}, gone.append)
    hub.add(channel)
    hub.remove(channel)
    hub.remove(channel)
    hub.deliver(sent("a"))
    assert (len(heard), other, gone) == (1, [], [])


def test_a_payload_counts_in_bytes(caplog: pytest.LogCaptureFixture) -> None:
    hub = Hub(replace(Limits(), payload=10))
    heard = joined(hub, "a")
    hub.deliver(sent("a", '"ääää"'))
    hub.deliver(sent("a", '"äääää"'))
    assert len(heard) == 1
    assert "payload_size_exceeded" in caplog.text


@given(
    topic=st.text(max_size=20),
    event=st.text(max_size=20),
    payload=st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers()),
)
def test_every_frame_is_what_the_client_understands(
    topic: str, event: str, payload: dict[str, object]
) -> None:
    asked = Frame(f"realtime:{topic}", "phx_join", {}, "1", None)
    number = str(uuid.uuid4())
    expected = {
        messages.reply(asked, "ok", {"postgres_changes": []}): ReplyMessage,
        messages.reply(asked, "error", {"reason": event}): ReplyMessage,
        messages.closed(asked.topic, None): ChannelCloseMessage,
        messages.system(asked.topic, "error", event): SystemMessage,
        messages.broadcast(asked.topic, event, json.dumps(payload), number): BroadcastMessage,
    }
    for text, kind in expected.items():
        understood = ServerMessageAdapter.validate_json(text)
        assert isinstance(understood, kind)
        assert understood.topic == asked.topic


@given(st.text() | st.lists(st.text()).map(json.dumps) | st.floats().map(json.dumps))
def test_text_that_is_no_message_is_told_apart(text: str) -> None:
    with pytest.raises(BadFrame):
        messages.parse(text)


async def test_an_outbox_is_bounded_in_number_and_in_size() -> None:
    outbox = Outbox(frames=3, size=10)
    assert [outbox.put("aaa") for _ in range(4)] == [True, True, True, False]
    assert await outbox.get() == "aaa"
    assert outbox.put("aaaaa") is False
    assert outbox.put("bbbb") is True
    assert outbox.take_all() == ["aaa", "aaa", "bbbb"]
    assert outbox.put("c" * 10) is True
