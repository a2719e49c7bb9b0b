"""Threads through the verbs, with the unmodified client against the real local Supabase."""

from uuid import uuid4

import pytest

from app.core.errors import AppError, Conflict, Invalid, NotAllowed
from app.core.seal import Seal
from app.messages.actions import Messages
from app.messages.model import LONGEST_TEXT, ThreadKind
from app.people.model import Role
from tests.messages.conftest import House


async def test_what_one_says_the_other_reads_and_the_first_sees_that(house: House) -> None:
    kim, amina = house.kim, house.amina
    opened = await kim.messages.open(kim.id)
    assert (opened.name, opened.own, opened.can_write, opened.messages) == (
        "Amina Okafor", True, True, (),
    )  # fmt: skip
    assert [(each.name, each.role, each.stand_in) for each in opened.readers] == [
        ("Amina Okafor", Role.KEY_WORKER, False),
        ("Sam Reed", Role.KEY_WORKER, True),
    ]

    sent = await kim.messages.send(opened.thread_id, uuid4(), "Can we talk? 🙂")
    assert (sent.text, sent.seq, sent.mine, sent.read) == ("Can we talk? 🙂", 1, True, False)
    (row,) = await amina.messages.threads()
    assert (row.name, row.unread, row.last_text, row.waiting_since) == (
        "Kim Lee", 1, "", sent.sent_at,
    )  # fmt: skip
    assert await amina.messages.unread() == 1

    there = await amina.messages.open(kim.id)
    (got,) = there.messages
    assert (got.text, got.author_name, got.mine) == ("Can we talk? 🙂", "Kim Lee", False)
    await amina.messages.mark_delivered(there.thread_id, 1)
    (seen,) = (await kim.messages.open(kim.id)).messages
    assert (seen.delivered, seen.read) == (True, False)
    await amina.messages.mark_read(there.thread_id, 1)
    answer = await amina.messages.send(there.thread_id, uuid4(), "Yes, at four.", got.id)

    first, second = (await kim.messages.open(kim.id)).messages
    assert (first.delivered, first.read) == (True, True)
    assert (second.text, second.reply_to, second.reply_text) == (
        "Yes, at four.", first.id, "Can we talk? 🙂",
    )  # fmt: skip
    assert answer.id == second.id
    (row,) = [each for each in await kim.messages.threads() if each.last_at]
    assert (row.last_text, row.unread, row.waiting_since) == ("Yes, at four.", 1, None)


async def test_the_same_client_id_is_one_message(house: House) -> None:
    messages = house.kim.messages
    thread = (await messages.open(house.kim.id)).thread_id
    client_id = uuid4()
    once = await messages.send(thread, client_id, "Hello")
    again = await messages.send(thread, client_id, "Hello")

    assert again == once
    assert len((await messages.open(house.kim.id)).messages) == 1
    with pytest.raises(Conflict, match="already_there"):
        await house.amina.messages.send(thread, client_id, "Mine now")


async def test_words_are_changed_and_taken_back_on_both_screens(house: House) -> None:
    kim, amina = house.kim, house.amina
    thread = (await kim.messages.open(kim.id)).thread_id
    sent = await kim.messages.send(thread, uuid4(), "At for")
    changed = await kim.messages.edit(sent, "At four")
    assert (changed.text, changed.version, changed.edited) == ("At four", 2, True)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        await kim.messages.edit(sent, "At five")

    await kim.messages.take_back(changed)
    await kim.messages.take_back(changed)
    (gone,) = (await amina.messages.open(kim.id)).messages
    assert (gone.text, gone.taken_back, gone.edited) == ("", True, False)
    assert (await amina.messages.threads())[0].waiting_since is None
    with pytest.raises(Conflict, match="taken_back"):
        await kim.messages.edit(gone, "At six")
    with pytest.raises(NotAllowed):
        await amina.messages.take_back(gone)


async def test_what_needs_no_answer_waits_no_more_until_something_new_comes(house: House) -> None:
    kim, amina = house.kim, house.amina
    thread = (await kim.messages.open(kim.id)).thread_id
    thanks = await kim.messages.send(thread, uuid4(), "ok, thanks")

    async def waits() -> object:
        return (await amina.messages.threads())[0].waiting_since

    assert await waits() == thanks.sent_at
    await house.sam.messages.needs_no_answer(thread, thanks.seq)
    assert await waits() is None
    await amina.messages.needs_no_answer(thread, 0)
    assert await waits() == thanks.sent_at
    await amina.messages.needs_no_answer(thread, thanks.seq)
    later = await kim.messages.send(thread, uuid4(), "One more thing?")
    assert await waits() == later.sent_at
    # Said about the last words that were seen: what came meanwhile still waits.
    await amina.messages.needs_no_answer(thread, thanks.seq)
    assert await waits() == later.sent_at
    with pytest.raises(NotAllowed):
        await kim.messages.needs_no_answer(thread, later.seq)


