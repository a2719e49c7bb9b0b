"""What was written without network: once, in its place, or kept back for its author alone."""

from uuid import UUID, uuid4

import pytest

from app.core.errors import Invalid, NotAllowed
from app.messages.model import OpenThread
from tests.messages.conftest import House, Talker


async def opened(who: Talker, house: House) -> OpenThread:
    return await who.messages.open(house.kim.id)


def newest_of_others(thread: OpenThread) -> int:
    return max((each.seq for each in thread.messages if not each.mine), default=0)


async def kept(who: Talker, house: House) -> list[str]:
    return [each.text for each in (await opened(who, house)).kept_back]


async def said(house: House) -> list[str]:
    return [each.text for each in (await opened(house.kim, house)).messages]


async def thread_of(house: House) -> UUID:
    return (await opened(house.kim, house)).thread_id


async def test_it_is_sent_once_when_nobody_else_wrote_meanwhile(house: House) -> None:
    thread, client = await thread_of(house), uuid4()
    await house.kim.messages.send(thread, uuid4(), "From another device of mine")

    assert await house.kim.messages.late.come_in(thread, client, "The bus did not come", 0)
    await house.amina.messages.send(thread, uuid4(), "And now?")
    assert await house.kim.messages.late.come_in(thread, client, "The bus did not come", 0)

    assert await said(house) == ["From another device of mine", "The bus did not come", "And now?"]
    assert await kept(house.kim, house) == []


async def test_under_newer_messages_it_waits_for_its_author_and_nobody_else_sees_it(
    house: House,
) -> None:
    thread, client, kim = await thread_of(house), uuid4(), house.kim.messages
    seen = newest_of_others(await opened(house.kim, house))
    await house.amina.messages.send(thread, uuid4(), "It is off today")
    await kim.save_draft(thread, "Shall I")

    assert not await kim.late.come_in(thread, client, "Shall I come?", seen)
    assert not await kim.late.come_in(thread, client, "Shall I come?", seen)

    assert await kept(house.kim, house) == ["Shall I come?"]
    assert (await opened(house.kim, house)).draft == ""
    assert await said(house) == ["It is off today"]
    for other in (house.amina, house.sam):
        assert await kept(other, house) == []

    await kim.send(thread, client, "Shall I come?")
    assert await kept(house.kim, house) == []
    assert await said(house) == ["It is off today", "Shall I come?"]


async def test_what_nobody_said_to_send_is_kept_back_and_can_be_thrown_away(house: House) -> None:
    thread, client, late = await thread_of(house), uuid4(), house.kim.messages.late

    assert not await late.come_in(thread, client, "I wanted to", None)
    await house.amina.messages.late.drop(thread, client)
    assert await kept(house.kim, house) == ["I wanted to"]
    await late.drop(thread, client)
    await late.drop(thread, client)

    assert await kept(house.kim, house) == []
    assert await said(house) == []


async def test_it_meets_the_same_rules_as_any_message(house: House) -> None:
    thread, late = await thread_of(house), house.kim.messages.late

    for text, problem in (("  ", "empty"), ("x" * 20_001, "too_long")):
        with pytest.raises(Invalid) as refused:
            await late.come_in(thread, uuid4(), text, 0)
        assert refused.value.fields["problem"] == problem
    with pytest.raises(NotAllowed):
        await house.kofi.messages.late.come_in(thread, uuid4(), "Not my thread", 0)
    for number in range(50):
        await late.come_in(thread, uuid4(), f"number {number}", None)
    with pytest.raises(Invalid, match="too_many"):
        await late.come_in(thread, uuid4(), "one more", None)
