"""A phrase in the demo: said in English, read in Arabic."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.seal import Seal
from app.demo.talks import LONG
from app.messages.actions import Messages
from app.messages.model import Picked
from app.messages.phrases import picked_words, speaker

_LANGUAGE: Final = "en"


async def send_phrase(own: Mapping[str, Db], ids: Mapping[str, str], seal: Seal) -> None:
    """By who helps in the long talk; both have read it. `own` and `ids` are by login."""
    young, helper = LONG
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    picked = Picked("i_call", (("day", day.isoformat()), ("time", "15:30")))
    words = picked_words(speaker(_LANGUAGE, "UTC"), picked)
    if words is None:
        raise LookupError(picked.key)
    messages = Messages(own[helper], seal, _LANGUAGE)
    thread = (await messages.open(UUID(ids[young]))).thread_id
    sent = await messages.send(thread, uuid4(), words, picked=picked)
    await Messages(own[young], seal).mark_read(thread, sent.seq)
