"""What was typed is sent once, in order, or still here; the drafts of one thread stay its own."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from app.core.errors import AppError, Invalid, Unreachable
from app.messages import unsent
from app.messages.model import Message, Picked
from app.messages.unsent import Outgoing, Unsent
from tests.messages.letters import THREAD, message


class Line:
    """A bad network in front of a database that stores each client id once."""

    def __init__(self) -> None:
        self.stored: dict[UUID, str] = {}
        self.drafts: list[str] = []
        # What happens to the next calls: an error before or after the text was stored.
        self.lost_before: list[AppError] = []
        self.lost_after: list[AppError] = []

    async def send(
        self,
        thread: UUID,
        client_id: UUID,
        text: str,
        reply_to: UUID | None = None,
        picked: Picked | None = None,
        attachment: UUID | None = None,
    ) -> Message:
        await asyncio.sleep(0)
        if self.lost_before:
            raise self.lost_before.pop()
        self.stored.setdefault(client_id, text)
        if self.lost_after:
            raise self.lost_after.pop()
        return message(len(self.stored), text, mine=True, client_id=client_id)

    async def save_draft(self, thread: UUID, text: str) -> None:
        if self.lost_before:
            raise self.lost_before.pop()
        self.drafts.append(text)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def outgoing(line: Line) -> Outgoing:
    return Outgoing(line, THREAD, "")


async def until(so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if so():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came to that")


async def test_messages_leave_one_after_the_other(line: Line, outgoing: Outgoing) -> None:
    heard: list[str] = []
    outgoing.heard = lambda stored: heard.append(stored.text) if stored else None
    for text in ("one", "two", "three"):
        outgoing.send(text)
    assert [each.text for each in outgoing.waiting] == ["one", "two", "three"]

    await until(lambda: not outgoing.waiting)

    assert list(line.stored.values()) == heard == ["one", "two", "three"]


async def test_what_stops_holds_back_what_was_typed_after_it(
    line: Line, outgoing: Outgoing
) -> None:
    line.lost_before = [Unreachable("unreachable")]
    outgoing.send("one")
    outgoing.send("two")
    await until(lambda: outgoing.stopped)
    outgoing.send("three")
    await asyncio.sleep(0)
    assert line.stored == {}

    outgoing.try_again()
    await until(lambda: not outgoing.waiting)

    assert list(line.stored.values()) == ["one", "two", "three"]


async def test_an_answer_that_was_lost_does_not_make_a_second_message(
    line: Line, outgoing: Outgoing
) -> None:
    line.lost_after = [Unreachable("unreachable")]
    outgoing.send("one")
    await until(lambda: outgoing.stopped)
    outgoing.try_again_if_unreachable()
    await until(lambda: not outgoing.waiting)

    assert list(line.stored.values()) == ["one"]


async def test_what_was_refused_waits_for_a_person(line: Line, outgoing: Outgoing) -> None:
    line.lost_before = [Invalid("text_not_valid")]
    outgoing.send("one")
    outgoing.send("two")
    await until(lambda: outgoing.stopped)
    outgoing.try_again_if_unreachable()
    assert outgoing.stopped

    assert outgoing.take_out(outgoing.waiting[0].client_id) == "one"
    await until(lambda: not outgoing.waiting)
    assert list(line.stored.values()) == ["two"]


async def test_what_is_on_its_way_cannot_be_taken_out(line: Line, outgoing: Outgoing) -> None:
    outgoing.send("one")
    assert outgoing.take_out(outgoing.waiting[0].client_id) == ""
    await until(lambda: not outgoing.waiting)
    assert list(line.stored.values()) == ["one"]


async def test_a_draft_is_kept_after_the_last_letter(
    line: Line, outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent, "SAVED_AFTER", 0.01)
    for text in ("H", "He", "Hel"):
        outgoing.typed(text)
    await until(lambda: bool(line.drafts))
    assert line.drafts == ["Hel"]

    outgoing.typed("")
    await until(lambda: len(line.drafts) > 1)
    assert line.drafts[-1] == ""


async def test_a_draft_that_could_not_be_kept_is_kept_with_the_next_letter(
    line: Line, outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent, "SAVED_AFTER", 0.01)
    line.lost_before = [Unreachable("unreachable")]
    outgoing.typed("Hel")
    await until(lambda: not line.lost_before)
    assert outgoing.text == "Hel"

    outgoing.typed("Hell")
    await until(lambda: bool(line.drafts))
    assert line.drafts == ["Hell"]


async def test_what_stopped_is_kept_with_the_draft(
    line: Line, outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent, "SAVED_AFTER", 0.01)
    line.lost_before = [Invalid("text_not_valid")]
    outgoing.send("one")
    outgoing.typed("and two")
    await until(lambda: bool(line.drafts))
    assert line.drafts == ["one\nand two"]


async def test_each_thread_has_its_own(line: Line) -> None:
    here = Unsent(line, uuid4())
    other = uuid4()
    here.of(THREAD, "kept").typed("typed")
    assert here.of(THREAD, "kept").text == "typed"
    assert here.of(other, "another").text == "another"
    here.end()
