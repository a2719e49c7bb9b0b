"""Hints wake whom they name, and nobody else, at a pace that can be borne."""

import asyncio
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.core.hints import COALESCE_SECONDS, REFRESH, Fanout, Hint, Message
from tests.core.clocks import hurry

AMINA, BEN = uuid4(), uuid4()
BOTH = frozenset({"person", "plan"})


@pytest_asyncio.fixture(autouse=True)
async def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(asyncio.get_running_loop(), monkeypatch)


def message(kind: str, *to: UUID, ref: UUID | None = None, number: int | None = None) -> Message:
    return Message(number, kind, ref, to)


async def pause() -> None:
    await asyncio.sleep(COALESCE_SECONDS * 1.5)


async def test_a_hint_reaches_only_the_persons_it_names() -> None:
    fanout, amina, ben = Fanout(), list[Hint](), list[Hint]()
    fanout.listen(AMINA, BOTH, amina.append)
    fanout.listen(BEN, BOTH, ben.append)
    ref = uuid4()
    fanout.hear(message("plan", AMINA, uuid4(), ref=ref))
    await pause()
    assert amina == [Hint("plan", ref, AMINA)]
    assert ben == []


async def test_a_listener_hears_only_its_kinds() -> None:
    fanout, heard = Fanout(), list[Hint]()
    fanout.listen(AMINA, frozenset({"plan"}), heard.append)
    fanout.hear(message("person", AMINA))
    await pause()
    assert heard == []


async def test_a_burst_becomes_one_call_a_kind() -> None:
    fanout, heard = Fanout(), list[Hint]()
    fanout.listen(AMINA, BOTH, heard.append)
    same = uuid4()
    for _ in range(20):
        fanout.hear(message("plan", AMINA, ref=uuid4()))
        fanout.hear(message("person", AMINA, ref=same))
    await pause()
    assert sorted(heard, key=lambda hint: hint.kind) == [
        Hint("person", same, AMINA),
        Hint("plan", None, AMINA),
    ]


async def test_the_first_of_a_burst_is_not_held_back_and_the_rest_comes_as_one() -> None:
    fanout, heard = Fanout(), list[Hint]()
    fanout.listen(AMINA, BOTH, heard.append)
    fanout.hear(message("plan", AMINA))
    await asyncio.sleep(COALESCE_SECONDS / 5)
    assert len(heard) == 1
    for _ in range(5):
        fanout.hear(message("plan", AMINA))
        await asyncio.sleep(0)
    assert len(heard) == 1
    await pause()
    assert len(heard) == 2


async def test_one_failing_callback_hurts_no_other() -> None:
    fanout, heard = Fanout(), list[Hint]()

    def fails(_: Hint) -> None:
        raise RuntimeError

    fanout.listen(AMINA, BOTH, fails)
    fanout.listen(AMINA, BOTH, heard.append)
    fanout.listen_all(fails)
    fanout.hear(message("plan", AMINA))
    fanout.hear(message("plan", AMINA))
    await pause()
    assert len(heard) == 1


async def test_after_unlisten_nothing_comes_and_nothing_is_kept() -> None:
    fanout, heard = Fanout(), list[Hint]()
    unlisten = fanout.listen(AMINA, BOTH, heard.append)
    fanout.hear(message("plan", AMINA))
    fanout.refresh_all()
    unlisten()
    unlisten()
    await asyncio.sleep(0.5)
    assert heard == []
    assert len(fanout) == 0
    assert fanout._by_person == {}


async def test_a_callback_may_unlisten_itself() -> None:
    fanout, heard = Fanout(), list[Hint]()

    def once(hint: Hint) -> None:
        heard.append(hint)
        unlisten()

    unlisten = fanout.listen(AMINA, BOTH, once)
    fanout.hear(message("plan", AMINA))
    await pause()
    fanout.hear(message("plan", AMINA))
    await pause()
    assert len(heard) == 1


async def test_who_listens_to_all_hears_at_once_and_of_everybody() -> None:
    fanout, heard = Fanout(), list[Hint]()
    unlisten = fanout.listen_all(heard.append)
    fanout.hear(message("device", AMINA, BEN))
    assert [hint.person_id for hint in heard] == [AMINA, BEN]
    unlisten()
    fanout.hear(message("device", AMINA))
    assert len(heard) == 2


async def test_refresh_reaches_everybody_once_whatever_their_kinds() -> None:
    fanout, heard = Fanout(), list[Hint]()
    for person in (AMINA, BEN):
        fanout.listen(person, frozenset(), heard.append)
    fanout.refresh_all()
    fanout.refresh_all()
    assert heard == []
    await asyncio.sleep(0.5)
    assert {hint.person_id for hint in heard} == {AMINA, BEN}
    assert {hint.kind for hint in heard} == {REFRESH}
    assert len(heard) == 2


async def test_refreshing_many_is_spread_over_time() -> None:
    fanout, times = Fanout(), list[float]()
    loop = asyncio.get_running_loop()
    for _ in range(100):
        fanout.listen(uuid4(), frozenset(), lambda _: times.append(loop.time()))
    began = loop.time()
    fanout.refresh_all()
    await asyncio.sleep(1.2)
    assert len(times) == 100
    assert max(times) - began > 0.7
    assert sum(at - began < 0.5 for at in times) < 80


async def test_after_close_nobody_is_called() -> None:
    fanout, heard = Fanout(), list[Hint]()
    fanout.listen(AMINA, BOTH, heard.append)
    fanout.hear(message("plan", AMINA))
    fanout.refresh_all()
    fanout.close()
    await asyncio.sleep(0.5)
    assert heard == []


def test_a_payload_becomes_a_message() -> None:
    ref = uuid4()
    raw = {"id": 7, "kind": "plan", "ref": str(ref), "to": [str(AMINA)], "more": "ignored"}
    assert Message.read(raw) == Message(7, "plan", ref, (AMINA,))
    beat: dict[str, object] = {"id": None, "kind": "beat", "ref": None, "to": []}
    assert Message.read(beat) == Message(None, "beat", None, ())


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"kind": "plan"},
        {"kind": "Not A Kind", "to": []},
        {"kind": "plan", "to": "everybody"},
        {"kind": "plan", "to": ["amina"]},
        {"kind": "plan", "to": [None]},
        {"kind": "plan", "to": [], "ref": 5},
        {"kind": "plan", "to": [], "ref": "x"},
        {"kind": "plan", "to": [], "id": "1"},
    ],
)
def test_what_is_no_message_is_ignored(raw: dict[str, object]) -> None:
    assert Message.read(raw) is None
