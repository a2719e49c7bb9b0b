"""Words are found where they were said, by who can read them, and by nobody else."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest

from app.core.errors import NotAllowed
from app.core.seal import Seal
from app.messages.search import ENOUGH, PAGE, Search, excerpt, folded
from tests.fixtures.supabase import Supabase
from tests.messages.conftest import House, Talker


async def _say(who: Talker, thread: UUID, *texts: str) -> None:
    for text in texts:
        await who.messages.send(thread, uuid4(), text)


async def _thread(house: House) -> UUID:
    return (await house.kim.messages.open(house.kim.id)).thread_id


async def test_all_words_must_be_there_in_any_order_and_writing(house: House, seal: Seal) -> None:
    thread, search = await _thread(house), Search(house.kim.db, seal)
    await _say(house.kim, thread, "Das Café an der Straße", "Only the street")
    await _say(house.amina, thread, "Bis morgen am CAFE!", "نلتقي في المدرسةُ")

    async def found(words: str) -> list[str]:
        return [each.text for each in (await search.find(thread, words)).hits]

    assert await found("cafe") == ["Bis morgen am CAFE!", "Das Café an der Straße"]
    assert await found("STRASSE café") == ["Das Café an der Straße"]
    assert await found("المدرسه") == ["نلتقي في المدرسةُ"]
    assert await found("cafe nowhere") == []
    assert await found("   ") == []


async def test_what_was_changed_is_found_by_its_words_of_now(house: House, seal: Seal) -> None:
    thread = await _thread(house)
    sent = await house.kim.messages.send(thread, uuid4(), "At four")
    gone = await house.kim.messages.send(thread, uuid4(), "A secret")
    await house.kim.messages.edit(sent, "At five")
    await house.kim.messages.take_back(gone)
    search = Search(house.amina.db, seal)

    assert (await search.find(thread, "four")).hits == ()
    assert (await search.find(thread, "secret")).hits == ()
    (hit,) = (await search.find(thread, "five")).hits
    assert (hit.id, hit.author_name, hit.mine, hit.by_stand_in) == (
        sent.id, "Kim Lee", False, False,
    )  # fmt: skip


async def test_who_cannot_read_a_thread_finds_nothing_in_it(house: House, seal: Seal) -> None:
    thread = await _thread(house)
    with pytest.raises(NotAllowed):
        await Search(house.kofi.db, seal).find(thread, "hello")


async def test_what_cannot_be_opened_is_counted_and_hides_nothing_else(house: House) -> None:
    thread = await _thread(house)
    await _say(house.kim, thread, "hello there")
    found = await Search(house.kim.db, Seal({"other": bytes(32)})).find(thread, "hello")
    assert (found.hits, found.unreadable, found.before) == ((), 1, None)


async def test_one_look_ends_and_the_next_goes_on_where_it_ended(
    house: House, seal: Seal, supabase: Supabase
) -> None:
    thread, search = await _thread(house), Search(house.amina.db, seal)
    texts = ["the needle", *(f"hay number {number}" for number in range(2, 2 * PAGE + 50))]
    await asyncio.to_thread(
        _fill, supabase.dsn("supabase_admin"), seal, thread, house.kim.id, texts
    )

    first = await search.find(thread, "hay")
    assert [each.text for each in first.hits] == list(reversed(texts))[:ENOUGH]
    both = first.and_then(await search.find(thread, "hay", first.before))
    assert [each.text for each in both.hits] == list(reversed(texts))[: 2 * ENOUGH]
    needle = await search.find(thread, "needle")
    assert ([each.seq for each in needle.hits], needle.before) == ([1], None)


def _fill(dsn: str, seal: Seal, thread: UUID, author: UUID, texts: list[str]) -> None:
    """More than anybody may send in a minute."""
    rows = [(thread, seq, uuid4(), text) for seq, text in enumerate(texts, 1)]
    sealed = [seal.seal_text(each[3], "message", thread, each[2], 1) for each in rows]
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "insert into private.messages (thread_id, seq, client_id, author, by_stand_in)"
            " select %s, r.seq, r.client_id, %s, false"
            " from unnest(%s::bigint[], %s::uuid[]) as r (seq, client_id)",
            (thread, author, [each[1] for each in rows], [each[2] for each in rows]),
        )
        connection.execute(
            "insert into private.message_versions (thread_id, seq, version, sealed)"
            " select %s, r.seq, 1, r.sealed"
            " from unnest(%s::bigint[], %s::text[]) as r (seq, sealed)",
            (thread, [each[1] for each in rows], sealed),
        )
        connection.execute(
            "update private.threads set last_seq = %s where id = %s", (len(rows), thread)
        )


def test_a_long_message_is_shown_where_the_word_stands() -> None:
    text = "lead " * 60 + "the Harbour " + "tail " * 60
    shown = excerpt(text, "harbour")
    assert "Harbour" in shown
    assert (shown[0], shown[-1]) == ("…", "…")
    assert excerpt("short\n one", "one") == "short one"
    assert folded("ÉCOLE") == "ecole"
