"""The pocket card: what a young person keeps on this device for times without network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.contact.actions import Contact
from app.contact.model import InTouch
from app.contact.words import places_line, quiet_words, ways_line
from app.core.clock import utc_now
from app.core.errors import NotFound
from app.core.i18n import Translator
from app.core.ids import device_mark
from app.design.session import AppSession
from app.messages.actions import Messages
from app.messages.model import OpenThread
from app.messages.words import who_reads
from app.people.actions import People
from app.people.contacts import dialled
from app.people.model import Part, TeamMember
from app.people.role_words import part_name
from app.people.staff_cards import hours_words

# The page for times without network reads it by this name, as JSON in a string.
KEPT: Final = "handrail.card"
_FRESH_FOR: Final = timedelta(days=1)
_OFF: Final = ""


@dataclass(frozen=True)
class Pocket:
    """A card as it lies on the device. `dial` is the number that its owner wrote there, in place of
    the one that their key worker gave."""

    made_at: datetime
    dial: str

    @property
    def fresh(self) -> bool:
        """Whether it was made today or so."""
        return utc_now() - self.made_at < _FRESH_FOR


async def pocket_of(session: AppSession) -> Pocket | None:
    """The card on this device; None while it is switched off."""
    kept = await session.memory.get(KEPT)
    try:
        card = json.loads(kept or "null")
        return Pocket(datetime.fromisoformat(card["at"]), card["own"]) if card else None
    except (ValueError, KeyError, TypeError):
        # Of another version: it is made anew.
        return Pocket(utc_now() - 2 * _FRESH_FOR, "")


async def throw_away(session: AppSession) -> None:
    """Nothing of it stays on this device."""
    await session.memory.set(KEPT, _OFF)


async def make(session: AppSession, organisation: UUID, dial: str) -> None:
    """Put a new card on this device; may raise `AppError`."""
    people = People(session.db, session.device_hash)
    team = await people.my_team()
    touch = await Contact(session.db, organisation, session.person_id).read()
    try:
        messages = Messages(session.db, session.seal, session.language)
        thread = await messages.open(session.person_id, organisation=organisation)
    except NotFound:
        thread = None
    card = card_of(session, team, touch, thread, dial)
    await session.memory.set(KEPT, json.dumps(card, ensure_ascii=False, separators=(",", ":")))


def card_of(
    session: AppSession,
    team: Sequence[TeamMember],
    touch: InTouch,
    thread: OpenThread | None,
    dial: str,
) -> dict[str, Any]:
    """What the page without network shows, in the words of its owner: that page knows no others."""
    t, now = session.t, utc_now()
    worker = next((each for each in team if each.part is Part.KEY_WORKER), None)
    phone = dial or (worker.phone if worker else None) or ""
    card: dict[str, Any] = {
        "mark": device_mark(session.device_hash),
        "at": now.isoformat(),
        "lang": t.tag,
        "dir": t.direction,
        "title": worker.name if worker else t("My card"),
        "age": t("As it was on {date}, {time}.", date=t.date(now), time=t.time(now)),
        "lines": _lines(t, worker, touch),
        "own": dial,
        "dial": dialled(phone),
        "call": f"☎ {phone}",
        "gone": t("Your card goes from this device, too."),
    }
    if thread and thread.can_write:
        card["write"] = {
            "thread": str(thread.thread_id),
            "words": {
                "message": t("A message for when there is a network"),
                "readers": who_reads(t, thread, session.person_id),
                "send": t("Send later"),
                "unkept": t("This browser cannot keep it. Please wait for the network."),
            },
        }
    return card


def _lines(t: Translator, worker: TeamMember | None, touch: InTouch) -> list[str]:
    lines = []
    if worker:
        lines.append(worker.title or part_name(t, worker.part))
        lines += hours_words(t, worker.office_hours, worker.time_zone)
    if touch.agreement.version:
        agreed = touch.agreement
        lines += [ways_line(t, agreed), places_line(t, agreed), quiet_words(t, agreed.quiet)]
    return [each for each in lines if each]