async def test_off_neither_shows_nor_sees(house: House) -> None:
    kim, amina = house.kim, house.amina
    thread = (await kim.messages.open(kim.id)).thread_id
    await kim.messages.send(thread, uuid4(), "Hello")
    await amina.messages.mark_read(thread, 1)
    await amina.messages.send(thread, uuid4(), "Hello you")
    await kim.messages.mark_read(thread, 2)

    await kim.messages.set_receipts(False)

    own = await kim.messages.open(kim.id)
    assert not own.receipts
    assert not any(each.read or each.delivered for each in own.messages)
    theirs = (await amina.messages.open(kim.id)).messages
    assert not theirs[1].read
    await kim.messages.set_receipts(True)
    assert [each.read for each in (await kim.messages.open(kim.id)).messages] == [True, True]


async def test_a_draft_waits_for_whoever_typed_it(house: House) -> None:
    kim, amina = house.kim, house.amina
    thread = (await kim.messages.open(kim.id)).thread_id
    await kim.messages.save_draft(thread, "I wanted to say")

    assert (await kim.messages.open(kim.id)).draft == "I wanted to say"
    assert (await amina.messages.open(kim.id)).draft == ""
    await kim.messages.send(thread, uuid4(), "I wanted to say hi")
    assert (await kim.messages.open(kim.id)).draft == ""
    await kim.messages.save_draft(thread, "one more")
    await kim.messages.save_draft(thread, "")
    assert (await kim.messages.open(kim.id)).draft == ""


async def test_older_messages_come_in_pages(house: House) -> None:
    messages = house.kim.messages
    thread = (await messages.open(house.kim.id)).thread_id
    for number in range(1, 33):
        await messages.send(thread, uuid4(), f"Number {number}")

    opened = await messages.open(house.kim.id)
    assert [each.seq for each in opened.messages] == list(range(3, 33))
    assert opened.has_older
    older = await messages.older(thread, opened.messages[0].seq)
    assert [each.text for each in older] == ["Number 1", "Number 2"]


async def test_a_mentors_thread_is_another_one(house: House) -> None:
    kim, kofi, amina = house.kim, house.kofi, house.amina
    thread = await kim.messages.open(kim.id, ThreadKind.MENTOR)
    await kim.messages.send(thread.thread_id, uuid4(), "See you at the pool")

    theirs = await kofi.messages.open(kim.id, ThreadKind.MENTOR)
    assert (theirs.name, theirs.messages[0].author_name) == ("Kim", "Kim")
    assert [(each.name, each.role) for each in thread.readers] == [
        ("Kofi Mensah", Role.MENTOR),
        ("Amina Okafor", Role.COORDINATOR),
    ]
    along = await amina.messages.open(kim.id, ThreadKind.MENTOR)
    assert (along.messages[0].text, along.can_write) == ("See you at the pool", False)
    with pytest.raises(NotAllowed, match="read_only"):
        await amina.messages.send(thread.thread_id, uuid4(), "Hello")
    await amina.messages.mark_read(thread.thread_id, 1)
    assert not (await kim.messages.open(kim.id, ThreadKind.MENTOR)).messages[0].read
    with pytest.raises(NotAllowed, match="not_allowed"):
        await kofi.messages.open(kim.id)


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), ("\u202e \x00", "empty"), ("a" * 20_001, "too_long")]
)
async def test_what_cannot_be_sent_is_told_before(house: House, text: str, problem: str) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    with pytest.raises(Invalid, match="text_not_valid") as error:
        await house.kim.messages.send(thread, uuid4(), text)
    assert error.value.fields["problem"] == problem


async def test_the_longest_text_fits_in_any_script(house: House) -> None:
    kim = house.kim
    thread = (await kim.messages.open(kim.id)).thread_id
    longest = "😀" * LONGEST_TEXT
    await kim.messages.send(thread, uuid4(), longest)
    await kim.messages.save_draft(thread, longest)
    opened = await kim.messages.open(kim.id)

    assert (opened.messages[0].text, opened.draft) == (longest, longest)


async def test_a_text_that_cannot_be_opened_hides_no_other(house: House) -> None:
    kim, other = house.kim, Seal({"k2": bytes(range(32, 64))})
    thread = (await kim.messages.open(kim.id)).thread_id
    await Messages(kim.db, other).send(thread, uuid4(), "Lost")
    await kim.messages.send(thread, uuid4(), "Found")

    lost, found = (await kim.messages.open(kim.id)).messages
    assert (lost.text, lost.readable) == ("", False)
    assert (found.text, found.readable) == ("Found", True)


async def test_nobody_to_write_to_is_said(house: House) -> None:
    kim, amina = house.kim, house.amina
    thread = (await kim.messages.open(kim.id, ThreadKind.MENTOR)).thread_id
    (part,) = [each for each in await kim.db.rpc("my_team") if each["part"] == "mentor"]
    await amina.db.rpc("leave_team", team_member=part["id"], reason="finished")

    alone = await kim.messages.open(kim.id, ThreadKind.MENTOR)
    assert (alone.name, alone.can_write) == ("", False)
    refused: list[AppError] = []
    for who in (kim, house.kofi):
        with pytest.raises(AppError) as error:
            await who.messages.send(thread, uuid4(), "Hello?")
        refused.append(error.value)
    assert [repr(each) for each in refused] == [
        "Conflict('thread_closed')",
        "NotAllowed('not_allowed')",
    ]
