"""One message to several people: everybody once, and one that fails keeps it from nobody else."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.core.errors import NotAllowed
from app.messages.letter import Letter
from app.messages.model import ThreadKind
from app.messages.several import Copy, Recipient, people_to_write_to, send_copies
from app.messages.templates import Template
from tests.messages.conftest import House


async def test_a_key_worker_writes_to_their_own_and_those_they_stand_in_for(house: House) -> None:
    for helper in (house.amina, house.sam):
        (kim,) = await people_to_write_to(helper.db, house.organisation)
        assert (kim.name, kim.language, kim.quiet) == ("Kim Lee", "en", False)

    with pytest.raises(NotAllowed):
        await people_to_write_to(house.kofi.db, house.organisation)
    with pytest.raises(NotAllowed):
        await people_to_write_to(house.amina.db, uuid4())


async def test_who_cannot_get_it_is_named_and_the_others_get_it_once(house: House) -> None:
    (kim,) = await people_to_write_to(house.amina.db, house.organisation)
    theirs = await house.kim.messages.open(house.kim.id, ThreadKind.MENTOR)
    closed = replace(kim, name="Lo", thread_id=theirs.thread_id)

    done = await send_copies(
        house.amina.messages, [Copy(closed, "Tomorrow we are shut."), Copy(kim, "Tomorrow too.")]
    )
    assert [(each.to.name, each.sent) for each in done] == [("Lo", False), ("Kim Lee", True)]
    assert isinstance(done[0].error, NotAllowed)

    again = await send_copies(house.amina.messages, done)
    doubled = await send_copies(house.amina.messages, [replace(done[1], sent=False)])
    assert [each.sent for each in (*again, *doubled)] == [False, True, True]
    assert await _said(house, kim.thread_id) == ["Tomorrow too."]


async def test_after_too_many_messages_the_rest_is_not_tried(house: House) -> None:
    (kim,) = await people_to_write_to(house.amina.db, house.organisation)
    many = [Copy(kim, f"number {number}") for number in range(62)]

    done = await send_copies(house.amina.messages, many)

    assert [each.sent for each in done] == [True] * 60 + [False] * 2
    assert {each.error.code for each in done if each.error} == {"too_many_messages"}


async def _said(house: House, thread: UUID) -> list[str]:
    opened = await house.kim.messages.open(house.kim.id)
    assert opened.thread_id == thread
    return [each.text for each in opened.messages]


def test_everybody_gets_the_text_in_their_language_or_the_first_one() -> None:
    letter = Letter(uuid4())
    letter.use(Template(True, "Shut", {"en": "Shut today.", "de": "Heute zu.", "ar": "مغلق"}), "de")
    assert letter.text == "Heute zu."
    letter.typed_in("ar", " ")

    def text_in(language: str) -> str:
        return letter.text_for(Recipient(uuid4(), "Lo", language, quiet=False))

    assert [text_in(each) for each in ("de", "en", "ti", "ar")] == [
        "Heute zu.", "Shut today.", "Heute zu.", "Heute zu.",
    ]  # fmt: skip
