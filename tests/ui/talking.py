"""Two who write to each other, in front of the real app on the real local Supabase."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.seal import Seal
from app.messages.actions import Messages
from app.messages.model import Message
from tests.fixtures.people import KEYS
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor


@dataclass(frozen=True)
class Pair:
    """A young person, and the key worker whom they write with."""

    amber: Account
    samira: Account
    thread: UUID

    @property
    def young_person(self) -> UUID:
        return self.amber.device.person_id

    async def write(self, who: Account, *texts: str) -> list[Message]:
        """What `who` writes on another device."""
        verbs = messages_of(who)
        return [await verbs.send(self.thread, uuid4(), text) for text in texts]

    async def said(self) -> list[str]:
        """All that stands in the thread, by whoever wrote it."""
        return [each.text for each in (await self.opened()).messages]

    async def opened(self) -> Any:
        return await messages_of(self.amber).open(self.young_person)


MakePair = Callable[[], Awaitable[Pair]]


def messages_of(account: Account) -> Messages:
    """Their verbs, as another process or device of theirs would call them."""
    return Messages(account.device.db, Seal(KEYS))


@pytest.fixture
def pair(key_worker: MakeAccount, joins: Joins) -> MakePair:
    async def make() -> Pair:
        samira = await key_worker("Samira")
        active = (await samira.home()).active
        assert active
        added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
        amber = Account(samira.who, await joins(added.code, f"amber-{added.person_id}"))
        opened = await messages_of(amber).open(amber.device.person_id)
        return Pair(amber, samira, opened.thread_id)

    return make


def bubbles(visitor: Visitor) -> list[dict[str, Any]]:
    """The messages on the screen, the oldest first."""
    (found,) = (node for node in visitor.browser.nodes() if node.get("_c") == "ListView")
    return list(reversed(found["controls"]))


def lists(visitor: Visitor) -> dict[str, Any]:
    """The list of messages."""
    (found,) = (node for node in visitor.browser.nodes() if node.get("_c") == "ListView")
    return found
