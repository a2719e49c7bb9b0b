"""The pocket card: on this device alone, only when switched on, and not older than a day."""

import json
from datetime import timedelta
from functools import partial

from app.core.clock import utc_now
from app.core.live import LiveHub
from app.people.staff_cards import StaffCard, StaffCards
from tests.fixtures.supabase import Supabase
from tests.ui.harness import Visitor
from tests.ui.talking import MakePair, Pair, pair

__all__ = ["pair"]

KEPT = "handrail.card"
SWITCH = "Keep the card on this device"


async def opened(two: Pair, hub: LiveHub, memory: dict[str, object], path: str) -> Visitor:
    return await Visitor.open(two.amber.begin(hub), route=path, memory=memory)


async def test_nothing_is_kept_until_somebody_wants_it_and_then_who_helps_them(
    pair: MakePair, hub: LiveHub
) -> None:
    two, memory = await pair(), dict[str, object]()
    await StaffCards(two.samira.device.db).save(StaffCard(phone="+49 (555) 0142"))
    amber = await opened(two, hub, memory, "/pocket")
    await amber.until_sees(SWITCH)
    assert KEPT not in memory

    await amber.tap(SWITCH)
    await amber.until(lambda: bool(memory.get(KEPT)), "the card on the device")
    card = json.loads(str(memory[KEPT]))
    assert (card["title"], card["lines"][0], card["dial"]) == (
        "Samira",
        "Key worker",
        "+495550142",
    )
    assert card["write"]["thread"] == str(two.thread)
    assert "Samira" in card["write"]["words"]["readers"]
    assert str(two.young_person) not in str(memory[KEPT])

    await amber.until_sees("Save")
    await amber.type("Another phone number, if you like", "no number")
    await amber.tap("Save")
    await amber.until_sees("Please write a phone number.")
    await amber.type("Another phone number, if you like", "+49 421 112233")
    await amber.tap("Save")
    await amber.until(lambda: "112233" in str(memory[KEPT]), "the number on the device")

    await amber.tap(SWITCH)
    await amber.until(lambda: memory[KEPT] == "", "nothing on the device")


async def test_the_first_screen_makes_an_old_card_anew_and_leaves_others_alone(
    pair: MakePair, hub: LiveHub
) -> None:
    two = await pair()
    fresh = {"at": utc_now().isoformat(), "own": "+49 421 1", "title": "As it was"}
    old = {**fresh, "at": (utc_now() - timedelta(days=2)).isoformat()}
    for card, title in ((fresh, "As it was"), (old, "Samira")):
        memory: dict[str, object] = {KEPT: json.dumps(card)}
        amber = await opened(two, hub, memory, "/")
        await amber.until_sees("My key worker")
        await amber.until(partial(has, memory, title), "the card")
        assert has(memory, "+49 421 1")
        await amber.leave()


def has(memory: dict[str, object], text: str) -> bool:
    return text in str(memory[KEPT])


async def test_a_shared_device_keeps_none(pair: MakePair, hub: LiveHub, supabase: Supabase) -> None:
    two = await pair()
    supabase.execute(
        "update private.devices set shared = true, lock_minutes = 1 where cookie_hash = %s",
        two.amber.device.cookie_hash,
    )
    amber = await opened(two, hub, {}, "/pocket")
    await amber.until_sees("This is a shared device. It keeps no card.")
    assert not amber.sees(SWITCH)
