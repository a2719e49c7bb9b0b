"""Phoenix messages as serializer 1.0.0 writes them: one JSON object for each WebSocket frame."""

import json
import re
from dataclasses import dataclass
from typing import Any

PREFIX = "realtime:"
LONGEST_TOPIC = 512

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class BadFrame(Exception):
    """Not a Phoenix message."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A message from a client. ``ref`` comes back in the reply to it."""

    topic: str
    event: str
    payload: dict[str, Any]
    ref: str | None
    join_ref: str | None

    @property
    def name(self) -> str:
        """The topic as the database knows it."""
        return self.topic.removeprefix(PREFIX)


def parse(text: str) -> Frame:
    """Read one frame; raises BadFrame."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("not JSON") from error
    if not isinstance(value, dict):
        raise BadFrame("not an object")
    topic, event, payload = value.get("topic"), value.get("event"), value.get("payload")
    if not isinstance(topic, str) or not isinstance(event, str) or not isinstance(payload, dict):
        raise BadFrame("topic, event or payload is missing")
    if len(topic) > LONGEST_TOPIC or _CONTROL.search(topic):
        raise BadFrame("topic is not a name")
    refs = value.get("ref"), value.get("join_ref")
    if not all(ref is None or (isinstance(ref, str) and len(ref) < 100) for ref in refs):
        raise BadFrame("ref is not text")
    return Frame(topic, event, payload, *refs)


def reply(to: Frame, status: str, response: dict[str, Any]) -> str:
    """The answer to a client's message; ``status`` is ``ok`` or ``error``."""
    payload = {"status": status, "response": response}
    return _frame(to.topic, "phx_reply", payload, to.ref)


def closed(topic: str, ref: str | None) -> str:
    """The channel that was joined with this ``ref`` is over."""
    return _frame(topic, "phx_close", {}, ref)


def system(topic: str, status: str, message: str) -> str:
    """What the server tells about a channel; ``status`` ``error`` means that it ends now."""
    payload = {
        "extension": "system",
        "status": status,
        "message": message,
        "channel": topic.removeprefix(PREFIX),
    }
    return _frame(topic, "system", payload, None)


def broadcast(topic: str, event: str, payload: str, message_id: str) -> str:
    """A message from the database. ``payload`` is JSON already: it is not parsed on its way."""
    return (
        f'{{"ref":null,"event":"broadcast","topic":{json.dumps(topic)},"payload":'
        f'{{"type":"broadcast","event":{json.dumps(event)},"payload":{payload},'
        f'"meta":{{"id":"{message_id}"}}}}}}'
    )


def _frame(topic: str, event: str, payload: dict[str, Any], ref: str | None) -> str:
    return json.dumps(
        {"ref": ref, "event": event, "topic": topic, "payload": payload}, separators=(",", ":")
    )
