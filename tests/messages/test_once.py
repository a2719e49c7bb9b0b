"""Every message arrives once and in order, whatever the network does to its calls."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.db import Db
from app.core.errors import Unreachable
from app.core.seal import Seal
from app.messages.actions import Messages
from tests.messages.conftest import House

EACH = 8


@dataclass
class Fate:
    """How often each thing happened, so that a run in which nothing did is seen."""

    lost: int = 0
    unanswered: int = 0
    doubled: int = 0
    late: int = 0


class BadNetwork(Db):
    """Loses calls and answers, delivers calls twice at once, and again when others came between."""

    def __init__(self, real: Db, chance: random.Random, fate: Fate) -> None:
        self._real, self._chance, self._fate = real, chance, fate
        self._late: list[tuple[str, dict[str, object]]] = []

    async def rpc(self, name: str, /, **arguments: object) -> Any:
        drawn = self._chance.random()
        if drawn < 0.2:
            self._fate.lost += 1
            raise Unreachable("unreachable")
        if drawn < 0.4:
            self._fate.doubled += 1
            answers = await asyncio.gather(*[self._real.rpc(name, **arguments) for _ in "12"])
            return answers[self._chance.randrange(2)]
        answer = await self._real.rpc(name, **arguments)
        if drawn < 0.6:
            self._late.append((name, arguments))
        if self._late and self._chance.random() < 0.5:
            again, known = self._late.pop(self._chance.randrange(len(self._late)))
            self._fate.late += 1
            await self._real.rpc(again, **known)
        if drawn > 0.8:
            self._fate.unanswered += 1
            raise Unreachable("too_slow")
        return answer


async def _send_all(messages: Messages, thread: UUID, texts: list[str]) -> None:
    """As an outbox does: one after the other, each until it is answered."""
    for text in texts:
        client_id = uuid4()
        for _ in range(60):
            try:
                sent = await messages.send(thread, client_id, text)
            except Unreachable:
                continue
            assert (sent.client_id, sent.text) == (client_id, text)
            break
        else:
            raise AssertionError("the network was never good")


@pytest.mark.parametrize("seed", range(4))
async def test_once_and_in_order_over_a_network_that_drops_doubles_and_reorders(
    house: House, seal: Seal, seed: int
) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    fate = Fate()
    typed = {
        who.id: [f"{name} {number}" for number in range(EACH)]
        for name, who in (("kim", house.kim), ("amina", house.amina), ("sam", house.sam))
    }
    networks = [
        BadNetwork(who.db, random.Random(seed * 10 + place), fate)
        for place, who in enumerate((house.kim, house.amina, house.sam))
    ]
    await asyncio.gather(
        *[
            _send_all(Messages(network, seal), thread, texts)
            for network, texts in zip(networks, typed.values(), strict=True)
        ]
    )

    arrived = (await house.kim.messages.open(house.kim.id)).messages
    assert [each.seq for each in arrived] == list(range(1, 3 * EACH + 1))
    for author, texts in typed.items():
        assert [each.text for each in arrived if each.author == author] == texts
    assert min(fate.lost, fate.unanswered, fate.doubled, fate.late) > 0
