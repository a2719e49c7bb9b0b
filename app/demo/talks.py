"""What the people of the demo have written to each other, in the threads of their teams."""

import itertools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.seal import Seal
from app.demo.long_talk import Said, long_talk
from app.messages.actions import Messages
from app.messages.model import ThreadKind

LONG: Final = ("calm-river-41", "samira@hafenlicht.example")


@dataclass(frozen=True)
class DemoTalk:
    """A thread by logins; `lines` are ("y" or "h", hours ago, text). `read`: both have read all.
    `settled`: the last words need no answer.
    """

    young_person: str
    helper: str
    lines: Sequence[tuple[str, int, str]]
    kind: ThreadKind = ThreadKind.KEY_WORKER
    read: bool = True
    settled: bool = False


_TALKS: Final = Path(__file__).with_suffix(".toml")


def talks() -> list[DemoTalk]:
    """All but the long one, from the file beside this one."""
    return [
        DemoTalk(**{**each, "kind": ThreadKind(each.get("kind", ThreadKind.KEY_WORKER))})
        for each in tomllib.loads(_TALKS.read_text(encoding="utf-8"))["talk"]
    ]


async def tell_talks(own: Mapping[str, Db], ids: Mapping[str, str], seal: Seal) -> None:
    """Everybody writes with their own sign-in; `own` and `ids` are by login."""
    now = datetime.now(UTC)
    for talk in talks():
        said = [
            Said(who == "y", now - timedelta(hours=hours, minutes=-place), text)
            for place, (who, hours, text) in enumerate(talk.lines)
        ]
        await _tell(talk, said, own, ids, seal)
    await _tell(DemoTalk(*LONG, lines=()), long_talk(now), own, ids, seal)


async def _tell(
    talk: DemoTalk,
    said: Iterable[Said],
    own: Mapping[str, Db],
    ids: Mapping[str, str],
    seal: Seal,
) -> None:
    logins = {True: talk.young_person, False: talk.helper}
    young = UUID(ids[talk.young_person])
    thread = (await Messages(own[talk.young_person], seal).open(young, talk.kind)).thread_id
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    numbers = itertools.count(1)
    for each in said:
        client_id, seq = uuid4(), next(numbers)
        sealed = seal.seal_text(each.text, "message", thread, client_id, 1)
        rows[each.by_young].append(
            {"client_id": str(client_id), "seq": seq, "at": each.at.isoformat(), "sealed": sealed}
        )
    for by_young, login in logins.items():
        await own[login].rpc("demo_messages", thread=str(thread), messages=rows[by_young])
    last = next(numbers) - 1
    if talk.settled:
        await Messages(own[talk.helper], seal).needs_no_answer(thread, last)
    readers = logins.values() if talk.read else [talk.young_person]
    for login in readers:
        await Messages(own[login], seal).mark_read(thread, last)
