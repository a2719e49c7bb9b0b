"""What the people of the demo have written to each other, in the threads of their teams."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.seal import Seal
from app.demo.long_talk import Said, long_talk
from app.messages.actions import Messages
from app.messages.model import ThreadKind

SAMIRA, JONAS, KOFI = (f"{name}@hafenlicht.example" for name in ("samira", "jonas", "kofi"))


@dataclass(frozen=True)
class DemoTalk:
    """A thread by logins; `lines` are ("y" or "h", hours ago, text). `read`: both have read all.
    `settled`: the last words need no answer.
    """

    young_person: str
    helper: str
    lines: tuple[tuple[str, int, str], ...]
    kind: ThreadKind = ThreadKind.KEY_WORKER
    read: bool = True
    settled: bool = False


TALKS: Final = (
    DemoTalk(
        "blue-heron-27",
        SAMIRA,
        (
            ("h", 220, "Hi Selam, it is Samira. You can write to me here. Short is fine."),
            ("y", 218, "hi 🙂"),
            ("y", 218, "i like math. i want a course"),
            ("h", 217, "Very good. I look for one. Which days are good for you?"),
            ("y", 196, "monday and tuesday"),
            ("h", 195, "There is one on Tuesday at 16:00. I asked them for a place."),
            ("y", 52, "did they answer?"),
            ("h", 50, "Not yet. I call them tomorrow morning."),
            ("y", 49, "ok thank you"),
            ("h", 28, "They said yes! You start on Tuesday. Well done."),
        ),
    ),
    DemoTalk(
        "quick-maple-63",
        JONAS,
        (
            ("h", 420, "Hallo Lena, wie läuft es zu Hause?"),
            ("y", 412, "geht so. ben ist krank, ich bleib bei ihm"),
            ("h", 410, "Das ist viel. Sollen wir am Telefon reden statt hier?"),
            ("y", 396, "ja, nachmittags geht"),
            ("h", 290, "Danke für das Gespräch. Ich frage wegen der Haushaltshilfe nach."),
            ("y", 288, "ok danke 💛"),
        ),
        settled=True,
    ),
    DemoTalk(
        "quick-maple-63",
        KOFI,
        (
            ("h", 130, "Hi Lena! Schwimmbad am Samstag um 11?"),
            ("y", 128, "ja gern, aber nur bis 1"),
            ("h", 127, "Passt. Ich bringe die Karten mit."),
            ("y", 30, "war schön 😄 nächste woche wieder?"),
            ("h", 26, "Klar, ich freue mich."),
        ),
        ThreadKind.MENTOR,
    ),
    DemoTalk(
        "bright-otter-58",
        JONAS,
        (
            ("h", 98, "Hi Mateo, the company answered: no, the lift is broken until spring."),
            ("y", 96, "at least they said why"),
            ("h", 95, "I found another one: ground floor, they need people who code. Interested?"),
            ("y", 94, "yes!! send me the link please"),
            ("h", 93, "They want to meet you first. Next Wednesday at 10:00?"),
            ("y", 92, "works for me. is the tram stop step-free?"),
            ("h", 90, "Yes, I went there and looked."),
        ),
    ),
    DemoTalk(
        "steady-lark-35",
        SAMIRA,
        (
            ("y", 75, "Hi Samira, evening school starts on Monday"),
            ("h", 74, "Great! Do you have the books?"),
            ("y", 27, "All but one. And I changed a step in my plan, can you look?"),
        ),
        read=False,
    ),
    DemoTalk(
        "early-cedar-72",
        JONAS,
        (
            ("h", 120, "Hallo Hana, morgen um 10 wie besprochen?"),
            ("y", 119, "ja bis morgen"),
            ("y", 51, "Kann ich den Termin am Freitag verschieben? Ich habe Frühschicht."),
        ),
        read=False,
    ),
)


async def tell_talks(own: Mapping[str, Db], ids: Mapping[str, str], seal: Seal) -> None:
    """Everybody writes with their own sign-in; `own` and `ids` are by login."""
    now = datetime.now(UTC)
    for talk in TALKS:
        said = [
            Said(who == "y", now - timedelta(hours=hours, minutes=-place), text)
            for place, (who, hours, text) in enumerate(talk.lines)
        ]
        await _tell(talk, said, own, ids, seal)
    await _tell(DemoTalk("calm-river-41", SAMIRA, ()), long_talk(now), own, ids, seal)


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
