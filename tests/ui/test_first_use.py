"""What the quick exit cannot hide is said until somebody has read it, on each device."""

import asyncio

import flet as ft

from app.core.hints import Fanout
from app.design.memory import Memory, Nowhere
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor

TITLE = "What Quick exit cannot hide"


async def test_a_young_person_reads_once_on_each_device_what_stays_visible(
    young_person: MakeAccount,
) -> None:
    amber = await young_person("Amber")
    memory: dict[str, object] = {}
    visitor = await Visitor.open(amber.begin(Fanout()), memory=memory)
    await visitor.until_sees(TITLE)
    for word in ("open apps", "history", "spy program"):
        assert visitor.sees(word)

    await visitor.tap("OK")
    await visitor.until_gone(TITLE)
    await visitor.until(lambda: memory == {"handrail.exit_read": True}, "it to be kept")

    again = await Visitor.open(amber.begin(Fanout()), memory=memory)
    await again.until_sees("My key worker")
    assert not again.sees(TITLE)

    other = await Visitor.open(amber.begin(Fanout()), memory={})
    await other.until_sees(TITLE)


async def test_who_has_read_it_never_sees_it_flash_by(young_person: MakeAccount) -> None:
    amber = await young_person("Amber")
    visitor = await Visitor.open(amber.begin(Fanout()), memory={"handrail.exit_read": True})
    await visitor.until_sees("My key worker")

    assert not any(TITLE.encode() in frame for frame in visitor.heard)


async def test_staff_are_not_told(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(Fanout()), memory={})
    await visitor.until_sees("Hello Miriam")

    assert not visitor.sees(TITLE)


async def test_a_device_that_keeps_nothing_has_nothing() -> None:
    memory = Memory(Nowhere())
    await memory.set("handrail.exit_read", True)

    assert await memory.get("handrail.exit_read") is None


async def test_a_session_that_ends_while_its_browser_is_asked_has_nothing() -> None:
    kept: list[Memory] = []
    visitor = await Visitor.open(lambda page: kept.append(Memory(ft.SharedPreferences())))
    asked = asyncio.create_task(kept[0].get("handrail.exit_read"))
    told = asyncio.create_task(kept[0].set("handrail.exit_read", True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    visitor.session.close()

    assert await asked is None
    await told
